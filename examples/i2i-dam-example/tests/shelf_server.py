"""A Shelf on this machine: a real HTTP server that checks each request as the provider would."""

import json
import re
import threading
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

ACCEPTED = "good-token"


class ShelfServer:
    """Runs until the ``with`` block ends.

    Attributes:
        url: its address.
        pictures: key -> {"metadata": …, "content": …}.
        answers: (status, headers) to give to the next requests instead of serving them.
    """

    def __init__(self) -> None:
        self.pictures: dict[str, dict[str, Any]] = {}
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.problems: list[str] = []
        handler = type("ShelfHandler", (Handler,), {"shelf": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    shelf: ShelfServer

    def do_GET(self) -> None:
        if self._is_let_in() and self.path == "/account":
            self._answer(200, {"account": "studio"})

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.path.removeprefix("/pictures/")
        if not self._is_let_in():
            return
        parts = _parts(self.headers["Content-Type"], body)
        if not re.fullmatch(r"[\w.%-]+", key) or parts.keys() != {"metadata", "file"}:
            self.shelf.problems.append(f"a PUT of {self.path} with the parts {sorted(parts)}")
            self._answer(400, {})
            return
        status = 200 if key in self.shelf.pictures else 201
        self.shelf.pictures[key] = {"metadata": json.loads(parts["metadata"]), "content": parts["file"]}
        self._answer(status, {"id": f"picture-{key}", "url": f"{self.shelf.url}/view/{key}"})

    def _is_let_in(self) -> bool:
        if self.shelf.answers:
            status, headers = self.shelf.answers.pop(0)
            self._answer(status, {}, headers)
            return False
        if self.headers["Authorization"] != f"Bearer {ACCEPTED}":
            self._answer(401, {})
            return False
        return True

    def _answer(self, status: int, document: dict[str, str], headers: dict[str, str] | None = None) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Keep the output of the tests clean."""


def _parts(content_type: str, body: bytes) -> dict[str, bytes]:
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True) or b""  # type: ignore[misc]
        for part in message.iter_parts()
    }
