"""Rivals at the same moment: one token buys one ballot, and what is promised is counted."""

import asyncio
import hashlib
from collections import Counter
from dataclasses import replace

from crypto.checkpoints import parse_note_key, verify_promise
from schemas.roster import MemberAttendance
from services.ballot_box.casting import cast_ballot
from services.ballot_box.closing import close_box, empty_box, returned_ballots
from services.ballot_box.errors import BoxStateError, TokenSpentError
from services.ballot_box.opening import create_box_key
from services.database import Databases
from services.registrar.attendance import read_attendance, set_attendance
from services.registrar.errors import (
    AlreadyIssuedError,
    HoldsBallotError,
    IssuingStateError,
    NotEntitledError,
)
from services.registrar.issuing import (
    close_issuing,
    closing_attendance,
    create_token_key,
    issuance_progress,
    issue_tokens,
)
from services.registrar.model import ENTITLED
from tests.sample_ballots import draw_uuid, make_token, make_voter, open_sample_box
from tests.sample_issuances import open_sample_issuing
from tests.sample_parties import make_box, make_registrar

RIVALS = 50


def kinds(outcomes: list[object]) -> Counter[str]:
    return Counter(
        type(outcome).__name__ if isinstance(outcome, BaseException) else "answered"
        for outcome in outcomes
    )


async def test_different_ballots_of_one_token(databases: Databases) -> None:
    """Of 50 ballots cast at once with one token, one is in the box."""
    boxes = [make_box(databases), make_box(databases)]
    election = await open_sample_box(boxes[0])
    voter = make_voter(election)
    bodies = [voter.body() for _ in range(RIVALS)]
    outcomes = await asyncio.gather(
        *(cast_ballot(boxes[n % 2], election.uuid, body) for n, body in enumerate(bodies)),
        return_exceptions=True,
    )
    assert kinds(list(outcomes)) == {"answered": 1, TokenSpentError.__name__: RIVALS - 1}
    assert await returned_ballots(boxes[0], election.uuid) == 1


async def test_same_bytes_at_once(databases: Databases) -> None:
    """50 times the same request, at two replicas: one ballot, one and the same promise."""
    boxes = [make_box(databases), make_box(databases)]
    election = await open_sample_box(boxes[0])
    body = make_voter(election).body()
    promises = await asyncio.gather(
        *(cast_ballot(boxes[n % 2], election.uuid, body) for n in range(RIVALS))
    )
    assert len(set(promises)) == 1
    assert await returned_ballots(boxes[0], election.uuid) == 1


async def test_same_ballot_with_two_tokens(databases: Databases) -> None:
    """One credential with two tokens still casts once, whichever comes first."""
    box = make_box(databases)
    election = await open_sample_box(box)
    voter = make_voter(election)
    other = replace(voter, token=make_token(election.fingerprint, voter.credential))
    ballot = voter.ballot()
    bodies = [voter.body_of(ballot), other.body_of(ballot)]
    outcomes = await asyncio.gather(
        *(cast_ballot(box, election.uuid, bodies[n % 2]) for n in range(10)),
        return_exceptions=True,
    )
    assert kinds(list(outcomes)) == {"answered": 5, TokenSpentError.__name__: 5}


async def test_box_closed_while_ballots_come(databases: Databases) -> None:
    """Every promise given is for a ballot in the closed set, and no other ballot is in it."""
    for pause_s in (0.0, 0.02, 0.05, 0.1):
        box, replica = make_box(databases), make_box(databases)
        election = await open_sample_box(box)
        bodies = [make_voter(election).body() for _ in range(12)]
        casting = [
            asyncio.create_task(cast_ballot((box, replica)[n % 2], election.uuid, body))
            for n, body in enumerate(bodies)
        ]
        await asyncio.sleep(pause_s)
        entries = await close_box(replica, election.uuid)
        outcomes = await asyncio.gather(*casting, return_exceptions=True)
        key = parse_note_key(await create_box_key(box, election.uuid))
        promised = {
            verify_promise(outcome, key).tracker for outcome in outcomes if isinstance(outcome, str)
        }
        assert promised == {hashlib.sha256(each.ballot.encode()).digest() for each in entries}
        assert kinds(list(outcomes)) <= Counter(
            {"answered": len(promised), BoxStateError.__name__: len(bodies) - len(entries)}
        )
        assert await close_box(box, election.uuid) == entries


async def test_box_emptied_while_ballots_come(databases: Databases) -> None:
    """An election cancelled in the middle keeps no ballot that came at the same moment."""
    box = make_box(databases)
    election = await open_sample_box(box)
    bodies = [make_voter(election).body() for _ in range(8)]
    outcomes = await asyncio.gather(
        *(cast_ballot(box, election.uuid, body) for body in bodies),
        empty_box(box, election.uuid),
        return_exceptions=True,
    )
    assert set(kinds(list(outcomes))) <= {"answered", BoxStateError.__name__}
    again = await asyncio.gather(
        *(cast_ballot(box, election.uuid, body) for body in bodies), return_exceptions=True
    )
    assert [str(each) for each in again] == [str(each) for each in outcomes[:-1]]


async def test_two_blinded_messages_at_once(databases: Databases) -> None:
    """Of two phones with one member's key, one gets the ballot."""
    registrars = [make_registrar(databases), make_registrar(databases)]
    issuing = await open_sample_issuing(registrars[0])
    requests = [issuing.request_of(1) for _ in range(10)]
    outcomes = await asyncio.gather(
        *(
            issue_tokens(registrars[n % 2], issuing.uuid, 1, request)
            for n, request in enumerate(requests)
        ),
        return_exceptions=True,
    )
    assert kinds(list(outcomes)) == {"answered": 1, AlreadyIssuedError.__name__: 9}
    assert (await issuance_progress(registrars[0], issuing.uuid)).issued == 1


async def test_same_blinded_message_at_once(databases: Databases) -> None:
    """One phone that asks ten times at once gets one answer, ten times."""
    registrar = make_registrar(databases)
    issuing = await open_sample_issuing(registrar)
    blinding = issuing.blind()
    answers = await asyncio.gather(
        *(
            issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1, blinding))
            for _ in range(10)
        )
    )
    assert len({tuple(answer) for answer in answers}) == 1


async def test_issuing_closed_while_members_ask(databases: Databases) -> None:
    """Every blind signature that left has its issuance among the entries, and no other."""
    for pause_s in (0.0, 0.01, 0.03):
        registrar = make_registrar(databases)
        issuing = await open_sample_issuing(registrar)
        asking = [
            asyncio.create_task(
                issue_tokens(registrar, issuing.uuid, member, issuing.request_of(member))
            )
            for member in (1, 2, 3)
        ]
        await asyncio.sleep(pause_s)
        entries = await close_issuing(registrar, issuing.uuid)
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        answered = [
            member
            for member, outcome in zip((1, 2, 3), outcomes, strict=True)
            if isinstance(outcome, list)
        ]
        assert [entry.member for entry in entries] == answered
        assert set(kinds(list(outcomes))) <= {"answered", IssuingStateError.__name__}


async def test_member_declared_absent_while_asking(databases: Databases) -> None:
    """Ballot or absence, never both: V6 holds whatever comes first."""
    registrar = make_registrar(databases)
    for _ in range(5):
        issuing = await open_sample_issuing(registrar)
        absent = MemberAttendance(no=1, state="absent")
        asked, noted = await asyncio.gather(
            issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1)),
            set_attendance(registrar, issuing.meeting_id, absent),
            return_exceptions=True,
        )
        entries = await close_issuing(registrar, issuing.uuid)
        attendance = await closing_attendance(registrar, issuing.uuid)
        if isinstance(asked, list):
            assert isinstance(noted, HoldsBallotError)
            assert [entry.member for entry in entries] == [1]
            assert attendance[0].state in ENTITLED
        else:
            assert isinstance(asked, NotEntitledError)
            assert entries == ()
            assert (await read_attendance(registrar, issuing.meeting_id))[0] == absent


async def test_token_key_made_twice_at_once(databases: Databases) -> None:
    """Two replicas that make the key of one election agree on one."""
    uuid = draw_uuid()
    keys = await asyncio.gather(
        *(create_token_key(make_registrar(databases), uuid) for _ in range(3))
    )
    assert len(set(keys)) == 1
