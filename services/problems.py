"""Every failure becomes one RFC 9457 problem document; the only place that maps errors to statuses.

`type` is `urn:phieukin:problem:<name>`; `title` and `detail` are Vietnamese, `en` English; `detail`
says what to do. The sentences are data: `problem_texts/<party>.json`.
"""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap

from services.errors import Fault, PartyError, RowsError

MEDIA_TYPE: Final = "application/problem+json"
PREFIX: Final = "urn:phieukin:problem:"
TEXTS_FOLDER: Final = Path(__file__).parent / "problem_texts"

STATUS_OF_FAULT: Final[Mapping[Fault, int]] = {
    Fault.MALFORMED: 400,
    Fault.NO_LOGIN: 401,
    Fault.FORBIDDEN: 403,
    Fault.MISSING: 404,
    Fault.CONFLICT: 409,
    Fault.TOO_LARGE: 413,
    Fault.UNSUPPORTED: 415,
    Fault.INVALID: 422,
    Fault.NOT_READY: 503,
}
# What the web framework itself refuses, before a party is asked.
NAME_OF_STATUS: Final[Mapping[int, str]] = {
    400: "malformed-request",
    401: "login-required",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "invalid-input",
    429: "too-many-requests",
    500: "internal-error",
    503: "not-ready",
}

log = structlog.get_logger()


class FieldError(msgspec.Struct, frozen=True, kw_only=True):
    """`field` is a path such as `nominations[0].rule.share`; empty where it is the whole body."""

    field: str
    message: str


class RowProblem(msgspec.Struct, frozen=True, kw_only=True):
    """`row` as spreadsheets count, 0 for the whole file; `problem` says what to do, Vietnamese."""

    row: int
    column: str
    problem: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A problem document (RFC 9457 §3) with the English sentence beside the Vietnamese one."""

    type: Annotated[str, msgspec.Meta(pattern=r"^urn:phieukin:problem:[a-z][a-z0-9-]*$")]
    title: str
    status: int
    detail: str
    en: str
    errors: list[FieldError] = []
    rows: list[RowProblem] = []


class ProblemText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    title: str
    detail: str
    en: str


class _Facts(dict[str, str | int]):
    """Facts of an error; a placeholder without a fact is shown as it stands, never a crash."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def load_problem_texts(folder: Path = TEXTS_FOLDER) -> dict[str, ProblemText]:
    """Read the sentences of all parties by problem name. Raises ValueError if two files clash."""
    texts: dict[str, ProblemText] = {}
    for file in sorted(folder.glob("*.json")):
        found = msgspec.json.decode(file.read_bytes(), type=dict[str, ProblemText])
        if clash := texts.keys() & found.keys():
            raise ValueError(f"{file.name}: has sentences of another file too: {sorted(clash)}")
        texts |= found
    return texts


TEXTS: Final = load_problem_texts()


def problem_of(
    name: str,
    status: int,
    facts: Mapping[str, str | int] | None = None,
    errors: list[FieldError] | None = None,
    rows: list[RowProblem] | None = None,
) -> Problem:
    """The document for a problem's name; one without sentences of its own gets its status's."""
    text = TEXTS.get(name) or TEXTS[NAME_OF_STATUS.get(status, "malformed-request")]
    known = _Facts(facts or {})
    return Problem(
        type=f"{PREFIX}{name}",
        title=text.title.format_map(known),
        status=status,
        detail=text.detail.format_map(known),
        en=text.en.format_map(known),
        errors=errors or [],
        rows=rows or [],
    )


def _answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[Problem]:
    return Response(
        problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def on_party_error(_: Request[Any, Any, Any], error: PartyError) -> Response[Problem]:
    return _answer(problem_of(error.name, STATUS_OF_FAULT[error.fault], error.facts))


def on_rows_error(_: Request[Any, Any, Any], error: RowsError) -> Response[Problem]:
    rows = [RowProblem(row=e.row, column=e.column, problem=e.problem) for e in error.rows]
    return _answer(problem_of(error.name, STATUS_OF_FAULT[error.fault], error.facts, rows=rows))


def on_invalid_input(_: Request[Any, Any, Any], error: ValidationException) -> Response[Problem]:
    found = error.extra if isinstance(error.extra, list) else []
    fields = [_field_error(each) for each in found if isinstance(each, Mapping)]
    return _answer(problem_of("invalid-input", 422, errors=fields))


def _field_error(found: Mapping[str, Any]) -> FieldError:
    """Litestar gives the key; msgspec puts the path into the message ("… - at `$.a[0].b`")."""
    message, _, path = str(found.get("message", "")).partition(" - at `")
    field = path.rstrip("`").removeprefix("$").removeprefix(".") or str(found.get("key", ""))
    field = "" if field == "data" else field  # the whole body, by the handler's argument
    return FieldError(field=field[:200], message=message[:300])


def on_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """Our sentence only: litestar's `detail` may repeat what the client sent."""
    status = error.status_code
    name = NAME_OF_STATUS.get(status, "malformed-request" if status < 500 else "internal-error")
    return _answer(problem_of(name, status), error.headers)


def on_crash(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """The exception's type goes to the log, its message nowhere: it may hold a secret."""
    log.error("http.crash", kind=type(error).__name__)
    return _answer(problem_of("internal-error", 500))


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {
    PartyError: on_party_error,
    RowsError: on_rows_error,
    ValidationException: on_invalid_input,
    HTTPException: on_http_error,
    Exception: on_crash,
}


def documented(*refusals: int | type[PartyError]) -> dict[int, ResponseSpec]:
    """
    For a handler's `responses=`: what it may answer besides success, by status or error class.

    Statuses that any request may get (400, 403, 405, 413, 500) are always among them; 422 as well,
    since every handler checks its path or body.
    """
    names: dict[int, set[str]] = {status: set() for status in (400, 403, 405, 413, 422, 500)}
    for refusal in refusals:
        if isinstance(refusal, int):
            names.setdefault(refusal, set())
        else:
            names.setdefault(STATUS_OF_FAULT[refusal.fault], set()).add(refusal.name)
    return {
        status: ResponseSpec(
            Problem,
            description=": ".join(
                [HTTPStatus(status).phrase, *([", ".join(sorted(found))] if found else [])]
            ),
            media_type=MEDIA_TYPE,
            generate_examples=False,  # they would be random letters
        )
        for status, found in sorted(names.items())
    }
