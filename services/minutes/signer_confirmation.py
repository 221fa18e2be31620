"""The secretary says whose a certificate is: by comparing it with what the person has shown."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account
from services.minutes.accepting import judge_upload, keep_upload
from services.minutes.errors import PaperNothingWaitsError
from services.minutes.model import StoredPaper
from services.minutes.party import Minutes
from services.minutes.signer_store import Holder
from services.minutes.signing import read_paper_for
from services.minutes.store import MinutesStore


async def confirm_signer(
    minutes: Minutes, account: Account, paper_id: str, field: str, certificate_sha256: str
) -> StoredPaper:
    """
    Accept the signature that waits in `field`; the same certificate is known from now on.

    It is judged again: it may have been revoked while it waited. Said again it changes nothing.
    Raises NotAllowedError, PaperNothingWaitsError and what accepting raises.
    """
    account.require_secretary()
    paper = await read_paper_for(minutes, account, paper_id)
    if paper.signer_of(field) == certificate_sha256:
        return paper
    held, file = await _read_waiting(minutes, paper, field, certificate_sha256)
    judged = await judge_upload(minutes, paper, held, file, lambda _: True)
    holder = Holder(paper.place_of(field).member)
    return await keep_upload(minutes, paper_id, judged, confirmed=holder)


async def refuse_signer(
    minutes: Minutes, account: Account, paper_id: str, field: str, certificate_sha256: str
) -> StoredPaper:
    """
    Drop the signature that waits in `field`: its certificate is not that person's.

    Raises NotAllowedError, PaperNothingWaitsError.
    """
    account.require_secretary()
    paper = await read_paper_for(minutes, account, paper_id)
    _check_waits(paper, field, certificate_sha256)

    async def work(connection: AsyncConnection) -> StoredPaper | None:
        store = MinutesStore(connection)
        current = await store.read_paper(paper_id)
        _check_waits(current, field, certificate_sha256)
        await store.drop_waiting(paper_id)
        return await store.read_paper(paper_id)

    return await minutes.database.transact("refuse signer", work) or paper


async def _read_waiting(
    minutes: Minutes, paper: StoredPaper, field: str, certificate_sha256: str
) -> tuple[bytes, bytes]:
    _check_waits(paper, field, certificate_sha256)

    async def work(connection: AsyncConnection) -> tuple[bytes, bytes | None]:
        store = MinutesStore(connection)
        return await store.read_file(paper.id), await store.read_waiting_file(paper.id)

    held, file = await minutes.database.transact("read waiting signature", work)
    if file is None:
        raise PaperNothingWaitsError
    return held, file


def _check_waits(paper: StoredPaper | None, field: str, certificate_sha256: str) -> None:
    waiting = None if paper is None else paper.waiting
    if waiting is None or (waiting.field, waiting.certificate_sha256) != (
        field,
        certificate_sha256,
    ):
        raise PaperNothingWaitsError
