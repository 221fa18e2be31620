"""Nobody asks for one ballot: no endpoint takes a tracker, a leaf or an index (protocol.md §7)."""

import re
from collections.abc import Iterator

import httpx
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from services.api_document import api_document

FORBIDDEN = re.compile(r"tracker|leaf|index|offset|cursor|receipt|credential|page\b", re.I)
# What a path may name: an election, a meeting, a council, a paper, a member, an auditor or a
# secretary, a checkpoint; of a paper its field, a copy, a hash that somebody signs, its seal code.
PATH_PARAMETERS = {
    *("uuid", "meeting_id", "council_id", "paper_id", "no", "account_id", "name"),
    *("field", "copy_id", "request_id", "code"),
}
# Who asks for an index asks about a trustee, not about a ballot.
ALLOWED_FIELDS = {"trustee_index"}


def handlers_of(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if isinstance(handler, HTTPRouteHandler):
                yield route.path, handler


def test_paths_and_queries(app: Litestar) -> None:
    """Paths name things that everybody may know of; there is no query parameter at all."""
    document = api_document(app)
    names = set()
    for path, operations in document["paths"].items():
        assert not FORBIDDEN.search(re.sub(r"/board/leaves$", "", path)), path
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                assert parameter["in"] == "path", (path, parameter)
                names.add(parameter["name"])
    assert names <= PATH_PARAMETERS


def test_bodies_of_requests(app: Litestar) -> None:
    """No request body has a field that names a ballot; a claim holds a whole promise."""
    document = api_document(app)
    schemas = document["components"]["schemas"]

    def fields(schema: object, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        if isinstance(schema, list):
            for item in schema:
                yield from fields(item, seen)
        if not isinstance(schema, dict):
            return
        reference = str(schema.get("$ref", "")).rpartition("/")[2]
        if reference and reference not in seen:
            yield from fields(schemas[reference], seen | {reference})
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from fields(part, seen)

    found = set()
    for operations in document["paths"].values():
        for operation in operations.values():
            found |= set(fields(operation.get("requestBody", {})))
    assert {"promise", "blinded"} <= found
    assert not {name for name in found - ALLOWED_FIELDS if FORBIDDEN.search(name)}


def test_casting_knows_no_login(app: Litestar) -> None:
    """The handler that takes ballots has no way to learn who casts."""
    (handler,) = (
        handler
        for path, handler in handlers_of(app)
        if path.endswith("/ballots") and "POST" in handler.http_methods
    )
    assert set(handler.parsed_fn_signature.parameters) == {"uuid", "casting_body", "ballot_box"}
    assert not handler.resolve_guards()


async def test_zero_byte_in_a_path(app: Litestar, http: httpx.AsyncClient) -> None:
    """A character that the database does not know is no crash, on whichever route."""
    seen = 0
    for path, handler in handlers_of(app):
        if "{" not in path:
            continue
        url = re.sub(r"\{[^}]*:int\}", "1", path)
        url = re.sub(r"\{[^}]*\}", "%00", url)
        for method in handler.http_methods:
            answer = await http.request(str(method), url, json={})
            assert answer.status_code < 500, (method, path)
            seen += 1
    assert seen > 20
