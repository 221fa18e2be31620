"""Voting starts: quorum, confirmations of all trustees, the opening checkpoint (protocol.md §1).

Stored steps: begun (time and attendance as they were checked) → late issuing → the counts, on
the log → the box takes ballots → voting.
"""

from typing import Final

import msgspec

from schemas.entries import TrusteeConfirms, VotingOpened, decode_entry, encode_entry
from services.ballot_box.opening import start_casting
from services.board.log import append, read_log
from services.election.attending import count_present
from services.election.errors import NoQuorumError, NotConfirmedError, TooFewBallotsError
from services.election.life import (
    begin_act,
    check_state,
    finish_act,
    put_step,
    read_step,
    resume_pending,
)
from services.election.model import Act, AttendanceCount, ElectionRecord
from services.election.party import Election
from services.election.reading import read_election
from services.election.texts import instant_of
from services.registrar.issuing import issuance_progress, start_late_issuance

ACT: Final[Act] = "start"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What the start rests on: the secretary's time, and who was there when it was checked."""

    at: str
    count: AttendanceCount


async def start_voting(election: Election, uuid: str, at: str | None = None) -> ElectionRecord:
    """
    Start the vote with the quorum met and every trustee's confirmation on the log.

    A start with few ballots is not refused while members may still come; without late issuing it
    is, since then the minimum cannot be reached any more. Raises NoQuorumError,
    NotConfirmedError, TooFewBallotsError, WrongStateError, ActPendingError, TimeInvalidError.
    """
    record = await read_election(election, uuid)
    begun: bytes | None = None
    if record.pending != ACT:
        check_state(record, ("issuing",))
        moment = instant_of(at, election.clock)
        count = await _check_startable(election, record)
        begun = msgspec.json.encode(Begun(at=moment, count=count))
    await begin_act(election, uuid, ACT, ("issuing",), begun)
    await _continue(election, uuid)
    return await read_election(election, uuid)


async def resume_all(election: Election) -> None:
    """Finish every start that a crash interrupted."""
    await resume_pending(election, ACT, _continue)


async def _check_startable(election: Election, record: ElectionRecord) -> AttendanceCount:
    count = await count_present(election, record)
    needed = record.strictest_quorum.members_needed(count.members)
    if count.in_the_meeting < needed:
        raise NoQuorumError(
            n=count.in_the_meeting, N=count.members, q=needed, k=needed - count.in_the_meeting
        )
    trustees = 0 if record.team is None else len(record.team.members)
    log = await read_log(election.board, record.uuid)
    confirmed = len(log.all_of(TrusteeConfirms))
    if confirmed < trustees:
        raise NotConfirmedError(confirmed=confirmed, trustees=trustees)
    issued = (await issuance_progress(election.registrar, record.uuid)).issued
    if not record.late_issuance and issued < record.minimum_ballots:
        raise TooFewBallotsError(b=issued, min=record.minimum_ballots)
    return count


async def _continue(election: Election, uuid: str) -> None:
    record = await read_election(election, uuid)
    if record.pending != ACT:
        return
    opened = await _count(election, uuid)
    log = await read_log(election.board, uuid)
    if log.first_of(VotingOpened) is None:
        await append(election.board, uuid, log.head.size, [opened], "opening")
    await start_casting(election.ballot_box, uuid)
    await finish_act(election, uuid, ACT, "voting", {})


async def _count(election: Election, uuid: str) -> VotingOpened:
    """The counts at the start; they are stored, so that a resumed start says the same."""
    stored = await read_step(election, uuid, ACT, "opened")
    if stored is None:
        facts = await read_step(election, uuid, ACT, "begun")
        begun = msgspec.json.decode(facts or b"", type=Begun)
        # From here on an issuance is `late`: `issued` counts exactly those that are not.
        await start_late_issuance(election.registrar, uuid)
        progress = await issuance_progress(election.registrar, uuid)
        opened = VotingOpened(
            at=begun.at,
            members=begun.count.members,
            present=begun.count.present,
            online=begun.count.online,
            absent_consulted=begun.count.absent_consulted,
            issued=progress.issued - progress.late,
        )
        stored = await put_step(election, uuid, ACT, "opened", encode_entry(opened))
    entry = decode_entry(stored)
    if not isinstance(entry, VotingOpened):
        raise AssertionError("the step holds a voting_opened entry")
    return entry
