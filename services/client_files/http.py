"""The client's paths: its pages, which are all one document, and its files."""

import re
from typing import Any, Final

from litestar import Request, Response
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from services.client_files.files import INDEX, ClientFile, ClientFiles

# Every page of the client; below each of them the client reads the path itself.
PAGES: Final = (
    *("join", "ballot", "check", "officer", "secretary", "teller", "hall", "kiosk", "verify"),
)
FOREVER: Final = "public, max-age=31536000, immutable"
ASK_EVERY_TIME: Final = "no-cache"

_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')


def client_handlers(client: ClientFiles) -> list[HTTPRouteHandler]:
    """
    Handlers of every path of `client`, GET and HEAD.

    A file that is not in its manifest has no path; what looks like a file is never a page.
    """

    async def get_client_page(request: Request[Any, Any, Any]) -> Response[bytes]:
        if "." in request.scope["path"].rpartition("/")[2]:
            raise NotFoundException
        return _answer(request, client.index)

    async def get_client_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        # The router forgives a slash at the end; a file has none.
        file = client.files.get(request.scope["path"].removeprefix("/"))
        if file is None:
            raise NotFoundException
        return _answer(request, file)

    pages = ["/", *(f"/{page}{rest}" for page in PAGES for rest in ("", "/{rest:path}"))]
    files = [f"/{path}" for path in client.files if path != INDEX]
    handlers = [_handler(pages, get_client_page)]
    return [*handlers, _handler(files, get_client_file)]


def _handler(paths: list[str], function: Any) -> HTTPRouteHandler:
    methods = [HttpMethod.GET, HttpMethod.HEAD]
    handler = HTTPRouteHandler(paths, http_method=methods, include_in_schema=False, status_code=200)
    return handler(function)


def _answer(request: Request[Any, Any, Any], file: ClientFile) -> Response[bytes]:
    """The file, or 304 for who has it (RFC 9110 §13.1.2, §15.4.5)."""
    content, encoding = file.content, {}
    # A strong tag names bytes: those of the compressed form are others (RFC 9110 §8.8.3.3).
    tag = f'"{file.sha256}"'
    if file.gzipped is not None and takes_gzip(request.headers.get("accept-encoding", "")):
        content, tag = file.gzipped, f'"{file.sha256}.gz"'
        encoding = {"content-encoding": "gzip"}
    headers = {
        "etag": tag,
        "cache-control": FOREVER if file.is_immutable else ASK_EVERY_TIME,
        "vary": "accept-encoding",
    }
    if _is_known(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, headers=headers, media_type=file.content_type)
    headers |= encoding
    if request.method == HttpMethod.HEAD:
        headers["content-length"] = str(len(content))
        content = b""
    return Response(content, headers=headers, media_type=file.content_type)


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a request's `accept-encoding` allows gzip (RFC 9110 §12.5.3)."""
    weights: dict[str, str] = {}
    for each in accept_encoding.lower().split(","):
        coding, _, parameter = each.partition(";")
        weights[coding.strip()] = parameter.replace(" ", "")
    weight = weights.get("gzip", weights.get("*", "q=0"))
    return re.fullmatch(r"q=0(?:\.0*)?", weight) is None


def _is_known(if_none_match: str, tag: str) -> bool:
    return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)
