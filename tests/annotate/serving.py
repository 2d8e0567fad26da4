"""The real page, served in a thread."""

import http.client
import json
import threading
from contextlib import contextmanager

from proactive_lsp.annotate.desk import Desk
from proactive_lsp.annotate.library import Library
from proactive_lsp.annotate.serving import listening


class Page:
    """Talks to the page as a browser would, or as one should not."""

    def __init__(self, port, link, desk):
        self.port = port
        self.link = link
        self.token = link.partition("token=")[2]
        self.desk = desk
        self.cookie = None
        self.origin = f"http://127.0.0.1:{port}"

    def enter(self):
        """Use the link; the cookie is sent from then on."""
        answer = self.get(f"/?token={self.token}")
        assert answer.status == 303
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)

    def post(self, mark, **headers):
        """A mark, with the headers of the page's own script unless others are given."""
        own = {"Origin": self.origin, "Content-Type": "application/json"}
        body = mark if isinstance(mark, bytes) else json.dumps(mark).encode()
        return self.ask("POST", "/mark", body, own | headers)

    def ask(self, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Host": f"127.0.0.1:{self.port}"} | headers
        if self.cookie is not None:
            sent.setdefault("Cookie", self.cookie)
        sent = {name.replace("_", "-"): value for name, value in sent.items() if value is not None}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        answer.content = answer.read()
        connection.close()
        return answer


@contextmanager
def served(folder, annotator="ada"):
    desk = Desk(Library(folder), annotator)
    with listening(desk, 0) as (server, guard):
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Page(server.server_address[1], guard.link, desk)
        finally:
            server.shutdown()
            thread.join()
