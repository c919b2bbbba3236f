"""Who is at the door: told by a key, a ticket, a login cookie or a trusted proxy, before anything else sees a request.

Nobody has to sign in where the server listens to this machine alone; requests that a proxy hands on, or that another
site's page sends, are then refused, as they come from elsewhere after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from typing import Any, Protocol
from urllib.parse import unquote, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from index.errors import SettingsError
from rag.settings import Settings
from web.accounts import LOCAL, Accounts, Visitor
from web.desk import Caller
from web.errors import NotAllowed, SignInNeeded
from web.journal import Channel
from web.problems import problem

__all__ = ["COOKIE", "Admission", "Gate", "caller_of", "cookie_of", "is_loopback", "require_auth", "secret_of"]

COOKIE = "wenbao_login"
# Paths that anybody may open: to sign in, to be told that the server lives, and what the embedded page is made of,
# which shows nothing before it has a ticket.
OPEN = {"/login", "/healthz", "/readyz", "/embed", "/embed.js", "/embed-page.js", "/embed.css"}
_SAFE = {"GET", "HEAD", "OPTIONS"}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class _WithState(Protocol):
    """A Starlette or Gradio request."""

    @property
    def state(self) -> Any: ...


def caller_of(request: _WithState, channel: Channel) -> Caller:
    """Who sent a request that has passed `Admission`.  Raises SignInNeeded for an open path nobody signed in for."""
    admitted: Admitted = request.state.admitted
    if admitted.visitor is None:
        raise SignInNeeded("请先登录，或在请求头 Authorization: Bearer 里给出密钥。")
    return Caller(
        visitor=admitted.visitor, channel=channel, client=admitted.client, request=getattr(request.state, "request", "")
    )


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_auth(settings: Settings, accounts: Accounts) -> None:
    """Raise SettingsError if strangers could reach what is open, or if nobody at all could sign in."""
    if not settings.auth:
        if not is_loopback(settings.host):
            raise SettingsError(
                f"在 {settings.host} 上开放，必须先打开登录，否则谁连上都能看到和改动全部报告。"
                "请执行 wenbao users add 名字 --role admin，再设 auth = true（或环境变量 WENBAO_AUTH=true）。"
            )
        if settings.sso_header:
            raise SettingsError("设了 sso_header 却没有打开登录：请一并设 auth = true。")
    elif settings.sso_header and not settings.trusted_proxies:
        raise SettingsError("sso_header 要配 trusted_proxies：只有列出的代理，才可信它报的用户名。")
    elif accounts.is_empty and not settings.sso_header:
        raise SettingsError("登录已打开，却还没有用户和密钥。请先执行 wenbao users add 名字 --role admin。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Who is let in, by what, and from where; `visitor` None where nobody signed in."""

    visitor: Visitor | None
    client: str
    is_secure: bool = False  # over https
    by_secret: bool = False  # a key or ticket in a header, which no other site's page can send by itself


def cookie_of(headers: Headers) -> str:
    """The ticket of a login; "" if there is none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def secret_of(headers: Headers) -> str:
    """The key or ticket in a header; "" if there is none."""
    kind, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else headers.get("x-api-key", "")


def _told(headers: Headers, name: str) -> str:
    """A header as a proxy means it: names in Chinese come as UTF-8 or percent-encoded, and are read as Latin-1."""
    value = headers.get(name, "") if name else ""
    return unquote(value.encode("latin-1").decode("utf-8", "replace"))


class Gate:
    """Finds out who sends a request."""

    def __init__(self, settings: Settings, accounts: Accounts) -> None:
        self._settings = settings
        self._accounts = accounts
        self._proxies = [ip_network(network) for network in settings.trusted_proxies]

    def admit(self, headers: Headers, peer: str, scheme: str) -> Admitted:
        """Raises SignInNeeded for a secret that is wrong, NotAllowed for what only seems to come from this machine."""
        by_proxy = self._is_proxy(peer)
        client = self._client(headers, peer) if by_proxy else peer
        is_secure = (headers.get("x-forwarded-proto", scheme) if by_proxy else scheme) == "https"
        if not self._settings.auth:
            if not by_proxy and any(name in headers for name in _FORWARDED):
                raise NotAllowed("请求是代理转来的。请打开登录（auth = true），并把代理的地址写进 trusted_proxies。")
            return Admitted(visitor=LOCAL, client=client, is_secure=is_secure)
        if secret := secret_of(headers):
            visitor = self._accounts.bearer(secret)
            if visitor is None:
                raise SignInNeeded("密钥不对，或已失效。")
            return Admitted(visitor=visitor, client=client, is_secure=is_secure, by_secret=True)
        if by_proxy and (name := _told(headers, self._settings.sso_header).strip()):
            return Admitted(visitor=self._from_proxy(name, headers), client=client, is_secure=is_secure)
        visitor = self._accounts.bearer(cookie) if (cookie := cookie_of(headers)) else None
        return Admitted(visitor=visitor, client=client, is_secure=is_secure)

    def _from_proxy(self, name: str, headers: Headers) -> Visitor:
        """A user known here keeps role and groups; another reads, in the groups that the proxy tells."""
        told = _told(headers, self._settings.sso_groups_header).split(",")
        groups = frozenset(filter(None, map(str.strip, told)))
        known = self._accounts.user(name)
        if known is None:
            return Visitor(name=name, role="reader", groups=groups)
        return Visitor(name=name, role=known.role, groups=known.groups | groups)

    def _is_proxy(self, address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in self._proxies)
        except ValueError:
            return False

    def _client(self, headers: Headers, peer: str) -> str:
        """The nearest address on the way that is no trusted proxy; what lies beyond it may be made up."""
        for hop in reversed(headers.get("x-forwarded-for", "").split(",")):
            if (hop := hop.strip()) and not self._is_proxy(hop):
                return hop
        return peer

    def public_host(self, headers: Headers, peer: str) -> str:
        """The host that the browser believes to speak to."""
        told = headers.get("x-forwarded-host", "").split(",")[0].strip() if self._is_proxy(peer) else ""
        return told or headers.get("host", "")


class Admission:
    """Lets in whom the gate knows, and hands on who it is in `request.state.admitted`.

    A page that nobody is signed in for leads to the login.  What another site's page sends is let in only with a key or
    ticket and from a listed origin.
    """

    def __init__(self, app: ASGIApp, *, gate: Gate, embed_origins: Sequence[str]) -> None:
        self._app = app
        self._gate = gate
        self._origins = frozenset(embed_origins)

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        if connection["type"] not in ("http", "websocket"):
            await self._app(connection, receive, send)
            return
        headers, peer = Headers(scope=connection), (connection.get("client") or ("", 0))[0]
        path, method = connection["path"], connection.get("method", "GET")
        try:
            admitted = self._gate.admit(headers, peer, connection.get("scheme", "http"))
            if path not in OPEN and method != "OPTIONS":
                self._require(admitted, headers, peer, method)
        except (SignInNeeded, NotAllowed) as error:
            page = method == "GET" and "text/html" in headers.get("accept", "") and isinstance(error, SignInNeeded)
            response = _to_login(connection) if page else problem(error, connection)
            await response(connection, receive, send)
            return
        connection.setdefault("state", {})["admitted"] = admitted
        await self._app(connection, receive, send)

    def _require(self, admitted: Admitted, headers: Headers, peer: str, method: str) -> None:
        if admitted.visitor is None:
            raise SignInNeeded("请先登录，或在请求头 Authorization: Bearer 里给出密钥。")
        origin = headers.get("origin")
        if origin is None or urlsplit(origin).netloc == self._gate.public_host(headers, peer):
            return
        if method not in _SAFE and not (admitted.by_secret and origin in self._origins):
            raise NotAllowed("这个请求来自别的网站的页面，没有执行。")


def _to_login(connection: Connection) -> RedirectResponse:
    back = connection["path"].lstrip("/") + (f"?{query.decode()}" if (query := connection["query_string"]) else "")
    # Relative, as the server may lie under a path that only the proxy before it knows.
    up = "../" * connection["path"].count("/", 1)
    return RedirectResponse(f"{up or './'}login?{urlencode({'back': back})}", status_code=303)
