"""Attendance by the secretary and by signed check-in (protocol.md §1)."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from crypto.device_keys import checkin_message
from schemas.roster import MemberAttendance
from services.database import Databases
from services.registrar.attendance import (
    CHECKIN_NONCE_TTL_S,
    attendance_counts,
    check_in,
    create_checkin_nonce,
    open_meeting,
    read_attendance,
    set_attendance,
)
from services.registrar.errors import (
    AttendanceNotFoundError,
    AttendanceTimesError,
    CheckInNonceError,
    CheckInSignatureError,
    HoldsBallotError,
    NotOnRosterError,
    ReasonNotCanonicalError,
)
from services.registrar.issuing import issue_tokens
from services.registrar.model import AttendanceCounts, CheckIn, DeviceSignature, MeetingMember
from services.registrar.party import Registrar
from tests.sample_issuances import MemberDevice, open_sample_issuing, open_sample_meeting
from tests.sample_parties import ORIGIN, RP_ID, make_registrar
from tests.unit.crypto.software_authenticator import SoftwareAuthenticator

MORNING = "2026-03-12T09:00:00+07:00"
NOON = "2026-03-12T12:00:00+07:00"


async def signed_check_in(
    registrar: Registrar, meeting_id: str, device: MemberDevice, *, online: bool = False
) -> CheckIn:
    nonce = await create_checkin_nonce(registrar, meeting_id, device.no)
    message = checkin_message(meeting_id, device.no, nonce)
    return CheckIn(nonce, online, device.sign(message))


async def test_members_without_a_word(registrar: Registrar) -> None:
    """A member of whom nothing was noted is absent."""
    meeting_id = secrets.token_hex(16)
    await open_meeting(registrar, meeting_id, [3, 1])
    attendance = await read_attendance(registrar, meeting_id)
    assert [(each.no, each.state) for each in attendance] == [(1, "absent"), (3, "absent")]


async def test_counts_of_a_meeting(registrar: Registrar) -> None:
    """Present, online and consulted members can vote."""
    counts = await attendance_counts(registrar, await open_sample_meeting(registrar))
    assert counts == AttendanceCounts(total=5, present=2, online=1, absent_consulted=1, absent=1)
    assert counts.can_vote == 4


async def test_meeting_opened_again(registrar: Registrar) -> None:
    """Opening again keeps what was noted and takes over the new list."""
    meeting_id = await open_sample_meeting(registrar)
    await open_meeting(registrar, meeting_id, [1, 4, 6])
    attendance = await read_attendance(registrar, meeting_id)
    assert [(each.no, each.state) for each in attendance] == [
        (1, "present"),
        (4, "absent"),
        (6, "absent"),
    ]


async def test_times_and_reason(registrar: Registrar) -> None:
    """What the secretary notes is read back, times and reason with it."""
    meeting_id = await open_sample_meeting(registrar)
    late = MemberAttendance(no=4, state="present", arrived_at=MORNING, left_at=NOON)
    excused = MemberAttendance(no=1, state="absent", reason="Đi công tác")
    await set_attendance(registrar, meeting_id, late)
    await set_attendance(registrar, meeting_id, excused)
    attendance = await read_attendance(registrar, meeting_id)
    assert attendance[3] == late
    assert attendance[0] == excused


@pytest.mark.parametrize(
    "attendance",
    [
        MemberAttendance(no=1, state="present", arrived_at=NOON, left_at=MORNING),
        MemberAttendance(no=1, state="absent", left_at=NOON),
        MemberAttendance(no=1, state="absent_consulted", arrived_at=MORNING),
        MemberAttendance(no=1, state="online", arrived_at="2026-02-30T09:00:00Z"),
        MemberAttendance(no=1, state="online", arrived_at="0001-01-01T00:00:00+14:00"),
        MemberAttendance(no=1, state="online", left_at="9999-12-31T23:59:59Z"),
    ],
)
async def test_impossible_times(registrar: Registrar, attendance: MemberAttendance) -> None:
    """Times exist, coming is before leaving, and the absent have none."""
    meeting_id = await open_sample_meeting(registrar)
    before = await read_attendance(registrar, meeting_id)
    with pytest.raises(AttendanceTimesError):
        await set_attendance(registrar, meeting_id, attendance)
    assert await read_attendance(registrar, meeting_id) == before


@pytest.mark.parametrize("reason", ["a\nb", "a\x00b", "o\u0302m"])
async def test_reason_for_the_record(registrar: Registrar, reason: str) -> None:
    """A reason that attendance.json could not hold is refused now, not when voting closes."""
    meeting_id = await open_sample_meeting(registrar)
    with pytest.raises(ReasonNotCanonicalError):
        await set_attendance(
            registrar, meeting_id, MemberAttendance(no=1, state="absent", reason=reason)
        )


async def test_stranger_and_unknown_meeting(registrar: Registrar) -> None:
    """Attendance is of members of the meeting's council only."""
    meeting_id = await open_sample_meeting(registrar)
    stranger = MemberAttendance(no=77, state="present")
    with pytest.raises(NotOnRosterError):
        await set_attendance(registrar, meeting_id, stranger)
    with pytest.raises(NotOnRosterError):
        await create_checkin_nonce(registrar, meeting_id, 77)
    with pytest.raises(AttendanceNotFoundError):
        await set_attendance(registrar, secrets.token_hex(16), stranger)
    with pytest.raises(AttendanceNotFoundError):
        await read_attendance(registrar, secrets.token_hex(16))


async def test_holder_of_a_ballot_declared_absent(registrar: Registrar) -> None:
    """Who holds a ballot stays entitled (V6); leaving is noted as a time."""
    issuing = await open_sample_issuing(registrar)
    await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    with pytest.raises(HoldsBallotError):
        await set_attendance(registrar, issuing.meeting_id, MemberAttendance(no=1, state="absent"))
    left = MemberAttendance(no=1, state="present", left_at=NOON)
    await set_attendance(registrar, issuing.meeting_id, left)
    assert (await read_attendance(registrar, issuing.meeting_id))[0] == left
    # Who holds none may be absent.
    await set_attendance(registrar, issuing.meeting_id, MemberAttendance(no=2, state="absent"))


@pytest.mark.parametrize(("online", "state"), [(False, "present"), (True, "online")])
async def test_signed_check_in(registrar: Registrar, online: bool, state: str) -> None:
    """A member's own device enters the member, with the time of coming."""
    meeting_id, device = await open_sample_meeting(registrar), MemberDevice(4)
    request = await signed_check_in(registrar, meeting_id, device, online=online)
    await check_in(registrar, meeting_id, MeetingMember(4, device.key), request)
    entered = (await read_attendance(registrar, meeting_id))[3]
    assert entered.state == state
    assert entered.arrived_at is not None


async def test_check_in_by_passkey(registrar: Registrar) -> None:
    """A passkey's assertion over the same message checks in too."""
    meeting_id = await open_sample_meeting(registrar)
    passkey = SoftwareAuthenticator(rp_id=RP_ID, origin=ORIGIN)
    key = MemberDevice(4, "passkey", passkey.private_key).key
    nonce = await create_checkin_nonce(registrar, meeting_id, 4)
    made = passkey.sign(checkin_message(meeting_id, 4, nonce))
    signed = DeviceSignature(made.signature, made.authenticator_data, made.client_data)
    await check_in(registrar, meeting_id, MeetingMember(4, key), CheckIn(nonce, False, signed))
    assert (await read_attendance(registrar, meeting_id))[3].state == "present"


async def test_check_in_sent_again(registrar: Registrar) -> None:
    """The same request again changes nothing, also after the secretary noted otherwise."""
    meeting_id, device = await open_sample_meeting(registrar), MemberDevice(4)
    member = MeetingMember(4, device.key)
    request = await signed_check_in(registrar, meeting_id, device)
    await check_in(registrar, meeting_id, member, request)
    await set_attendance(registrar, meeting_id, MemberAttendance(no=4, state="absent"))
    await check_in(registrar, meeting_id, member, request)
    assert (await read_attendance(registrar, meeting_id))[3].state == "absent"
    other = CheckIn(request.nonce, True, request.signed)
    with pytest.raises(CheckInNonceError):
        await check_in(registrar, meeting_id, member, other)


async def test_check_in_with_another_device(registrar: Registrar) -> None:
    """Only the member's own key checks the member in."""
    meeting_id, device = await open_sample_meeting(registrar), MemberDevice(4)
    request = await signed_check_in(registrar, meeting_id, device)
    for key in (MemberDevice(4).key, MemberDevice(4, "passkey", device.private_key).key, None):
        with pytest.raises(CheckInSignatureError):
            await check_in(registrar, meeting_id, MeetingMember(4, key), request)
    short = CheckIn(request.nonce[:31], False, request.signed)
    with pytest.raises(CheckInSignatureError):
        await check_in(registrar, meeting_id, MeetingMember(4, device.key), short)
    assert (await read_attendance(registrar, meeting_id))[3].state == "absent"


async def test_nonce_of_another_time_or_member(databases: Databases) -> None:
    """A nonce is for one member, replaces the one before, and expires."""
    now = datetime(2026, 3, 12, 2, tzinfo=UTC)
    registrar = make_registrar(databases, lambda: now)
    meeting_id, device = await open_sample_meeting(registrar), MemberDevice(4)
    member = MeetingMember(4, device.key)
    replaced = await signed_check_in(registrar, meeting_id, device)
    current = await signed_check_in(registrar, meeting_id, device)
    with pytest.raises(CheckInNonceError):
        await check_in(registrar, meeting_id, member, replaced)
    foreign = await create_checkin_nonce(registrar, meeting_id, 1)
    signed = device.sign(checkin_message(meeting_id, 4, foreign))
    with pytest.raises(CheckInNonceError):
        await check_in(registrar, meeting_id, member, CheckIn(foreign, False, signed))
    later = make_registrar(databases, lambda: now + timedelta(seconds=CHECKIN_NONCE_TTL_S))
    with pytest.raises(CheckInNonceError):
        await check_in(later, meeting_id, member, current)
    await check_in(registrar, meeting_id, member, current)
