"""Copies of papers: flattened by another program, or printed, signed in ink and scanned.

A copy is kept beside the paper and never counts as signed with a certificate. A scan that is found
to be of the paper may finish it: the council's members sign by hand (Decree 30/2020/NĐ-CP,
Article 13); nobody but a reader can check those signatures.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.checkpoints import parse_note
from crypto.codes import read_code, seal_code, seal_value
from crypto.errors import MalformedError
from services.accounts import Account
from services.board.log import read_checkpoint
from services.minutes.accepting import finish
from services.minutes.copy_errors import (
    CopyCodeMissingError,
    CopyNotFoundError,
    CopyOfAnotherPaperError,
    CopyTooLargeError,
    CopyUnreadableError,
    HandSignedCopyOnlyError,
    PaperAlreadySignedError,
    TooManyCopiesError,
)
from services.minutes.copy_store import CopyStore
from services.minutes.errors import (
    PaperReplacedError,
    PaperSignatureWaitingError,
    PaperTooLargeError,
)
from services.minutes.model import CopyKind, PaperCopy, StoredPaper
from services.minutes.party import Minutes
from services.minutes.signing import MEBIBYTE, read_paper_for
from services.minutes.store import MinutesStore
from services.verifier.scan_codes import (
    PDF,
    ScanTooLargeError,
    ScanUnreadableError,
    media_type_of,
    read_codes,
)

MAX_COPIES: Final = 20
# A seal value in hex, as papers print it: another QR code on the page says nothing.
_SEAL_VALUE_CHARACTERS: Final = 64


@dataclass(frozen=True)
class _Upload:
    kind: CopyKind
    data: bytes
    media_type: str
    typed_code: str | None


async def add_copy(
    minutes: Minutes,
    account: Account,
    paper_id: str,
    kind: CopyKind,
    data: bytes,
    typed_code: str | None = None,
) -> PaperCopy:
    """
    Keep a copy of a paper; the secretary's act. The same file again changes nothing.

    A "copy" is a PDF and kept whether or not its codes can be read. A "hand_signed" one must be of
    the paper: by its QR codes, or by the seal code that the secretary reads off it. Raises
    PaperTooLargeError, PaperNotFoundError, NotAllowedError, CopyUnreadableError, CopyTooLargeError,
    CopyOfAnotherPaperError, CopyCodeMissingError, TooManyCopiesError.
    """
    account.require_secretary()
    if len(data) > minutes.settings.max_paper_bytes:
        raise PaperTooLargeError(mebibytes=minutes.settings.max_paper_bytes // MEBIBYTE)
    paper = await read_paper_for(minutes, account, paper_id)
    media_type = media_type_of(data)
    if media_type is None or (kind == "copy" and media_type != PDF):
        raise CopyUnreadableError
    closings = [await _closing_text(minutes, uuid) for uuid in paper.uuids]
    upload = _Upload(kind, data, media_type, typed_code)
    matched_by = await asyncio.to_thread(_match, upload, closings)
    copy = PaperCopy(
        id=minutes.randomness(16).hex(),
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        size=len(data),
        matched_by=matched_by,
    )

    async def work(connection: AsyncConnection) -> PaperCopy:
        store = CopyStore(connection)
        await store.lock_copies(paper_id)
        current = await MinutesStore(connection).read_paper(paper_id)
        kept = () if current is None else current.copies
        for each in kept:
            if (each.kind, each.sha256) == (copy.kind, copy.sha256):
                return each
        if len(kept) >= MAX_COPIES:
            raise TooManyCopiesError(most=MAX_COPIES)
        await store.add_copy(paper_id, copy, len(kept) + 1, data)
        return copy

    return await minutes.database.transact("keep copy of paper", work)


async def read_copy_for(
    minutes: Minutes, account: Account, paper_id: str, copy_id: str
) -> tuple[PaperCopy, bytes]:
    """A copy and its file, for who may see the paper. Raises as above, and CopyNotFoundError."""
    copy = _the_copy(await read_paper_for(minutes, account, paper_id), copy_id)

    async def work(connection: AsyncConnection) -> bytes:
        return await CopyStore(connection).read_copy_file(paper_id, copy_id)

    return copy, await minutes.database.transact("read copy of paper", work)


async def sign_by_hand(
    minutes: Minutes, account: Account, paper_id: str, copy_id: str
) -> StoredPaper:
    """
    Take a scan for the paper signed in ink: the secretary's act, which finishes the paper.

    Said again it changes nothing. Raises CopyNotFoundError, HandSignedCopyOnlyError,
    PaperReplacedError, PaperAlreadySignedError, PaperSignatureWaitingError, PaperNotFoundError,
    NotAllowedError.
    """
    account.require_secretary()
    paper = await read_paper_for(minutes, account, paper_id)
    if paper.hand_signed == copy_id:
        return await finish(minutes, paper)
    if _the_copy(paper, copy_id).kind != "hand_signed":
        raise HandSignedCopyOnlyError

    async def work(connection: AsyncConnection) -> StoredPaper:
        copies, papers = CopyStore(connection), MinutesStore(connection)
        await copies.lock_copies(paper_id)
        current = await papers.read_paper(paper_id)
        if current is None or not current.is_current:
            raise PaperReplacedError
        if current.is_signed and current.hand_signed != copy_id:
            raise PaperAlreadySignedError
        if current.waiting is not None:
            raise PaperSignatureWaitingError(role=current.place_of(current.waiting.field).role)
        await copies.mark_hand_signed(paper_id, copy_id)
        marked = await papers.read_paper(paper_id)
        return current if marked is None else marked

    return await finish(minutes, await minutes.database.transact("sign paper by hand", work))


def _match(upload: _Upload, closings: Sequence[str]) -> Literal["qr", "typed"] | None:
    """How the file is found to be of the paper; None for a plain copy that shows nothing."""
    wanted = frozenset(seal_value(text).hex() for text in closings)
    try:
        found = read_codes(upload.data, wanted)
    except ScanTooLargeError:
        raise CopyTooLargeError from None
    except ScanUnreadableError:
        raise CopyUnreadableError from None
    seals = {text for text in found if len(text) == _SEAL_VALUE_CHARACTERS}
    if wanted <= seals:
        return "qr"
    if upload.kind == "copy":
        return None
    if seals - wanted:
        raise CopyOfAnotherPaperError
    if upload.typed_code is None:
        raise CopyCodeMissingError
    try:
        typed = read_code(upload.typed_code)
    except MalformedError:
        raise CopyOfAnotherPaperError from None
    if typed not in map(seal_code, closings):
        raise CopyOfAnotherPaperError
    return "typed"


def _the_copy(paper: StoredPaper, copy_id: str) -> PaperCopy:
    for copy in paper.copies:
        if copy.id == copy_id:
            return copy
    raise CopyNotFoundError


async def _closing_text(minutes: Minutes, uuid: str) -> str:
    """The closing checkpoint's text: what a paper's seal value and seal code are of."""
    return parse_note(await read_checkpoint(minutes.board, uuid, "closing")).text
