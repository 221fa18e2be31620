"""The OpenAPI 3.1 document of the API: complete, and as strict as the handlers are.

Litestar writes paths and parameters; the schemas of bodies are written by msgspec, which checks
them too: it knows of forbidden unknown fields and tags, which litestar leaves out.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

import msgspec
from litestar import Litestar, Request, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Tag
from litestar.types.internal_types import PathParameterDefinition

from services.problems import Problem

REFERENCE: Final = "#/components/schemas/{name}"
TAGS: Final = {
    "council": "Councils, members, invitations, login",
    "registrar": "Attendance, check-in, ballots issued",
    "ballot_box": "Casting, by nobody in particular",
    "board": "The public log",
    "election": "Meetings and elections",
    "tally": "Keys of the counting team, opening the sum",
    "minutes": "Papers and their signatures",
    "service": "What a client must know before a login",
    "imports": "Lists out of files, for the secretary; nothing is stored",
}
# Whoever asks for one of these gets it from the login cookie only.
LOGIN_DEPENDENCIES: Final = frozenset(
    {"account", "viewer_of_meeting", "member_of_meeting", "member_of_election"}
)
LOGIN_SCHEME: Final = {
    "type": "apiKey",
    "in": "cookie",
    "name": "__Host-phieukin_login",
    "description": "Set by POST /login, which checks a signature by the device's key.",
}


def operation_id(
    handler: HTTPRouteHandler, _method: str, _path: list[str | PathParameterDefinition]
) -> str:
    """`post_login` → `postLogin`: handler names are unique over all parties."""
    first, *rest = handler.handler_name.split("_")
    return first + "".join(word.title() for word in rest)


class ApiDocumentPlugin(JsonRenderPlugin):
    """Serves `api_document` instead of what litestar alone would write."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json")
        self._rendered: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        if self._rendered is None:
            self._rendered = msgspec.json.encode(api_document(request.app))
        return self._rendered

    def receive_router(self, router: Router) -> None:
        """Beside the document litestar puts an HTML page for any other path; ours is a problem."""
        router.routes[:] = [each for each in router.routes if "{" not in each.path]


def openapi_config(path: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Phiếu Kín",
        version="1",
        summary="Secret ballots for emulation-and-commendation councils",
        description="Every error is a problem document (RFC 9457). There is no open vote.",
        path=path,
        tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
        render_plugins=[ApiDocumentPlugin()],
        operation_id_creator=operation_id,
        use_handler_docstrings=True,
        create_examples=False,
    )


def api_document(app: Litestar) -> dict[str, Any]:
    """The document as JSON values. Raises AssertionError where a reference leads nowhere."""
    document = app.openapi_schema.to_schema()
    _, schemas = msgspec.json.schema_components(
        [Problem, *_body_types(app)], ref_template=REFERENCE
    )
    document["components"] = {
        "schemas": dict(sorted(schemas.items())),
        "securitySchemes": {"login": LOGIN_SCHEME},
    }
    with_login = {
        operation_id(handler, "", [])
        for handler in _handlers(app)
        if LOGIN_DEPENDENCIES & handler.parsed_fn_signature.parameters.keys()
    }
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and operation.get("operationId") in with_login:
                operation["security"] = [{"login": []}]
    for reference in references(document):
        name = reference.removeprefix(REFERENCE.format(name=""))
        if name not in schemas:
            raise AssertionError(f"the API document names no schema {name}")
    return document


def references(part: Any) -> Iterator[str]:
    """Every `$ref` in a document."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def _handlers(app: Litestar) -> list[HTTPRouteHandler]:
    found = {
        id(handler): handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if isinstance(handler, HTTPRouteHandler) and handler.resolve_include_in_schema()
    }
    return list(found.values())


def _body_types(app: Litestar) -> list[Any]:
    """The structs that handlers take and give, without the framework's wrappers."""
    found: dict[str, Any] = {}
    for handler in _handlers(app):
        annotations = [handler.parsed_return_field.annotation]
        if handler.parsed_data_field is not None:
            annotations.append(handler.parsed_data_field.annotation)
        for annotation in annotations:
            for each in (annotation, *get_args(annotation)):
                if isinstance(each, type) and issubclass(each, msgspec.Struct):
                    found[f"{each.__module__}.{each.__qualname__}"] = each
    return [found[name] for name in sorted(found)]
