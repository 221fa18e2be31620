"""One person's connection to the service: JSON in and out, problems as exceptions."""

import functools
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx

API: Final = "/api/v1"
LOGIN_COOKIE: Final = "__Host-phieukin_login"
PROBLEM_PREFIX: Final = "urn:phieukin:problem:"


class ProblemError(Exception):
    """The service refused a request; `name` is the problem's name, `detail` what to do."""

    def __init__(self, name: str, status: int, detail: str) -> None:
        super().__init__(f"{name} ({status}): {detail}")
        self.name = name
        self.status = status
        self.detail = detail


def problem_of(response: httpx.Response) -> ProblemError:
    """Read a problem document (RFC 9457); anything else that is no success is one too."""
    try:
        document = response.json()
        name = str(document["type"]).removeprefix(PROBLEM_PREFIX)
        detail = str(document.get("detail") or document.get("title", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        name, detail = "no-problem-document", response.text[:200]
    return ProblemError(name, response.status_code, detail)


@functools.cache
def _issuers() -> ssl.SSLContext:
    """Read once for all the connections of a process."""
    return httpx.create_ssl_context(trust_env=False)


class ApiClient:
    """
    Requests of one person or device to `base_url`.

    The login cookie is `Secure`; on a loopback address a cookie jar would not send it over http,
    so it is copied by hand.
    """

    def __init__(self, base_url: str, origin: str) -> None:
        self.base_url = base_url
        self.origin = origin
        self._login: str | None = None
        self._http = httpx.AsyncClient(
            base_url=base_url + API, timeout=60, trust_env=False, verify=_issuers()
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> Any:
        return (await self._send("GET", path)).json()

    async def get_bytes(self, path: str) -> bytes:
        return (await self._send("GET", path)).content

    async def get_text(self, path: str) -> str:
        return (await self.get_bytes(path)).decode()

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        return self._answer(await self._send("POST", path, json=dict(body or {})))

    async def put(self, path: str, body: Mapping[str, object]) -> Any:
        return self._answer(await self._send("PUT", path, json=dict(body)))

    async def post_bytes(self, path: str, content: bytes, media_type: str) -> Any:
        """Send bytes with the login of this person."""
        headers = {"content-type": media_type}
        return self._answer(await self._send("POST", path, content=content, headers=headers))

    async def post_anonymously(self, path: str, content: bytes) -> Any:
        """Send bytes as nobody: no login, no cookie, a connection of its own (protocol.md §5)."""
        async with httpx.AsyncClient(
            base_url=self.base_url + API, timeout=60, trust_env=False, verify=_issuers()
        ) as nobody:
            headers = {"content-type": "application/json", "user-agent": "", "accept": "*/*"}
            response = await nobody.post(path, content=content, headers=headers)
        if response.is_error:
            raise problem_of(response)
        return response.json()

    async def log_in(self, body: Mapping[str, object]) -> Any:
        """POST /login and keep the cookie that it sets."""
        response = await self._send("POST", "/login", json=dict(body))
        for header in response.headers.get_list("set-cookie"):
            name, _, rest = header.partition("=")
            if name == LOGIN_COOKIE:
                self._login = rest.partition(";")[0]
        return response.json()

    async def _send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **content: Any
    ) -> httpx.Response:
        sent = dict(headers or {})
        if self._login is not None:
            sent["cookie"] = f"{LOGIN_COOKIE}={self._login}"
        if method != "GET":
            sent["origin"] = self.origin
        response = await self._http.request(method, path, headers=sent, **content)
        self._http.cookies.clear()
        if response.is_error:
            raise problem_of(response)
        return response

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        return response.json() if response.content else None
