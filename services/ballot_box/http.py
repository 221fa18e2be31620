"""
The one endpoint of the ballot box: casting, by nobody in particular (protocol.md §5).

The handler knows no login. A request that carries one is refused, as is a compressed one and one
of another length than all casting requests of the election have.
"""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath

from schemas.api_ballot_box import CastAnswer
from services.ballot_box.casting import cast_ballot
from services.ballot_box.errors import (
    BallotElementInvalidError,
    BallotLengthError,
    BallotNotCanonicalError,
    BallotOtherElectionError,
    BallotProofInvalidError,
    BallotScalarInvalidError,
    BallotSignatureInvalidError,
    BoxNotFoundError,
    BoxStateError,
    CastEncodedError,
    CastWithIdentityError,
    TokenInvalidError,
    TokenSpentError,
)
from services.ballot_box.opening import length_of_casting
from services.ballot_box.party import BallotBox
from services.problems import documented

IDENTITY_HEADERS: Final = ("cookie", "authorization", "proxy-authorization")
MEDIA_TYPE: Final = "application/json"


@dataclass
class CastingOperation(Operation):
    """Documents the body, which is read as bytes: every byte of it is checked."""

    def __post_init__(self) -> None:
        text = Schema(type=OpenAPIType.STRING, description="protocol.md §11, Casting body")
        media = {MEDIA_TYPE: OpenAPIMediaType(schema=text)}
        self.request_body = RequestBody(content=media, required=True)


async def read_casting_body(
    request: Request[Any, Any, Any],
    uuid: FromPath[str],
    ballot_box: NamedDependency[BallotBox],
) -> bytes:
    """
    The body of a request without identity, plain, and of exactly Λ bytes.

    A wrong length that is announced is refused unread; one that is not, after at most Λ bytes and
    one network chunk. Raises CastWithIdentityError, CastEncodedError, BallotLengthError,
    BoxNotFoundError.
    """
    headers = request.headers
    if any(name in headers for name in IDENTITY_HEADERS):
        raise CastWithIdentityError
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if "content-encoding" in headers or media_type != MEDIA_TYPE:
        raise CastEncodedError
    length = await length_of_casting(ballot_box, uuid)
    if headers.get("content-length", str(length)) != str(length):
        raise BallotLengthError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > length:
            raise BallotLengthError
    return bytes(body)


@post(
    "/elections/{uuid:str}/ballots",
    status_code=200,
    summary="Cast a ballot",
    dependencies={"casting_body": Provide(read_casting_body)},
    operation_class=CastingOperation,
    responses=documented(
        BoxNotFoundError,
        BoxStateError,
        CastWithIdentityError,
        CastEncodedError,
        BallotLengthError,
        BallotNotCanonicalError,
        BallotOtherElectionError,
        TokenInvalidError,
        TokenSpentError,
        BallotElementInvalidError,
        BallotScalarInvalidError,
        BallotProofInvalidError,
        BallotSignatureInvalidError,
    ),
)
async def post_ballot(
    uuid: FromPath[str],
    casting_body: NamedDependency[bytes],
    ballot_box: NamedDependency[BallotBox],
) -> CastAnswer:
    """Put a ballot with its token in the box; the same bytes get the same promise, always."""
    return CastAnswer(promise=await cast_ballot(ballot_box, uuid, casting_body))


handlers: list[Any] = [post_ballot]
