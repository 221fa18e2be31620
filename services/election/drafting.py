"""An election before its ballots are issued: draft, list, quorum, counting team (protocol.md §1).

A failed or changed ceremony is a new draft: the old one is cancelled, the new one has a uuid, a
log and keys of its own.
"""

from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.randomness import Randomness
from schemas.fields import GroupName
from schemas.rules import Quorum
from schemas.terms import Nomination
from services.board.log import create_log_key
from services.council.model import CouncilRecord
from services.council.reading import read_council
from services.election.errors import (
    CountingTeamInvalidError,
    ElectionNotFoundError,
    NotAMemberError,
    SecondBallotInvalidError,
)
from services.election.life import check_state
from services.election.model import ElectionRecord, Team
from services.election.nominations import (
    ballot_number_after,
    check_nominations,
    check_not_balloted,
    check_tellers,
)
from services.election.party import Election
from services.election.reading import read_election, read_meeting
from services.election.store import ElectionStore
from services.election.texts import check_texts

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
UUID_CHARACTERS: Final = 14
MAX_TRUSTEES: Final = 20
MIN_TRUSTEES: Final = 2


@dataclass(frozen=True)
class NewElection:
    """A draft as the secretary writes it; its method is secret, there is no other."""

    group: GroupName
    nominations: tuple[Nomination, ...]
    quorum: Quorum
    minimum_ballots: int
    late_issuance: bool
    previous: str | None


async def draft_election(election: Election, meeting_id: str, new: NewElection) -> ElectionRecord:
    """
    Draft a first ballot, or a second one on cases of a counted first ballot `previous`.

    Raises MeetingNotFoundError, ElectionNotFoundError (previous), SecondBallotInvalidError,
    AlreadyBallotedError, NominationsInvalidError and the other refusals of `check_nominations`.
    """
    check_nominations(new.nominations)
    meeting = await read_meeting(election, meeting_id)
    first = None if new.previous is None else await read_election(election, new.previous)
    if first is not None and first.meeting_id != meeting_id:
        raise SecondBallotInvalidError
    record = ElectionRecord(
        uuid=draw_uuid(election.randomness),
        meeting_id=meeting_id,
        council_id=meeting.council_id,
        presiding=meeting.presiding,
        state="draft",
        group=new.group,
        ballot_number=ballot_number_after(first, new.nominations),
        previous=new.previous,
        nominations=new.nominations,
        quorum=new.quorum,
        minimum_ballots=new.minimum_ballots,
        late_issuance=new.late_issuance,
        announced=False,
        version=1,
    )

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        others = await store.elections_of(meeting_id)
        check_not_balloted(record.nominations, record.previous, others)
        await store.add_election(record, place=len(others) + 1)

    await election.database.transact("draft election", work)
    return record


def draw_uuid(randomness: Randomness) -> str:
    """A Belenios uuid: 14 characters of base58 (belenios-format §3), drawn before the ceremony."""
    number = int.from_bytes(randomness(32), "big")
    characters = []
    for _ in range(UUID_CHARACTERS):
        number, digit = divmod(number, len(BASE58))
        characters.append(BASE58[digit])
    return "".join(characters)


async def change_nominations(
    election: Election, uuid: str, nominations: tuple[Nomination, ...], quorum: Quorum
) -> ElectionRecord:
    """
    Replace list and quorum, until ballots are issued: the list changes in the discussion.

    Raises ElectionNotFoundError, WrongStateError and the refusals of a draft.
    """
    check_nominations(nominations)
    record = await read_election(election, uuid)
    first = None if record.previous is None else await read_election(election, record.previous)
    ballot_number_after(first, nominations)
    council = await read_council(election.council, record.council_id)
    values = {
        "nominations": msgspec.to_builtins(nominations),
        "quorum": msgspec.to_builtins(quorum),
    }

    async def work(connection: AsyncConnection) -> ElectionRecord:
        store = ElectionStore(connection)
        current = await _read(store, uuid)
        check_state(current, ("draft", "ceremony"))
        check_tellers(current.team, nominations, _names(council))
        others = [e for e in await store.elections_of(current.meeting_id) if e.uuid != uuid]
        check_not_balloted(nominations, current.previous, others)
        await store.change(uuid, values)
        return await _read(store, uuid)

    return await election.database.transact("change nominations", work)


async def record_counting_team(election: Election, uuid: str, team: Team) -> ElectionRecord:
    """
    Record the team that the council chose; the ceremony of its keys begins on a new log.

    Raises CountingTeamInvalidError, NotAMemberError, TellersConflictError, WrongStateError.
    """
    _check_team(team)
    record = await read_election(election, uuid)
    council = await read_council(election.council, record.council_id)
    names = _names(council)
    for no in team.members:
        if no not in names:
            raise NotAMemberError(no=no)
    check_state(record, ("draft",))
    check_tellers(team, record.nominations, names)
    await create_log_key(election.board, uuid)

    async def work(connection: AsyncConnection) -> ElectionRecord:
        store = ElectionStore(connection)
        current = await _read(store, uuid)
        check_state(current, ("draft",))
        check_tellers(team, current.nominations, names)
        await store.change(uuid, {"state": "ceremony", "team": msgspec.to_builtins(team)})
        return await _read(store, uuid)

    return await election.database.transact("record counting team", work)


def _check_team(team: Team) -> None:
    """More than half of the team opens the sum, nobody alone (protocol.md §3)."""
    n = len(team.members)
    if len(set(team.members)) != n or not MIN_TRUSTEES <= n <= MAX_TRUSTEES:
        raise CountingTeamInvalidError
    if not n < 2 * team.trustee_threshold <= 2 * n:
        raise CountingTeamInvalidError
    if team.conflict_reason is not None:
        check_texts((team.conflict_reason,))


def _names(council: CouncilRecord) -> dict[int, str]:
    return {each.no: each.name for each in council.members}


async def _read(store: ElectionStore, uuid: str) -> ElectionRecord:
    record = await store.read_election(uuid)
    if record is None:
        raise ElectionNotFoundError
    return record
