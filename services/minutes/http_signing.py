"""Endpoints of signing: signed files, whose certificates they are, number and date.

The service signs nothing: people take the file, sign it with their own keys, and bring it back.
"""

import base64
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, post, put
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, JSONBody

from schemas.api import Identifier
from schemas.api_minutes import (
    FieldName,
    NumberBody,
    PaperView,
    SignatureBody,
    SignatureRequestBody,
    SignatureRequestView,
    SignerBody,
)
from services.accounts import Account, NotAllowedError
from services.clock import instant_text
from services.election.errors import WrongStateError
from services.election.secrecy import TAKES_FILE
from services.errors import PartyError
from services.minutes.copy_errors import PaperAlreadySignedError
from services.minutes.errors import (
    PaperFieldNotExpectedError,
    PaperIssuedError,
    PaperMediaTypeError,
    PaperNotFoundError,
    PaperNothingWaitsError,
    PaperNotIncrementError,
    PaperNumberGivenError,
    PaperNumberInvalidError,
    PaperNumberMissingError,
    PaperNumberTakenError,
    PaperReplacedError,
    PaperSignatureInvalidError,
    PaperSignatureWaitingError,
    PaperTooLargeError,
    PaperWithoutNumberError,
    PaperWrongOrderError,
    SignatureRequestUnknownError,
    SignerCertificateExpiredError,
    SignerCertificateRevokedError,
    SignerCertificateUsageError,
    SignerIssuerUnknownError,
    SignerOfSomebodyElseError,
)
from services.minutes.numbering import give_number
from services.minutes.party import Minutes
from services.minutes.signature_requests import complete_signature, request_signature
from services.minutes.signer_confirmation import confirm_signer, refuse_signer
from services.minutes.signing import MEBIBYTE, accept_signature
from services.minutes.views import paper_view
from services.pades.certificates import MAX_CERTIFICATES
from services.pades.errors import (
    SigningCertificateInvalidError,
    SigningCertificateNotForSigningError,
    SigningCertificateNotInForceError,
    SigningFieldMissingError,
    SigningFieldSignedError,
    SigningPictureInvalidError,
    SigningPictureOpaqueError,
    SigningPictureTooLargeError,
    SigningValueWrongError,
)
from services.problems import documented

MEDIA_TYPE: Final = "application/pdf"
SIGNATURE_REFUSALS: Final = (
    PaperNotFoundError,
    NotAllowedError,
    PaperReplacedError,
    PaperAlreadySignedError,
    PaperIssuedError,
    PaperNotIncrementError,
    PaperSignatureInvalidError,
    PaperSignatureWaitingError,
    PaperFieldNotExpectedError,
    PaperWrongOrderError,
    PaperNumberMissingError,
    PaperNumberInvalidError,
    PaperNumberTakenError,
    SignerCertificateExpiredError,
    SignerCertificateRevokedError,
    SignerCertificateUsageError,
    SignerIssuerUnknownError,
    SignerOfSomebodyElseError,
    WrongStateError,
)
PREPARING_REFUSALS: Final = (
    SigningCertificateInvalidError,
    SigningCertificateNotForSigningError,
    SigningCertificateNotInForceError,
    SigningFieldMissingError,
    SigningFieldSignedError,
    SigningPictureInvalidError,
    SigningPictureOpaqueError,
    SigningPictureTooLargeError,
)


@dataclass
class PaperOperation(Operation):
    """Documents the body, which is read as bytes: every byte of it is checked."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, content_media_type=MEDIA_TYPE)
        media = {MEDIA_TYPE: OpenAPIMediaType(schema=file)}
        self.request_body = RequestBody(content=media, required=True)


async def read_paper_body(
    request: Request[Any, Any, Any],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> bytes:
    """
    The body, at most a paper's size; nothing of it is read before somebody is logged in.

    Raises PaperMediaTypeError, PaperTooLargeError.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE or "content-encoding" in request.headers:
        raise PaperMediaTypeError
    most = minutes.settings.max_paper_bytes
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise PaperTooLargeError(mebibytes=most // MEBIBYTE)
    return bytes(body)


@post(
    "/papers/{paper_id:str}/signatures",
    status_code=200,
    summary="Bring back a signed paper",
    dependencies={"paper_body": Provide(read_paper_body)},
    operation_class=PaperOperation,
    opt={TAKES_FILE: True},
    request_max_body_size=None,  # `read_paper_body` has a larger limit, which is a setting
    responses=documented(401, PaperMediaTypeError, PaperTooLargeError, *SIGNATURE_REFUSALS),
)
async def post_signature(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    paper_body: NamedDependency[bytes],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """The latest file with exactly one signature added, from its signer or the secretary."""
    return paper_view(minutes, await accept_signature(minutes, account, paper_id, paper_body))


@post(
    "/papers/{paper_id:str}/signatures/{field:str}/confirmation",
    status_code=200,
    summary="Confirm whose a certificate is",
    responses=documented(401, PaperNothingWaitsError, *SIGNATURE_REFUSALS),
)
async def post_signer_confirmation(
    paper_id: FromPath[Identifier],
    field: FromPath[FieldName],
    data: JSONBody[SignerBody],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """By the secretary: the waiting signature is accepted, and its certificate known from now."""
    confirmed = await confirm_signer(minutes, account, paper_id, field, data.certificate)
    return paper_view(minutes, confirmed)


@post(
    "/papers/{paper_id:str}/signatures/{field:str}/refusal",
    status_code=200,
    summary="Refuse a waiting signature",
    responses=documented(401, PaperNotFoundError, NotAllowedError, PaperNothingWaitsError),
)
async def post_signer_refusal(
    paper_id: FromPath[Identifier],
    field: FromPath[FieldName],
    data: JSONBody[SignerBody],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """By the secretary: the certificate is not that person's, so the signature is dropped."""
    refused = await refuse_signer(minutes, account, paper_id, field, data.certificate)
    return paper_view(minutes, refused)


@put(
    "/papers/{paper_id:str}/number",
    summary="Give number and date",
    responses=documented(
        401,
        PaperNotFoundError,
        NotAllowedError,
        PaperReplacedError,
        PaperIssuedError,
        PaperWithoutNumberError,
        PaperNumberInvalidError,
        PaperNumberGivenError,
        PaperNumberTakenError,
        PaperWrongOrderError,
        PaperSignatureWaitingError,
        PaperNotIncrementError,
        WrongStateError,
    ),
)
async def put_number(
    paper_id: FromPath[Identifier],
    data: JSONBody[NumberBody],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """By the secretary, when the presiding officer has signed; the agency signs after that."""
    numbered = await give_number(minutes, account, paper_id, data.number, data.date)
    return paper_view(minutes, numbered)


@post(
    "/papers/{paper_id:str}/signature-requests",
    summary="Ask for a hash to sign",
    responses=documented(401, *PREPARING_REFUSALS, *SIGNATURE_REFUSALS),
)
async def post_signature_request(
    paper_id: FromPath[Identifier],
    data: JSONBody[SignatureRequestBody],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> SignatureRequestView:
    """What a token or a remote service signs; the signature is expected within 15 minutes."""
    certificates = [
        _decoded(text, SigningCertificateInvalidError(limit=MAX_CERTIFICATES))
        for text in data.certificates
    ]
    picture = None
    if data.picture is not None:
        picture = _decoded(data.picture, SigningPictureInvalidError())
    request, prepared = await request_signature(
        minutes, account, paper_id, data.field, certificates, picture
    )
    return SignatureRequestView(
        id=request.id,
        field=request.field,
        digest_algorithm="sha256",
        signed_attributes=base64.b64encode(prepared.signed_attributes).decode("ascii"),
        digest=prepared.digest.hex(),
        expires_at=instant_text(request.expires_at),
    )


@post(
    "/signature-requests/{request_id:str}",
    status_code=200,
    summary="Bring the signature back",
    responses=documented(
        401, SignatureRequestUnknownError, SigningValueWrongError, *SIGNATURE_REFUSALS
    ),
)
async def post_signature_value(
    request_id: FromPath[Identifier],
    data: JSONBody[SignatureBody],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """ECDSA as DER or as two numbers, RSA as PKCS #1 v1.5; the paper is taken as if uploaded."""
    signature = _decoded(data.signature, SigningValueWrongError())
    completed = await complete_signature(minutes, account, request_id, signature)
    return paper_view(minutes, completed)


def _decoded(text: str, refusal: PartyError) -> bytes:
    """Standard Base64 (RFC 4648 §4). Raises `refusal`."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise refusal from error


handlers: list[Any] = [
    *(post_signature, post_signer_confirmation, post_signer_refusal, put_number),
    *(post_signature_request, post_signature_value),
]
