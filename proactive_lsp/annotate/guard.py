"""Who may talk to the page: one browser, from the page itself.

The link has a token that works once and becomes a cookie. A page of another origin cannot use it:
its requests carry its own origin (CSRF), and one whose name was pointed at this machine (DNS
rebinding) carries its own name as the host.
"""

import secrets
from collections.abc import Mapping
from email.message import Message
from http.cookies import CookieError, SimpleCookie

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """The one token and the one cookie of a run, and the names under which it may be reached."""

    def __init__(self, port: int) -> None:
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._origins = {f"http://{host}" for host in self._hosts}
        # Cookies do not tell ports apart, so two runs need two names.
        self._name = f"annotate-{port}"
        self._session = secrets.token_urlsafe(32)
        self._token: str | None = secrets.token_urlsafe(32)
        self.link = f"http://127.0.0.1:{port}/?token={self._token}"

    def refusal(self, headers: Message, *, changes: bool) -> str | None:
        """Why a request is refused whoever sends it; None when it comes from the page or a link.

        One that changes something has to say its origin, as every browser does.
        """
        if headers.get("Host", "").lower() not in self._hosts:
            return "this is not the name of this page"
        origin = headers.get("Origin")
        if origin is not None and origin.lower() not in self._origins:
            return "requests from other pages are refused"
        if origin is None and changes:
            return "a request that changes something must say where it comes from"
        # A link may be opened from anywhere, but not by a page, and nothing may embed it.
        if headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            return "requests from other sites are refused; copy the link into the address bar"
        return None

    def known(self, headers: Message) -> bool:
        """Whether the request has the cookie."""
        try:
            morsel = SimpleCookie(headers.get("Cookie", "")).get(self._name)
        except CookieError:
            return False
        return morsel is not None and _same(morsel.value, self._session)

    def exchange(self, token: str) -> str | None:
        """The value of the cookie header for the token, once; None for another or a used one."""
        if self._token is None or not _same(token, self._token):
            return None
        self._token = None
        return f"{self._name}={self._session}; Path=/; HttpOnly; SameSite=Strict"


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode())
