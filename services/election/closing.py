"""Voting ends: box and registrar close, ballots and issuances enter the log in their order.

It spans three parties, so it is a stored sequence of idempotent steps (architecture.md, "Data").
A crash on any line leaves it pending, and `resume_all` goes on:
begun → box closed → issuing closed, token key deleted → attendance frozen → on the log with the
closing checkpoint → closed. Nothing here ever reads a mark.
"""

import asyncio
import hashlib
from typing import Final

import msgspec

from crypto.checkpoints import parse_note
from crypto.codes import code_of, seal_value
from schemas import base64url, canonical
from schemas.entries import Closed, Entry, VotingOpened
from schemas.record import ATTENDANCE
from schemas.roster import Attendance
from services.ballot_box.closing import close_box
from services.board.log import append, read_checkpoint, read_log
from services.election.attending import read_roster
from services.election.errors import TimeInvalidError
from services.election.life import (
    begin_act,
    check_state,
    finish_act,
    put_step,
    read_step,
    resume_pending,
)
from services.election.model import Act, ElectionRecord, attendance_of, count_attendance
from services.election.party import Election
from services.election.reading import read_election
from services.election.texts import check_instant, instant_of
from services.registrar.issuing import close_issuing, closing_attendance

ACT: Final[Act] = "close"


async def close_voting(election: Election, uuid: str, at: str | None = None) -> ElectionRecord:
    """
    End the vote and seal the box; `at` is the time that the minute will say.

    Raises WrongStateError, ActPendingError, TimeInvalidError.
    """
    record = await read_election(election, uuid)
    begun: bytes | None = None
    if record.pending != ACT:
        check_state(record, ("voting",))
        begun = (await _closing_time(election, uuid, at)).encode()
    await begin_act(election, uuid, ACT, ("voting",), begun)
    await _continue(election, uuid)
    return await read_election(election, uuid)


async def resume_all(election: Election) -> None:
    """Finish every closing that a crash interrupted."""
    await resume_pending(election, ACT, _continue)


async def _closing_time(election: Election, uuid: str, at: str | None) -> str:
    closing = instant_of(at, election.clock)
    opened = (await read_log(election.board, uuid)).first_of(VotingOpened)
    if opened is not None and check_instant(closing) < check_instant(opened.at):
        raise TimeInvalidError
    return closing


async def _continue(election: Election, uuid: str) -> None:
    record = await read_election(election, uuid)
    if record.pending != ACT:
        return
    log = await read_log(election.board, uuid)
    if log.first_of(Closed) is None:
        # The box first: from here on no ballot is taken, then nobody can take a token either.
        ballots = await close_box(election.ballot_box, uuid)
        issuances = await close_issuing(election.registrar, uuid)
        attendance_file = await _freeze_attendance(election, record)
        count = count_attendance(msgspec.json.decode(attendance_file, type=Attendance).members)
        closed = Closed(
            at=await _stored_time(election, uuid),
            members=count.members,
            present=count.present,
            online=count.online,
            absent_consulted=count.absent_consulted,
            issued=len(issuances),
            late=sum(each.late for each in issuances),
            returned=len(ballots),
            attendance_commitment=hashlib.sha256(attendance_file).hexdigest(),
            token_keys_deleted=True,
        )
        entries: list[Entry] = [*issuances, *ballots, closed]
        files = {ATTENDANCE: attendance_file}
        await append(election.board, uuid, log.head.size, entries, "closing", files)
    await _finish(election, uuid)


async def _finish(election: Election, uuid: str) -> None:
    note = await read_checkpoint(election.board, uuid, "closing")
    seal = seal_value(parse_note(note).text)
    values = {
        "seal_value": seal.hex(),
        "seal_code": await asyncio.to_thread(code_of, seal),
        "closed_at": election.clock(),
    }
    await finish_act(election, uuid, ACT, "closed", values)


async def _freeze_attendance(election: Election, record: ElectionRecord) -> bytes:
    """The exact bytes of attendance.json; the first that are stored stand."""
    stored = await read_step(election, record.uuid, ACT, "attendance")
    if stored is not None:
        return stored
    members = [each.no for each in await read_roster(election, record)]
    found = await closing_attendance(election.registrar, record.uuid)
    attendance = Attendance(
        salt=base64url.encode(election.randomness(32)), members=attendance_of(members, found)
    )
    data = canonical.encode(msgspec.to_builtins(attendance))
    return await put_step(election, record.uuid, ACT, "attendance", data)


async def _stored_time(election: Election, uuid: str) -> str:
    stored = await read_step(election, uuid, ACT, "begun")
    if stored is None:
        raise AssertionError("a pending act has begun")
    return stored.decode()
