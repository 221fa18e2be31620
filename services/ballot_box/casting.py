"""The act of casting: everything is checked, the ballot committed, and only then promised."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.ballot_box.errors import BoxNotFoundError, BoxStateError, TokenSpentError
from services.ballot_box.model import CastBallot
from services.ballot_box.opening import read_opened
from services.ballot_box.party import BallotBox
from services.ballot_box.store import BallotBoxStore
from services.ballot_box.submissions import read_submission, verify_ballot, verify_tokens


async def cast_ballot(box: BallotBox, uuid: str, body: bytes) -> str:
    """
    Accept a ballot for counting and promise it: the answer is a signed note (protocol.md §5).

    The order of the checks is the protocol's: length; form; uuid and phi; the same bytes again get
    the promise, in every state; state; tokens; credential unused; membership; proofs; signature;
    state again with the commit.

    Raises BoxNotFoundError, BoxStateError, TokenSpentError and what `submissions` raises.
    """
    opened = await read_opened(box, uuid)
    submission = read_submission(opened, body)

    async def is_cast(connection: AsyncConnection) -> bool:
        store = BallotBoxStore(connection)
        # The same bytes again: the voter's phone never saw our first answer.
        if await store.has_body(submission.tracker, submission.body_hash):
            return True
        await _require_casting(store, uuid)
        return False

    async def is_cast_meanwhile(connection: AsyncConnection) -> bool:
        store = BallotBoxStore(connection)
        if not await store.has_credential(uuid, submission.credential_hash):
            return False
        # The phone may have sent the same bytes twice at once: only other bytes are a second use.
        if not await store.has_body(submission.tracker, submission.body_hash):
            raise TokenSpentError
        return True

    if await box.database.transact("look for ballot", is_cast):
        return opened.promise(submission.tracker)
    await box.verify_aside(lambda: verify_tokens(opened, submission))
    if await box.database.transact("look for credential", is_cast_meanwhile):
        return opened.promise(submission.tracker)
    ballot = await box.verify_aside(lambda: verify_ballot(opened, submission))

    async def accept(connection: AsyncConnection) -> None:
        await _accept(BallotBoxStore(connection), uuid, ballot)

    await box.database.transact("cast ballot", accept)
    return opened.promise(ballot.tracker)


async def _accept(store: BallotBoxStore, uuid: str, ballot: CastBallot) -> None:
    # Locked: the box cannot be closed before this commit, and what is promised is on the board.
    try:
        await _require_casting(store, uuid, lock=True)
    except BoxStateError:
        if await store.has_body(ballot.tracker, ballot.body_hash):
            return
        raise
    # No look at the table before: 50 rivals that read it would only make one another try again.
    if await store.add_ballot(uuid, ballot):
        return
    if not await store.has_body(ballot.tracker, ballot.body_hash):
        raise TokenSpentError


async def _require_casting(store: BallotBoxStore, uuid: str, *, lock: bool = False) -> None:
    state = await store.read_state(uuid, lock=lock)
    if state is None:
        raise BoxNotFoundError
    if state != "casting":
        raise BoxStateError(state=state)
