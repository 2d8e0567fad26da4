"""The page on loopback: five addresses to read and one to keep marks at, behind the guard."""

import contextlib
import logging
import os
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

import msgspec

from proactive_lsp.annotate.desk import Desk, Refused
from proactive_lsp.annotate.guard import HEADERS, Guard
from proactive_lsp.annotate.list_pages import problem_page
from proactive_lsp.replay.session import SessionError

log = logging.getLogger(__name__)

LONGEST_BODY = 64 * 1024
_MOST_DIGITS = len(str(LONGEST_BODY))
# A browser that stops in the middle of a request does not hold a thread for longer.
PATIENCE = 30.0
_HTML, _JSON = "text/html; charset=utf-8", "application/json"
_STATIC = {
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1 alone."""

    daemon_threads = True
    # A port that was closed a moment ago may be had again; on Windows this would share an open one.
    allow_reuse_address = os.name != "nt"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is nothing to print."""
        log.debug("request failed", exc_info=True)


@contextmanager
def listening(desk: Desk, port: int) -> Generator[tuple[Server, Guard]]:
    """The server, bound but not yet serving; raises `SessionError` when the port is taken."""
    made: list[Guard] = []
    try:
        server = Server(("127.0.0.1", port), partial(_Handler, desk, lambda: made[0]))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise SessionError(f"--port {port}: {reason}; give another, or none at all") from error
    made.append(Guard(server.server_address[1]))
    try:
        yield server, made[0]
    finally:
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    timeout = PATIENCE
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "proactive-lsp", ""

    def __init__(self, desk: Desk, guard: Callable[[], Guard], *arguments: object) -> None:
        self._desk = desk
        self._guard = guard()
        super().__init__(*arguments)  # type: ignore[arg-type] - what socketserver hands on

    def do_GET(self) -> None:
        """A page, the style or the script."""
        if not self._admitted(changes=False):
            return
        address = urlsplit(self.path)
        if address.path == "/" and address.query and self._exchanged(address.query):
            return
        if not self._known():
            return
        if address.path in _STATIC:
            name, kind = _STATIC[address.path]
            self._send(
                HTTPStatus.OK,
                kind,
                (files("proactive_lsp.annotate") / "static" / name).read_bytes(),
            )
            return
        try:
            content = self._page(address.path)
        except Exception:
            log.exception("page %s", address.path)
            content = problem_page("Annotate", "This went wrong; the terminal says how.")
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, _HTML, content)
            return
        if content is None:
            nothing = problem_page("Annotate", "There is no such page.")
            self._send(HTTPStatus.NOT_FOUND, _HTML, nothing)
        else:
            self._send(HTTPStatus.OK, _HTML, content)

    def do_POST(self) -> None:
        """A mark."""
        # Whatever is not read would be taken for the next request.
        self.close_connection = True
        if not self._admitted(changes=True) or not self._known():
            return
        length = self.headers.get("Content-Length", "")
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if self.path != "/mark":
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")
        elif kind != _JSON:
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a mark is JSON")
        elif not length.isascii() or not length.isdecimal():
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "its length is missing")
        elif len(length) > _MOST_DIGITS or int(length) > LONGEST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a mark is shorter")
        else:
            self._mark(self.rfile.read(int(length)))

    def log_message(self, format: str, *args: object) -> None:
        """The terminal is not for a line a request; the address has a token in it."""
        log.debug("request answered")

    def _mark(self, body: bytes) -> None:
        try:
            kept = self._desk.mark(body)
        except Refused as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except SessionError as error:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        except Exception:
            log.exception("mark")
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "this went wrong; the terminal says how")
        else:
            self._send(HTTPStatus.OK, _JSON, kept)

    def _page(self, path: str) -> bytes | None:
        match path.strip("/").split("/"):
            case [""]:
                return self._desk.index()
            case ["agreement"]:
                return self._desk.agreement()
            case ["session", number] if number.isascii() and number.isdecimal():
                return self._desk.session(int(number[:9]))
            case _:
                return None

    def _admitted(self, *, changes: bool) -> bool:
        refusal = self._guard.refusal(self.headers, changes=changes)
        if refusal is not None:
            self._refuse(HTTPStatus.FORBIDDEN, refusal)
        return refusal is None

    def _known(self) -> bool:
        known = self._guard.known(self.headers)
        if not known:
            reason = "open the link that the terminal shows; it works once, in one browser"
            self._refuse(HTTPStatus.FORBIDDEN, reason)
        return known

    def _exchanged(self, query: str) -> bool:
        """Whether the request had the token; the address is then shown without it."""
        token = parse_qs(query, max_num_fields=5).get("token", [""])[0]
        cookie = self._guard.exchange(token)
        if cookie is None and not self._guard.known(self.headers):
            return False
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        if cookie is not None:
            self.send_header("Set-Cookie", cookie)
        self._end(b"")
        return True

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        self.close_connection = True
        self._send(status, _JSON, msgspec.json.encode({"error": reason}))

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self._end(content)

    def _end(self, content: bytes) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, socket.timeout):
            self.wfile.write(content)
