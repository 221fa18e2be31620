"""Every write of the registrar, broken before and after its commit: again gives the same answer."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import services.registrar
from crypto.device_keys import checkin_message
from schemas.roster import MemberAttendance
from services.database import Databases
from services.registrar.attendance import (
    check_in,
    create_checkin_nonce,
    open_meeting,
    read_attendance,
    set_attendance,
)
from services.registrar.issuing import (
    abandon_issuing,
    close_issuing,
    closing_attendance,
    confirm_issuance,
    create_token_key,
    issuance_progress,
    issue_tokens,
    open_issuing,
    start_late_issuance,
)
from services.registrar.model import CheckIn, IssuanceRequest, MeetingMember
from services.registrar.party import Registrar
from services.registrar.store import metadata
from tests.faults.faulty_database import ConnectionBrokenError, break_at
from tests.sample_ballots import draw_uuid
from tests.sample_issuances import (
    SampleIssuing,
    issuing_terms,
    open_sample_issuing,
    put_token_key,
)
from tests.sample_parties import make_registrar
from tests.stored_rows import stored_rows

READS = {
    "read attendance",
    "read token key",
    "read issuing",
    "count issuances",
    "read issuances",
    "read closing attendance",
    "read own issuance",
}


@dataclass(frozen=True)
class Scene:
    """One election that is issuing, a request and a check-in prepared for it."""

    issuing: SampleIssuing
    request: IssuanceRequest
    check_in: CheckIn
    new_uuid: str
    keyed_uuid: str


async def set_scene(registrar: Registrar) -> Scene:
    issuing = await open_sample_issuing(registrar)
    nonce = await create_checkin_nonce(registrar, issuing.meeting_id, 4)
    message = checkin_message(issuing.meeting_id, 4, nonce)
    await issue_tokens(registrar, issuing.uuid, 2, issuing.request_of(2))
    keyed_uuid = draw_uuid()
    await put_token_key(registrar, keyed_uuid)
    signed = CheckIn(nonce, False, issuing.devices[4].sign(message))
    return Scene(issuing, issuing.request_of(1), signed, draw_uuid(), keyed_uuid)


Act = Callable[[Registrar, Scene], Awaitable[object]]
WRITES: dict[str, Act] = {
    "open meeting": lambda r, s: open_meeting(r, s.issuing.meeting_id, [1, 2, 3, 4, 5, 6]),
    "set attendance": lambda r, s: set_attendance(
        r, s.issuing.meeting_id, MemberAttendance(no=4, state="online")
    ),
    "check in": lambda r, s: check_in(
        r, s.issuing.meeting_id, MeetingMember(4, s.issuing.devices[4].key), s.check_in
    ),
    "add token key": lambda r, s: create_token_key(r, s.new_uuid),
    "open issuing": lambda r, s: open_issuing(
        r, issuing_terms(s.keyed_uuid, s.issuing.meeting_id, s.issuing.devices)
    ),
    "issue tokens": lambda r, s: issue_tokens(r, s.issuing.uuid, 1, s.request),
    "confirm issuance": lambda r, s: confirm_issuance(r, s.issuing.uuid, 2),
    "start late issuance": lambda r, s: start_late_issuance(r, s.issuing.uuid),
    "close issuing": lambda r, s: close_issuing(r, s.issuing.uuid),
    "abandon issuing": lambda r, s: abandon_issuing(r, s.issuing.uuid),
}
# A new nonce replaces the last: asking again gives another one, by its nature.
NOT_REPEATABLE = {"create check-in nonce"}


def test_every_write_is_here() -> None:
    """A new act of the registrar needs its two faults."""
    folder = Path(services.registrar.__path__[0])
    acts = {
        act
        for file in folder.glob("*.py")
        for act in re.findall(r'transact\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))
    }
    assert acts == WRITES.keys() | READS | NOT_REPEATABLE


@pytest.mark.parametrize("act", WRITES)
async def test_fail_and_not_persisted(databases: Databases, act: str) -> None:
    """The commit did not happen: nothing is stored, no answer is given, and again it works."""
    registrar = make_registrar(databases)
    scene = await set_scene(registrar)
    broken = break_at(registrar.database, act, persisted=False)
    before = await stored_rows(registrar.database, metadata)
    with pytest.raises(ConnectionBrokenError):
        await WRITES[act](make_registrar(databases, database=broken), scene)
    assert broken.broken == [act]
    assert await stored_rows(registrar.database, metadata) == before
    await WRITES[act](registrar, scene)
    assert await stored_rows(registrar.database, metadata) != before


@pytest.mark.parametrize("act", WRITES)
async def test_fail_but_persisted(databases: Databases, act: str) -> None:
    """The commit happened unheard: again changes nothing more and answers as twice."""
    registrar = make_registrar(databases)
    scene = await set_scene(registrar)
    broken = break_at(registrar.database, act, persisted=True)
    before = await stored_rows(registrar.database, metadata)
    with pytest.raises(ConnectionBrokenError):
        await WRITES[act](make_registrar(databases, database=broken), scene)
    after = await stored_rows(registrar.database, metadata)
    assert after != before
    answer = await WRITES[act](registrar, scene)
    assert await stored_rows(registrar.database, metadata) == after
    assert await WRITES[act](registrar, scene) == answer


async def test_blind_signature_lost_on_its_way(databases: Databases) -> None:
    """The issuance is committed before its signature leaves; the phone asks again and has it."""
    registrar = make_registrar(databases)
    scene = await set_scene(registrar)
    broken = break_at(registrar.database, "issue tokens", persisted=True)
    with pytest.raises(ConnectionBrokenError):
        await issue_tokens(
            make_registrar(databases, database=broken), scene.issuing.uuid, 1, scene.request
        )
    assert (await issuance_progress(registrar, scene.issuing.uuid)).issued == 2
    (signature,) = await issue_tokens(registrar, scene.issuing.uuid, 1, scene.request)
    assert len(signature) == 384
    assert (await issuance_progress(registrar, scene.issuing.uuid)).issued == 2


async def test_crash_in_the_middle_of_closing(databases: Databases) -> None:
    """Issuing is closed but its issuances were not read: closing again gives them all."""
    registrar = make_registrar(databases)
    scene = await set_scene(registrar)
    broken = break_at(registrar.database, "read issuances", persisted=False)
    with pytest.raises(ConnectionBrokenError):
        await close_issuing(make_registrar(databases, database=broken), scene.issuing.uuid)
    await set_attendance(
        registrar, scene.issuing.meeting_id, MemberAttendance(no=1, state="absent")
    )
    (entry,) = await close_issuing(registrar, scene.issuing.uuid)
    assert entry.member == 2
    at_closing = await closing_attendance(registrar, scene.issuing.uuid)
    now = await read_attendance(registrar, scene.issuing.meeting_id)
    assert (at_closing[0].state, now[0].state) == ("present", "absent")
