"""Hash out, signature in: for keys on a token or with a remote signing service.

What goes out is in `services.pades.remote`; here it is kept for a while, by paper and field, and
what comes back is taken like any other signed file.
"""

import asyncio
import datetime
from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account
from services.minutes.errors import (
    PaperFieldNotExpectedError,
    PaperIssuedError,
    PaperNumberMissingError,
    PaperReplacedError,
    PaperSignatureWaitingError,
    PaperWrongOrderError,
    SignatureRequestUnknownError,
)
from services.minutes.model import StoredPaper
from services.minutes.party import Minutes
from services.minutes.signer_certificates import judge_signer, read_signer_trust
from services.minutes.signer_store import SignatureRequest, SignerStore
from services.minutes.signing import accept_signature, fields_of, read_file_for, read_paper_for
from services.pades.certificates import read_certificates
from services.pades.remote import PreparedSignature, finish_signature, prepare_signature

REQUEST_TTL: Final = datetime.timedelta(minutes=15)


async def request_signature(
    minutes: Minutes,
    account: Account,
    paper_id: str,
    field: str,
    certificates: Sequence[bytes],
    picture: bytes | None,
) -> tuple[SignatureRequest, PreparedSignature]:
    """
    Place a signature in `field` and hand out what has to be signed, by its signer or the secretary.

    A request for the same field takes the place of the last one. The certificate (DER, the
    signer's first) is judged now, before anybody types a PIN. Raises what accepting an upload
    does, and the errors of `services.pades.errors`.
    """
    paper = await read_paper_for(minutes, account, paper_id)
    _check_may_be_signed(paper, field)
    if not fields_of(paper, account)(field):
        raise PaperFieldNotExpectedError(field=field)
    held = await read_file_for(minutes, account, paper_id)
    now = minutes.clock()

    def prepare() -> PreparedSignature:
        found = read_certificates(certificates)
        trust = read_signer_trust(minutes.settings.signer_roots, minutes.settings.signer_crls)
        judge_signer(found, held, trust, now)
        name = paper.place_of(field).name or str(found[0].subject.native.get("common_name", ""))
        return prepare_signature(held, field, certificates, name, now, picture)

    prepared = await asyncio.to_thread(prepare)
    request = SignatureRequest(
        id=minutes.randomness(16).hex(),
        paper_id=paper_id,
        field=field,
        state=prepared.state,
        expires_at=now + REQUEST_TTL,
    )

    async def work(connection: AsyncConnection) -> None:
        store = SignerStore(connection)
        await store.drop_requests_before(now)
        await store.put_request(request)

    await minutes.database.transact("keep signature request", work)
    return request, prepared


async def complete_signature(
    minutes: Minutes, account: Account, request_id: str, signature: bytes
) -> StoredPaper:
    """
    Put the signature value into the paper that was prepared, and take it like an upload.

    Sent again it changes nothing. Raises SignatureRequestUnknownError, SigningValueWrongError and
    what `accept_signature` raises.
    """

    async def work(connection: AsyncConnection) -> SignatureRequest | None:
        return await SignerStore(connection).read_request(request_id)

    request = await minutes.database.transact("read signature request", work)
    if request is None or request.expires_at <= minutes.clock():
        raise SignatureRequestUnknownError
    paper = await read_paper_for(minutes, account, request.paper_id)
    if not fields_of(paper, account)(request.field):
        raise PaperFieldNotExpectedError(field=request.field)
    upload = await asyncio.to_thread(finish_signature, request.state, signature)
    return await accept_signature(minutes, account, request.paper_id, upload)


def _check_may_be_signed(paper: StoredPaper, field: str) -> None:
    if not paper.is_current:
        raise PaperReplacedError
    if paper.is_issued:
        raise PaperIssuedError
    if paper.waiting is not None:
        raise PaperSignatureWaitingError(role=paper.place_of(paper.waiting.field).role)
    by_field = {place.field: place for place in paper.places}
    if field not in by_field or field in paper.signed:
        raise PaperFieldNotExpectedError(field=field)
    for earlier in by_field[field].after:
        if earlier in by_field and earlier not in paper.signed:
            raise PaperWrongOrderError(role=by_field[earlier].role)
    if by_field[field].member is None and paper.number is None:
        raise PaperNumberMissingError
