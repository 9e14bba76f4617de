"""The guard that keeps tests off the network is in force, and lets through what stays on this machine."""

import asyncio
import http.client
import socket
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.network import NetworkBlockedError, is_local

ELSEWHERE = "192.0.2.1"  # RFC 5737: an address that belongs to nobody


class Greeting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *arguments: object) -> None:
        """Stay quiet."""


def test_connecting_to_another_machine_is_refused() -> None:
    with socket.socket() as client, pytest.raises(NetworkBlockedError, match=ELSEWHERE):
        client.connect((ELSEWHERE, 80))
    with socket.socket() as client, pytest.raises(NetworkBlockedError):
        client.connect_ex((ELSEWHERE, 80))


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        with pytest.raises(NetworkBlockedError):
            client.sendto(b"x", (ELSEWHERE, 53))
        with pytest.raises(NetworkBlockedError):
            client.sendto(b"x", 0, (ELSEWHERE, 53))


def test_looking_up_a_name_is_refused() -> None:
    with pytest.raises(NetworkBlockedError, match=r"api\.example"):
        socket.getaddrinfo("api.example", 443)
    with pytest.raises(NetworkBlockedError):
        socket.gethostbyname("api.example")


def test_the_clients_that_plugins_are_built_on_are_refused() -> None:
    with pytest.raises(NetworkBlockedError):
        urllib.request.urlopen("https://api.example/v1", timeout=1)
    with pytest.raises(NetworkBlockedError):
        http.client.HTTPConnection(ELSEWHERE, timeout=1).request("GET", "/")
    with pytest.raises(NetworkBlockedError):
        asyncio.run(asyncio.wait_for(asyncio.open_connection(ELSEWHERE, 80), timeout=1))


def test_a_server_on_this_machine_is_reached() -> None:
    with HTTPServer(("127.0.0.1", 0), Greeting) as server:
        worker = threading.Thread(target=server.handle_request)
        worker.start()
        with urllib.request.urlopen(f"http://localhost:{server.server_port}/", timeout=10) as answer:
            assert answer.read() == b"hello"
        worker.join(timeout=10)


def test_a_local_socket_file_is_reached(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
        server.accept()[0].close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "bucket.localhost", "0.0.0.0", "::ffff:127.0.0.1", "", None]
)
def test_what_counts_as_this_machine(host: str | None) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host", [ELSEWHERE, "10.0.0.8", "::ffff:192.0.2.1", "2001:db8::1", "localhost.example", "127.0.0.1.example"]
)
def test_what_does_not(host: str) -> None:
    assert not is_local(host)
