"""A small HTTP server on this machine, to stand for a tool: real sockets, and every kind of wrong answer."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import sleep
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends. ``cut``: how many bytes of the body leave before the line drops; ``wait``: seconds."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    cut: int | None = None
    drop: bool = False


def said(document: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON answer."""
    return Answer(json.dumps(document).encode(), status, {"Content-Type": "application/json", **headers})


type Route = Callable[[Asked], Answer]


@dataclass
class Server:
    """Answers from ``routes`` ("GET /companies" → a function), else from ``next_ones`` first: one-time accidents."""

    routes: dict[str, Route] = field(default_factory=dict)
    next_ones: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    otherwise: Route | None = None
    url: str = ""
    _lock: Lock = field(default_factory=Lock)

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            if self.next_ones:
                return self.next_ones.pop(0)
            route = self.routes.get(f"{asked.method} {asked.path}")
            if route is None and self.otherwise is not None:
                return self.otherwise(asked)
            return route(asked) if route else said({"error": "no such route"}, 404)

    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [f"{one.method} {one.path}" for one in self.asked]


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """The server, listening on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {key.lower(): value for key, value in self.headers.items()}
            answer = server.answer(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
            sleep(answer.wait)
            if answer.drop:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status)
            for key, value in answer.headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
            if answer.cut is not None:
                self.wfile.flush()
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815  # the names of the library

        def log_message(self, format: str, *args: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
