"""People sign outside the service: they take the file, and bring it back with their signature."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account, NotAllowedError
from services.election.reading import read_election_for, read_meeting
from services.minutes.accepting import finish, judge_upload, keep_upload
from services.minutes.drawing_up import enter_on_logs
from services.minutes.errors import (
    PaperIssuedError,
    PaperNotFoundError,
    PaperReplacedError,
    PaperSignatureWaitingError,
    PaperTooLargeError,
)
from services.minutes.model import StoredPaper
from services.minutes.party import Minutes
from services.minutes.store import MinutesStore

MEBIBYTE: Final = 1024 * 1024


async def read_paper_for(minutes: Minutes, account: Account, paper_id: str) -> StoredPaper:
    """
    A paper, for whom the results in it are open (words.md §3).

    Raises PaperNotFoundError, NotAllowedError.
    """

    async def work(connection: AsyncConnection) -> StoredPaper | None:
        return await MinutesStore(connection).read_paper(paper_id)

    paper = await minutes.database.transact("read paper", work)
    if paper is None:
        raise PaperNotFoundError
    if not await _may_see(minutes, account, paper):
        raise NotAllowedError
    return paper


async def list_papers_for(minutes: Minutes, account: Account, meeting_id: str) -> list[StoredPaper]:
    """
    A meeting's papers as far as this account may see them: a signer finds its own among them.

    Counting minutes in the order of their elections, then the meeting's; those that stand before
    the replaced ones. Raises MeetingNotFoundError, NotAllowedError.
    """
    meeting = await read_meeting(minutes.election, meeting_id)
    if not account.belongs_to(meeting.council_id):
        raise NotAllowedError

    async def work(connection: AsyncConnection) -> list[StoredPaper]:
        return await MinutesStore(connection).papers_of(meeting_id)

    papers = await minutes.database.transact("list papers", work)

    def order(paper: StoredPaper) -> tuple[bool, bool, int, str]:
        place = meeting.elections.index(paper.uuids[0])
        return (not paper.is_current, paper.kind == "meeting", place, paper.id)

    return [paper for paper in sorted(papers, key=order) if await _may_see(minutes, account, paper)]


async def read_file_for(minutes: Minutes, account: Account, paper_id: str) -> bytes:
    """The latest file: as issued, with every signature accepted since. Raises as above."""
    paper = await read_paper_for(minutes, account, paper_id)
    # Whoever signs this may rely on its hash being on the log.
    await enter_on_logs(minutes, paper)
    return await _read_file(minutes, paper_id)


async def accept_signature(
    minutes: Minutes, account: Account, paper_id: str, upload: bytes
) -> StoredPaper:
    """
    Take back the latest file with exactly one more signature, from its signer or the secretary.

    Where nobody has said yet whose the certificate is, the signature waits for the secretary. The
    secretary may bring number and date filled by another program. The same file again changes
    nothing. Raises PaperTooLargeError, PaperReplacedError, PaperIssuedError and what
    `judge_upload` and `keep_upload` raise.
    """
    if len(upload) > minutes.settings.max_paper_bytes:
        raise PaperTooLargeError(mebibytes=minutes.settings.max_paper_bytes // MEBIBYTE)
    paper = await read_paper_for(minutes, account, paper_id)
    if not paper.is_current:
        raise PaperReplacedError
    may_sign = fields_of(paper, account)
    held, is_known = await _read_files(minutes, paper, upload)
    if is_known:
        return await finish(minutes, paper)
    if paper.is_issued:
        raise PaperIssuedError
    if paper.waiting is not None:
        raise PaperSignatureWaitingError(role=paper.place_of(paper.waiting.field).role)
    judged = await judge_upload(minutes, paper, held, upload, may_sign)
    return await keep_upload(minutes, paper_id, judged)


async def resume_all(minutes: Minutes) -> None:
    """
    Go on with papers that a crash left half entered or half finished.

    Raises ExceptionGroup with what failed, when all were tried.
    """

    async def work(connection: AsyncConnection) -> list[StoredPaper]:
        return await MinutesStore(connection).unfinished_papers()

    failed: list[Exception] = []
    for paper in await minutes.database.transact("find unfinished papers", work):
        try:
            await finish(minutes, await enter_on_logs(minutes, paper))
        except Exception as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup("could not finish papers", failed)


async def _may_see(minutes: Minutes, account: Account, paper: StoredPaper) -> bool:
    for uuid in paper.uuids:
        record, roles = await read_election_for(minutes.election, account, uuid)
        if not roles.may_see_result(record):
            return False
    return True


def fields_of(paper: StoredPaper, account: Account) -> Callable[[str | None], bool]:
    """
    The secretary may bring any signed file back, and number and date; everybody else their own.

    Raises NotAllowedError for whoever signs nothing here.
    """
    if account.is_secretary:
        return lambda field: True
    mine = {
        place.field
        for place in paper.places
        if place.member is not None and place.member == account.member
    }
    if account.council_id != paper.council_id or not mine:
        raise NotAllowedError
    return lambda field: field in mine


async def _read_files(minutes: Minutes, paper: StoredPaper, upload: bytes) -> tuple[bytes, bool]:
    """The latest file, and whether `upload` was taken before, or waits."""

    async def work(connection: AsyncConnection) -> tuple[bytes, bool]:
        store = MinutesStore(connection)
        held = await store.read_file(paper.id)
        if upload == held:
            return held, bool(paper.signed)
        if held.startswith(upload):
            return held, await store.has_signature_of_size(paper.id, len(upload))
        return held, await store.read_waiting_file(paper.id) == upload

    return await minutes.database.transact("read file", work)


async def _read_file(minutes: Minutes, paper_id: str) -> bytes:
    async def work(connection: AsyncConnection) -> bytes:
        return await MinutesStore(connection).read_file(paper_id)

    return await minutes.database.transact("read file", work)
