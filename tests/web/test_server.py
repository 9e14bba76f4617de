"""A real server on a real socket."""

import http.client
import io
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from adapters.bootstrap import Application
from adapters.storage.sql import migrations
from adapters.web import server
from core.errors import ConflictError, InvalidInputError
from tests.fakes import FakeEngine, FakePlanner, picture
from tests.web.site import Person, Site, make_site

BOUNDARY = b"frontier"


class Running:
    """A server in a thread of this process."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.listener = server.listen("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        ready = threading.Event()
        self.server: uvicorn.Server = server.build_server(site.studio.app, on_ready=ready.set)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)
        self.thread.start()
        assert ready.wait(20)

    def connect(self) -> http.client.HTTPConnection:
        """Return a new connection."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def stop(self) -> None:
        """End the server as a signal does."""
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive()
        self.listener.close()


@contextmanager
def running(site: Site) -> Iterator[Running]:
    """Serve an application for the length of a block."""
    found = Running(site)
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture
def live(site: Site) -> Iterator[Running]:
    """Return a running server."""
    with running(site) as found:
        yield found


def part(name: str) -> bytes:
    """Return the head of one file of a form."""
    head = f'--frontier\r\nContent-Disposition: form-data; name="images"; filename="{name}"\r\n\r\n'
    return head.encode()


def form(files: dict[str, bytes]) -> Iterator[bytes]:
    """Yield a form in small pieces, as a slow client sends it."""
    for name, content in files.items():
        yield part(name)
        for start in range(0, len(content), 65536):
            yield content[start : start + 65536]
        yield b"\r\n"
    yield b"--" + BOUNDARY + b"--\r\n"


def headers(person: Person, **more: str) -> dict[str, str]:
    """Return the headers of a person."""
    return {"Authorization": f"Bearer {person.secret}", **more}


MULTIPART = {"Content-Type": "multipart/form-data; boundary=frontier"}


@pytest.mark.parametrize("is_chunked", [False, True])
def test_an_upload_and_an_archive_travel_over_the_socket(live: Running, ada: Person, is_chunked: bool) -> None:
    order = ada.post("/api/orders", {"name": "Shoes", "instruction": "brighter"})["data"]["id"]
    files = {f"{n}.jpg": picture(f"{n}" * 3_000_000) for n in range(3)}
    body = b"".join(form(files))
    connection = live.connect()
    length = {} if is_chunked else {"Content-Length": str(len(body))}
    connection.request(
        "POST", f"/api/orders/{order}/images", body=form(files) if is_chunked else body,
        headers=headers(ada, **MULTIPART, **length), encode_chunked=is_chunked,
    )  # fmt: skip
    answer = connection.getresponse()
    assert answer.status == 201, answer.read()
    answer.read()
    site = live.site
    ada.post(f"/api/orders/{order}/submit")
    ada.post(f"/api/orders/{order}/confirm")
    site.studio.work()
    connection.request("GET", f"/api/orders/{order}/archive", headers=headers(ada))
    answer = connection.getresponse()
    content = answer.read()
    assert answer.headers["Content-Length"] == str(len(content))
    assert "Transfer-Encoding" not in answer.headers
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["0.jpg", "1.jpg", "2.jpg", "SUMMARY.txt"]
        assert archive.read("0.jpg").startswith(files["0.jpg"])
    connection.close()


def test_a_client_that_leaves_half_way_leaves_nothing_behind(live: Running, ada: Person) -> None:
    order = ada.post("/api/orders", {})["data"]["id"]
    raw = socket.create_connection(("127.0.0.1", live.port))
    head = f"POST /api/orders/{order}/images HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ada.secret}\r\n"
    raw.sendall(
        f"{head}Content-Type: multipart/form-data; boundary=frontier\r\nContent-Length: 9000000\r\n\r\n".encode()
    )
    raw.sendall(part("half.jpg") + b"jpeg:" + b"x" * 1_000_000)
    raw.close()
    connection = live.connect()
    connection.request("GET", f"/api/orders/{order}", headers=headers(ada))
    answer = connection.getresponse()
    assert (answer.status, b'"images":[]' in answer.read()) == (200, True)
    connection.close()


def test_headers_of_the_server_itself(live: Running) -> None:
    connection = live.connect()
    connection.request("GET", "/healthz", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"})
    answer = connection.getresponse()
    assert answer.status == 200
    assert "server" not in {name.lower() for name, _ in answer.getheaders()}
    assert "Strict-Transport-Security" not in answer.headers, "a proxy that was not named is not believed"
    connection.close()


def test_running_requests_are_finished_at_the_end(site: Site, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, may_go_on, found = threading.Event(), threading.Event(), []
    probe = FakeEngine.probe

    def slow(engine: FakeEngine, path: Path) -> Any:
        entered.set()
        assert may_go_on.wait(20)
        return probe(engine, path)

    monkeypatch.setattr(FakeEngine, "probe", slow)
    order = ada.post("/api/orders", {})["data"]["id"]
    live = Running(site)

    def send() -> None:
        connection = live.connect()
        body = b"".join(form({"a.jpg": picture("a")}))
        connection.request("POST", f"/api/orders/{order}/images", body=body, headers=headers(ada, **MULTIPART))
        found.append(connection.getresponse().status)
        connection.close()

    client = threading.Thread(target=send)
    client.start()
    assert entered.wait(20)
    live.server.should_exit = True
    may_go_on.set()
    client.join(30)
    live.stop()
    assert found == [201]


def test_a_port_that_is_taken_is_told(live: Running) -> None:
    with pytest.raises(ConflictError, match="Cannot listen") as refusal:
        server.listen("127.0.0.1", live.port)
    assert refusal.value.code == "address_in_use"


def test_an_address_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(InvalidInputError) as wrong:
        server.listen("nowhere", 0)
    assert wrong.value.code == "invalid_address"


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")]
)
def test_the_address_can_be_opened(host: str, shown: str) -> None:
    try:
        listener = server.listen(host, 0)
    except ConflictError:
        pytest.skip(f"this machine has no {host}")
    with listener:
        assert server.address_of(listener).startswith(shown)


class Watch(logging.Handler):
    """Tells when the worker writes that a picture has ended."""

    def __init__(self, event: threading.Event) -> None:
        super().__init__(logging.INFO)
        self.event = event

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line."""
        if "done" in record.getMessage():
            self.event.set()


def test_the_embedded_worker_starts_and_ends_with_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(tmp_path)
    settings = site.studio.app.settings
    migrations.upgrade(settings.database_url)
    application = Application(settings, engine=FakeEngine(), planner=FakePlanner(), prices=site.studio.prices)
    servers: list[uvicorn.Server] = []
    build = server.build_server

    def remember(*args: Any, **values: Any) -> uvicorn.Server:
        servers.append(build(*args, **values))
        return servers[0]

    monkeypatch.setattr(server, "build_server", remember)
    addresses: list[str] = []
    ready, finished = threading.Event(), threading.Event()
    log = logging.getLogger("adapters.jobs.runner")
    monkeypatch.setattr(log, "handlers", [Watch(finished)])
    monkeypatch.setattr(log, "level", logging.INFO)

    def tell(address: str) -> None:
        addresses.append(address)
        ready.set()

    thread = threading.Thread(
        target=lambda: server.serve(application, host="127.0.0.1", port=0, on_ready=tell), daemon=True
    )
    thread.start()
    assert ready.wait(30)
    made = Site(site.studio, site.app)
    made.studio.app.__dict__["database"] = application.database
    for name in ("journal", "bookkeeper", "opener", "clock", "ids"):
        made.studio.app.__dict__.pop(name, None)
    ada = made.person()
    connection = http.client.HTTPConnection("127.0.0.1", int(addresses[0].rpartition(":")[2].strip("/")), timeout=30)
    fields = b'--frontier\r\nContent-Disposition: form-data; name="instructions"\r\n\r\nbrighter\r\n' + b"".join(
        form({"a.jpg": picture("a")})
    )
    connection.request("POST", "/api/upload", body=fields, headers=headers(ada, **MULTIPART))
    assert connection.getresponse().read().startswith(b'{"success":true')
    assert finished.wait(30)
    connection.request("GET", "/api/orders", headers=headers(ada))
    assert b'"status":"completed"' in connection.getresponse().read()
    connection.close()
    servers[0].should_exit = True
    thread.join(30)
    assert not thread.is_alive()
    assert [t.name for t in threading.enumerate() if "econciler" in t.name or "ispatcher" in t.name] == []
    application.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_whole_program_in_order(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "i2i", "serve", "--port", "0"]
    environ = {**os.environ, "I2I_HOME": str(tmp_path), "I2I_LOG_LEVEL": "warning"}
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "i2i is at http://127.0.0.1:" in line)
        connection = http.client.HTTPConnection("127.0.0.1", int(line.rpartition(":")[2].strip(" /\n")), timeout=30)
        connection.request("GET", "/readyz")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(number)
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out.strip()) == (0, "Stopped.")
