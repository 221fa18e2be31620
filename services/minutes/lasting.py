"""After every signature: a security store and a time stamp, where a time-stamp server is set.

A failing server costs the level, never the signature: the paper stays at B-B and is tried again
with everything else that a crash may have left half done.
"""

import asyncio
import functools
import io
from typing import Final

import structlog
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy.ext.asyncio import AsyncConnection

from services.minutes.model import StoredPaper
from services.minutes.party import Minutes
from services.minutes.signer_store import SignerStore
from services.minutes.store import MinutesStore
from services.pades.errors import LongTermError, SigningPaperUnreadableError
from services.pades.fetching import HttpTimeStamper
from services.pades.long_term import Trust, add_long_term
from services.settings import Settings
from services.verifier.permitted_changes import judge_changes

TIME_LIMIT_S: Final = 20

log = structlog.get_logger()


async def make_lasting(
    minutes: Minutes, paper: StoredPaper, *, is_retry: bool = False
) -> StoredPaper:
    """
    Bring a paper from B-B to B-LTA, if a server is configured and no signature waits.

    `is_retry`: not while somebody has a hash of the paper in hand, who would find another file;
    right after a signature every such hash is of another file anyway. Raises
    nothing for a server that fails: it is logged.
    """
    if not _wants_time_stamp(minutes.settings, paper):
        return paper
    now = minutes.clock()

    async def read(connection: AsyncConnection) -> bytes | None:
        if is_retry and await SignerStore(connection).has_request(paper.id, now):
            return None
        return await MinutesStore(connection).read_file(paper.id)

    held = await minutes.database.transact("read file", read)
    if held is None:
        return paper
    try:
        longer = await asyncio.wait_for(_lengthen(minutes.settings, held), TIME_LIMIT_S)
    except (LongTermError, SigningPaperUnreadableError, TimeoutError, OSError, ValueError) as error:
        log.warning("paper.time_stamp_failed", paper=paper.id, kind=type(error).__name__)
        return paper

    async def work(connection: AsyncConnection) -> StoredPaper | None:
        store = MinutesStore(connection)
        current = await store.read_paper(paper.id)
        is_same = current is not None and await store.file_size(paper.id) == len(held)
        if current is not None and is_same and current.is_current and current.waiting is None:
            await store.put_lasting_file(paper.id, longer)
        return await store.read_paper(paper.id)

    return await minutes.database.transact("keep time stamp", work) or paper


async def make_all_lasting(minutes: Minutes) -> None:
    """Try again whatever has no time stamp yet."""
    if minutes.settings.tsa_url is None:
        return

    async def work(connection: AsyncConnection) -> list[StoredPaper]:
        return await MinutesStore(connection).papers_without_time_stamp()

    for paper in await minutes.database.transact("find papers without time stamp", work):
        await make_lasting(minutes, paper, is_retry=True)


def _wants_time_stamp(settings: Settings, paper: StoredPaper) -> bool:
    return (
        settings.tsa_url is not None
        and paper.level == "B-B"
        and paper.is_current
        and paper.waiting is None
    )


async def _lengthen(settings: Settings, held: bytes) -> bytes:
    """Raises LongTermError, SigningPaperUnreadableError, OSError, ValueError."""
    if settings.signer_roots is None or settings.tsa_url is None:
        raise ValueError("a time stamp needs configured authorities")
    roots, crls = settings.signer_roots, settings.signer_crls
    lists = [] if crls is None else [path.read_bytes() for path in sorted(crls.glob("*.crl"))]
    trust = Trust.read(await asyncio.to_thread(roots.read_bytes), lists)
    longer = await add_long_term(held, trust, _stamper(settings.tsa_url))
    if not longer.startswith(held) or await asyncio.to_thread(_has_other_changes, longer):
        raise ValueError("the time stamp changed more than a time stamp may")
    return longer


@functools.cache
def _stamper(url: str) -> HttpTimeStamper:
    # One for the process: it remembers the server's certificates.
    return HttpTimeStamper(url)


def _has_other_changes(paper: bytes) -> bool:
    return bool(judge_changes(PdfFileReader(io.BytesIO(paper), strict=True)))
