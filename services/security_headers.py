"""Security headers with a strict Content-Security-Policy on every answer.

A `before_send` hook, not a middleware: a middleware does not see answers to paths without a route.
"""

from collections.abc import Mapping
from typing import Final

from litestar.datastructures import MutableScopeHeaders
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

# `phieukin` is the client's one policy: it lets the addresses of the worker and of the service
# worker through, which browsers take for scripts, and nothing else.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src {connect}; manifest-src 'self'; worker-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types phieukin"
)
HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(),"
    " publickey-credentials-create=(self), publickey-credentials-get=(self)",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "cache-control": "no-store",
}


def security_headers(box_origin: str | None) -> BeforeMessageSendHookHandler:
    """The hook; pages may connect to this service and, where it has its own host, to the box."""
    every: Mapping[str, str] = HEADERS | {"content-security-policy": _policy(box_origin)}

    async def add_security_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in every.items():
            headers.setdefault(name, value)

    return add_security_headers


def _policy(box_origin: str | None) -> str:
    connect = "'self'" if box_origin is None else f"'self' {box_origin}"
    return CONTENT_SECURITY_POLICY.format(connect=connect)
