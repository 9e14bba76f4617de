"""The server: one mount for each provider, a script for each, a log of all requests."""

import json
import socket
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.provider_stub import specs
from tests.support.provider_stub.script import Answer, Fault, Hangup, Item, Raw, Silence
from tests.support.provider_stub.wires import WIRES, Wire


@attrs.frozen(kw_only=True)
class Logged:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


class Desk:
    """The part of the server that plays one provider.

    Attributes:
        log: the requests, oldest first.
        problems: what was wrong with requests or with scripted answers.
    """

    def __init__(self, key: str, url: str) -> None:
        self.key = key
        self.wire: Wire = WIRES[key]
        self.url = f"{url}/{key}{self.wire.prefix}" if self.wire.is_prefix_configured else f"{url}/{key}"
        self.spec = specs.load(key)
        self.log: list[Logged] = []
        self.problems: list[str] = []
        self._script: deque[Item] = deque()

    def script(self, *items: Item) -> None:
        """Say what becomes of the next requests, in their order."""
        self._script.extend(items)

    def answer(self, text: str, **changes: Any) -> None:
        """Answer the next request with a text, in pieces of a few letters."""
        self.script(Answer(pieces=tuple(text[i : i + 6] for i in range(0, len(text), 6)), **changes))

    def respond(self, request: Request, path: str) -> Response:
        """Check a request and answer it."""
        body = json.loads(request.get_data() or b"null")
        self.log.append(Logged(method=request.method, path=path, headers=dict(request.headers), body=body))
        operation = self.spec.find(request.method, path.removeprefix(self.wire.prefix))
        if operation is None:
            return self._object(f"{request.method} {path} is no operation of {self.key}", 404)
        problem = (
            self.wire.check_headers(request.headers) or operation.check_request(body) or self.wire.check_body(body)
        )
        if problem:
            return self._object(problem, 400)
        if not self._script:
            return self._object("nothing was scripted for this request", 500)
        return self._play(self._script.popleft(), operation, request, body)

    def _object(self, problem: str, status: int) -> Response:
        self.problems.append(problem)
        return Response(json.dumps(self.wire.error(status, problem)), status, content_type=specs.JSON)

    def _play(self, item: Item, operation: specs.Operation, request: Request, body: Any) -> Response:
        client: socket.socket = request.environ["werkzeug.socket"]
        match item:
            case Hangup():
                client.shutdown(socket.SHUT_RDWR)
                raise ConnectionError("cut, as the script says")
            case Silence(hold=hold):
                hold.wait(client)
                return Response(b"", 503)
            case Raw():
                return Response(item.content, item.status, item.headers, content_type=item.content_type)
            case Fault():
                if not isinstance(item.body, str):
                    self._note(operation.check_answer(item.status, specs.JSON, item.body))
                text = item.body if isinstance(item.body, str) else json.dumps(item.body)
                return Response(text, item.status, {**self.wire.headers, **item.headers}, content_type=specs.JSON)
        if not self.wire.wants_stream(operation.path, body):
            whole = self.wire.whole(item)
            self._note(operation.check_answer(200, specs.JSON, whole))
            return Response(json.dumps(whole), 200, self.wire.headers, content_type=specs.JSON)
        events = self.wire.events(item)
        for event in events:
            self._note(operation.check_answer(200, specs.EVENTS, event))
            self._note(self.wire.check_event(self.spec, event))
        return Response(self._stream(item, events, client), 200, self.wire.headers, content_type=specs.EVENTS)

    def _stream(self, item: Answer, events: list[dict[str, Any]], client: socket.socket) -> Iterator[bytes]:
        pieces = 0
        for event in events:
            if item.cut_after == pieces:
                raise ConnectionError("cut, as the script says")
            yield self.wire.frame(event)
            if self.wire.has_text(event):
                pieces += 1
                if pieces == 1 and item.hold is not None:
                    item.hold.wait(client)
        if item.has_end:
            yield self.wire.last

    def _note(self, problem: str) -> None:
        if problem:
            self.problems.append(f"scripted answer: {problem}")


class ProviderStub:
    """The server, on a free port of the loopback interface."""

    def __init__(self) -> None:
        self._server = make_server("127.0.0.1", 0, self._respond, threaded=True, request_handler=_Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.desks: dict[str, Desk] = {}
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def desk(self, key: str) -> Desk:
        """Return the desk of a provider, with an empty script and log."""
        self.desks[key] = Desk(key, self.url)
        return self.desks[key]

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    def _respond(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        _, key, rest = request.path.split("/", 2)
        response = self.desks[key].respond(request, f"/{rest}")
        return response(environ, start_response)


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # with chunks, so that a broken stream can be told from its end

    def log(self, type: str, message: str, *arguments: Any) -> None:
        """Stay quiet."""
