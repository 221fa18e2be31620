"""Opening the sum of all ballots, and nothing but the sum (protocol.md §3, §8)."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.errors import PartialDecryptionError, ThresholdError
from schemas.entries import (
    BallotEntry,
    Cancelled,
    Claim,
    Issuance,
    PartialDecryption,
    Result,
    SecondProof,
)
from schemas.terms import Terms
from services.accounts import Account, NotAllowedError
from services.board.errors import BoardMovedError
from services.board.log import append, read_log
from services.board.model import BoardLog
from services.election.errors import TooFewBallotsError, WrongStateError
from services.election.life import advance, check_state, mark_announced
from services.election.model import ElectionRecord
from services.election.reading import read_election
from services.tally.ceremony import erase_sealed_shares
from services.tally.contributing import MAX_ATTEMPTS, enter, name_of, read_as_trustee
from services.tally.counting import count, verify_partial_decryption
from services.tally.errors import (
    CheckWindowError,
    ClaimStandsError,
    CountDisagreesError,
    PartialDecryptionInvalidError,
    ResultNotOpenError,
)
from services.tally.party import Tally
from services.tally.store import TallyStore

HEAD_TELLER: Final = 1
logger = structlog.get_logger()


async def submit_partial_decryption(
    tally: Tally, account: Account, uuid: str, partial_decryption: str, proof: SecondProof
) -> None:
    """
    Enter a trustee's partial decryption of the sum; the threshold's one opens it.

    The same bytes again change nothing, but finish what a crash left open. Verified alone, with
    both proofs, over the board's own product; a bad one is refused with its sender's name.
    Raises NotAllowedError, WrongStateError, CheckWindowError, ClaimStandsError,
    TooFewBallotsError, PartialDecryptionInvalidError, ContributionMadeError.
    """
    record, team, index = await read_as_trustee(tally, account, uuid)
    entry = PartialDecryption(index=index, partial_decryption=partial_decryption, proof=proof)

    async def begin() -> None:
        # Before the entry is there: a crash after it must not leave a sum that nobody opens.
        await _change(tally, uuid, "begin")

    try:
        await enter(
            tally,
            uuid,
            entry,
            check_due=lambda log: _check_due(tally, record, log),
            verify=lambda log: verify_partial_decryption(log, entry),
            before=begin,
            verify_once=True,
        )
    except PartialDecryptionError as error:
        name = await name_of(tally, record, team.members[index - 1])
        raise PartialDecryptionInvalidError(trustee=index, name=name) from error
    await open_sum(tally, uuid)


async def open_sum(tally: Tally, uuid: str) -> None:
    """
    Combine the partial decryptions on the log once they are enough, and enter the result.

    Every step may be repeated after a crash. Raises CountDisagreesError.
    """
    for attempt in range(1, MAX_ATTEMPTS + 1):
        log = await read_log(tally.board, uuid)
        if log.first_of(Result) is None:
            terms = log.first_of(Terms)
            partial_decryptions = log.all_of(PartialDecryption)
            if terms is None or len(partial_decryptions) < terms.counting_team.trustee_threshold:
                return
            try:
                result = await asyncio.to_thread(count, log)
                await append(tally.board, uuid, log.head.size, [result], "result")
            except ThresholdError as error:
                trustees = ", ".join(map(str, error.trustees))
                raise CountDisagreesError(trustees=trustees) from error
            except BoardMovedError:
                # One more partial decryption came in: it is checked against the others.
                if attempt == MAX_ATTEMPTS:
                    raise
                continue
        await advance(tally.election, uuid, {"closed"}, "counted")
        await _change(tally, uuid, "finish")
        return


async def announce(tally: Tally, account: Account, uuid: str) -> None:
    """The head teller announces: now others than the tellers see the result (words.md §3)."""
    _, _, index = await read_as_trustee(tally, account, uuid)
    if index != HEAD_TELLER:
        raise NotAllowedError
    await mark_announced(tally.election, uuid)


async def read_result(tally: Tally, uuid: str) -> Result:
    """The result on the log; who may see it is for the caller to say. Raises ResultNotOpenError."""
    result = (await read_log(tally.board, uuid)).first_of(Result)
    if result is None:
        raise ResultNotOpenError
    return result


async def resume_all(tally: Tally) -> None:
    """After a start: open sums that a crash left closed, erase shares that nobody needs."""

    async def work(connection: AsyncConnection) -> tuple[list[str], list[str]]:
        store = TallyStore(connection)
        return await store.unfinished_openings(), await store.elections_with_shares()

    openings, with_shares = await tally.database.transact("find unfinished openings", work)
    for uuid in openings:
        try:
            await open_sum(tally, uuid)
        except CountDisagreesError:
            # Said again to whoever asks; the other elections are served.
            logger.error("tally.count_disagrees", election=uuid)
    for uuid in with_shares:
        if (await read_election(tally.election, uuid)).state not in {"ceremony", "issuing"}:
            await erase_sealed_shares(tally, uuid)


def _check_due(tally: Tally, record: ElectionRecord, log: BoardLog) -> None:
    check_state(record, {"closed"})
    if log.first_of(Result) is not None:
        raise WrongStateError(state="counted")
    if log.first_of(Cancelled) is not None:
        raise WrongStateError(state="cancelled")
    if log.first_of(Claim) is not None:
        raise ClaimStandsError
    _check_window(tally, record)
    _check_minimum(log)


def _check_window(tally: Tally, record: ElectionRecord) -> None:
    if record.closed_at is None:
        raise WrongStateError(state=record.state)
    left = record.closed_at + timedelta(seconds=tally.settings.check_window_s) - tally.clock()
    if left > timedelta(0):
        raise CheckWindowError(seconds=-(-left // timedelta(seconds=1)))


def _check_minimum(log: BoardLog) -> None:
    """Counted in ballots and in signed issuances (protocol.md §8)."""
    terms = log.first_of(Terms)
    if terms is None:
        raise WrongStateError(state="ceremony")
    fewest = min(len(log.all_of(BallotEntry)), len(log.all_of(Issuance)))
    if fewest < terms.minimum_ballots:
        raise TooFewBallotsError(b=fewest, min=terms.minimum_ballots)


async def _change(tally: Tally, uuid: str, what: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        store = TallyStore(connection)
        await (store.begin_opening(uuid) if what == "begin" else store.finish_opening(uuid))

    await tally.database.transact(f"{what} opening", work)
