"""Taking an upload into the paper: judged first, then one transaction that keeps all or nothing."""

import asyncio
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from services.election.life import advance
from services.minutes.decree_writing import VIETNAM
from services.minutes.errors import (
    PaperFieldNotExpectedError,
    PaperIssuedError,
    PaperNothingWaitsError,
    PaperNotIncrementError,
    PaperNumberInvalidError,
    PaperNumberTakenError,
    PaperReplacedError,
    PaperSignatureWaitingError,
    SignerOfSomebodyElseError,
)
from services.minutes.model import StoredPaper, WaitingSignature
from services.minutes.number_filling import number_text, read_printed_date
from services.minutes.party import Minutes
from services.minutes.signature_check import Increment, check_signed_paper
from services.minutes.signer_certificates import judge_signer, read_signer_trust
from services.minutes.signer_store import Holder, SignerStore
from services.minutes.store import MinutesStore


@dataclass(frozen=True)
class JudgedUpload:
    """An upload that may be kept over the `held` bytes; `number` and `day` where it fills them."""

    held_bytes: int
    file: bytes
    field: str | None
    signer: WaitingSignature | None
    number: str | None
    day: str | None


async def judge_upload(
    minutes: Minutes,
    paper: StoredPaper,
    held: bytes,
    upload: bytes,
    may_sign: Callable[[str | None], bool],
) -> JudgedUpload:
    """
    Check all that needs no database: the increment, the certificate, number and date.

    `may_sign` says whether the sender may bring that field (None: number and date alone). Raises
    what `check_signed_paper` and `judge_signer` do, PaperFieldNotExpectedError,
    PaperNumberInvalidError.
    """
    now = minutes.clock()

    def judge() -> Increment:
        increment = check_signed_paper(held, upload, paper.places, paper.signed)
        if not may_sign(increment.field):
            raise PaperFieldNotExpectedError(field=increment.field or "")
        if increment.certificates:
            settings = minutes.settings
            trust = read_signer_trust(settings.signer_roots, settings.signer_crls)
            judge_signer(increment.certificates, upload, trust, now)
        return increment

    increment = await asyncio.to_thread(judge)
    number = day = None
    if increment.number:
        number, day = number_text(increment.number), read_printed_date(increment.date).isoformat()
        if number != increment.number.strip():
            raise PaperNumberInvalidError
        check_day(day, now)
    signer = None
    if increment.field is not None:
        signer = WaitingSignature(increment.field, increment.certificates[0].dump())
    return JudgedUpload(len(held), upload, increment.field, signer, number, day)


async def keep_upload(
    minutes: Minutes, paper_id: str, judged: JudgedUpload, confirmed: Holder | None = None
) -> StoredPaper:
    """
    Keep a judged upload: accepted, or waiting where nobody knows yet whose the certificate is.

    `confirmed`: the secretary says so now, about the signature that waits. Raises
    PaperReplacedError, PaperIssuedError, PaperSignatureWaitingError, PaperNotIncrementError,
    PaperNumberTakenError, SignerOfSomebodyElseError.
    """
    now = minutes.clock()

    async def work(connection: AsyncConnection) -> StoredPaper:
        store, signers = MinutesStore(connection), SignerStore(connection)
        paper = await _check_stands(store, paper_id, judged, is_confirmation=confirmed is not None)
        if judged.signer is None:
            await _keep_number(store, paper, judged)
            await store.put_file(paper_id, judged.file)
            return await _again(store, paper_id)
        signer = judged.signer
        expected = Holder(paper.place_of(signer.field).member)
        holder = await signers.holder_of(paper.council_id, signer.certificate_sha256)
        if holder not in (None, expected):
            raise SignerOfSomebodyElseError
        if holder is None and confirmed is None:
            await store.add_waiting(paper_id, signer, judged.file)
            return await _again(store, paper_id)
        if holder is None:
            await signers.add_signer(
                paper.council_id, signer.certificate_sha256, expected, signer.certificate, now
            )
        if judged.number is not None:
            await _keep_number(store, paper, judged)
        await store.drop_waiting(paper_id)
        await store.add_signature(paper_id, signer.field, judged.file, signer.certificate)
        return await _again(store, paper_id)

    return await finish(minutes, await minutes.database.transact("accept signature", work))


async def _check_stands(
    store: MinutesStore, paper_id: str, judged: JudgedUpload, *, is_confirmation: bool
) -> StoredPaper:
    paper = await store.read_paper(paper_id)
    if paper is None or not paper.is_current:
        raise PaperReplacedError
    if paper.is_issued:
        raise PaperIssuedError
    if is_confirmation:
        if paper.waiting is None or paper.waiting != judged.signer:
            raise PaperNothingWaitsError
    elif paper.waiting is not None:
        raise PaperSignatureWaitingError(role=paper.place_of(paper.waiting.field).role)
    # A file only ever grows by what was checked against it: equal size means the same bytes.
    if await store.file_size(paper.id) != judged.held_bytes:
        raise PaperNotIncrementError
    return paper


async def _keep_number(store: MinutesStore, paper: StoredPaper, judged: JudgedUpload) -> None:
    if judged.number is None or judged.day is None:
        raise PaperNotIncrementError
    taken = await store.date_of_number(paper.council_id, judged.number, judged.day)
    if taken is not None:
        date = datetime.date.fromisoformat(taken)
        raise PaperNumberTakenError(
            number=judged.number, year=judged.day[:4], date=f"{date:%d/%m/%Y}"
        )
    await store.put_number(paper.id, judged.number, judged.day)


async def _again(store: MinutesStore, paper_id: str) -> StoredPaper:
    paper = await store.read_paper(paper_id)
    if paper is None:
        raise PaperReplacedError
    return paper


def check_day(day: str, now: datetime.datetime) -> None:
    """A date of issue is a day that exists and has come. Raises PaperNumberInvalidError."""
    try:
        found = datetime.date.fromisoformat(day)
    except ValueError as error:
        raise PaperNumberInvalidError from error
    if found > now.astimezone(VIETNAM).date():
        raise PaperNumberInvalidError


async def finish(minutes: Minutes, paper: StoredPaper) -> StoredPaper:
    """When all have signed the meeting minute, its elections are minuted. May be called again."""
    if not paper.is_signed or paper.finished:
        return paper
    if paper.kind == "meeting":
        for uuid in paper.uuids:
            await advance(minutes.election, uuid, {"counted"}, "minuted")

    async def work(connection: AsyncConnection) -> StoredPaper:
        store = MinutesStore(connection)
        await store.mark_finished(paper.id)
        return await _again(store, paper.id)

    return await minutes.database.transact("finish paper", work)
