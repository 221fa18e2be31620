"""Who is in the meeting: set by the secretary or by a signed check-in (protocol.md §1)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.device_keys import checkin_message
from crypto.errors import CryptoError
from schemas.roster import MemberAttendance
from services.clock import instant_text
from services.registrar.errors import (
    AttendanceNotFoundError,
    AttendanceTimesError,
    CheckInNonceError,
    CheckInSignatureError,
    HoldsBallotError,
    NotOnRosterError,
    ReasonNotCanonicalError,
)
from services.registrar.model import (
    ENTITLED,
    AttendanceCounts,
    CheckIn,
    MeetingMember,
    complete_attendance,
    count_attendance,
    reason_is_canonical,
    times_are_possible,
)
from services.registrar.party import Registrar
from services.registrar.signatures import verify_signed
from services.registrar.store import RegistrarStore

CHECKIN_NONCE_BYTES: Final = 32
CHECKIN_NONCE_TTL_S: Final = 300


async def open_meeting(registrar: Registrar, meeting_id: str, members: Sequence[int]) -> None:
    """Keep attendance for the members of this meeting's council; again replaces the list."""

    async def work(connection: AsyncConnection) -> None:
        await RegistrarStore(connection).put_meeting(meeting_id, sorted(set(members)))

    await registrar.database.transact("open meeting", work)


async def set_attendance(
    registrar: Registrar, meeting_id: str, attendance: MemberAttendance
) -> None:
    """
    Write what the secretary says of one member (protocol.md §1).

    Who holds a ballot of a running election stays entitled: V6 asks that of every issuance. Raises
    AttendanceTimesError, ReasonNotCanonicalError, AttendanceNotFoundError, NotOnRosterError,
    HoldsBallotError.
    """
    if not times_are_possible(attendance):
        raise AttendanceTimesError
    if not reason_is_canonical(attendance):
        raise ReasonNotCanonicalError

    async def work(connection: AsyncConnection) -> None:
        store = RegistrarStore(connection)
        await _require_member(store, meeting_id, attendance.no)
        if attendance.state not in ENTITLED and await store.holds_ballot(meeting_id, attendance.no):
            raise HoldsBallotError(member=attendance.no)
        await store.put_attendance(meeting_id, attendance)

    await registrar.database.transact("set attendance", work)


async def create_checkin_nonce(registrar: Registrar, meeting_id: str, member: int) -> bytes:
    """A nonce of 32 bytes for the member's next check-in; it replaces an older one."""
    nonce = registrar.randomness(CHECKIN_NONCE_BYTES)
    expires_at = registrar.clock() + timedelta(seconds=CHECKIN_NONCE_TTL_S)

    async def work(connection: AsyncConnection) -> None:
        store = RegistrarStore(connection)
        await _require_member(store, meeting_id, member)
        await store.put_nonce(meeting_id, member, nonce, expires_at)

    await registrar.database.transact("create check-in nonce", work)
    return nonce


async def check_in(
    registrar: Registrar, meeting_id: str, member: MeetingMember, request: CheckIn
) -> None:
    """
    Enter a member as present or online by the signature of its own device (protocol.md §1, §11).

    The same request again changes nothing. Raises AttendanceNotFoundError, NotOnRosterError,
    CheckInNonceError, CheckInSignatureError.
    """
    if member.key is None or len(request.nonce) != CHECKIN_NONCE_BYTES:
        raise CheckInSignatureError
    try:
        verify_signed(
            member.key,
            checkin_message(meeting_id, member.no, request.nonce),
            request.signed,
            registrar.settings.rp_id,
            registrar.settings.origins,
        )
    except CryptoError:
        raise CheckInSignatureError from None
    now = registrar.clock()

    async def work(connection: AsyncConnection) -> None:
        store = RegistrarStore(connection)
        await _require_member(store, meeting_id, member.no)
        stored = await store.read_nonce(meeting_id, member.no)
        if stored is None or stored.nonce != request.nonce:
            raise CheckInNonceError
        if stored.used_online == request.online:
            return  # the client never saw our first answer
        if stored.used_online is not None or stored.expires_at <= now:
            raise CheckInNonceError
        await store.use_nonce(meeting_id, member.no, request.online)
        before = await store.read_attendance_of(meeting_id, member.no)
        await store.put_attendance(
            meeting_id,
            MemberAttendance(
                no=member.no,
                state="online" if request.online else "present",
                arrived_at=before.arrived_at or instant_text(now),
            ),
        )

    await registrar.database.transact("check in", work)


async def read_attendance(registrar: Registrar, meeting_id: str) -> tuple[MemberAttendance, ...]:
    """Every member's attendance, by number. Raises AttendanceNotFoundError."""

    async def work(connection: AsyncConnection) -> tuple[MemberAttendance, ...]:
        return await read_complete(RegistrarStore(connection), meeting_id)

    return await registrar.database.transact("read attendance", work)


async def attendance_counts(registrar: Registrar, meeting_id: str) -> AttendanceCounts:
    """How many members are here and how. Raises AttendanceNotFoundError."""
    return count_attendance(await read_attendance(registrar, meeting_id))


async def read_complete(
    store: RegistrarStore, meeting_id: str, also: Sequence[int] = ()
) -> tuple[MemberAttendance, ...]:
    """Attendance of every member and of `also`, inside the caller's transaction."""
    members = await store.read_members(meeting_id)
    if members is None:
        raise AttendanceNotFoundError
    return complete_attendance({*members, *also}, await store.read_attendance(meeting_id))


async def _require_member(store: RegistrarStore, meeting_id: str, member: int) -> None:
    members = await store.read_members(meeting_id)
    if members is None:
        raise AttendanceNotFoundError
    if member not in members:
        raise NotOnRosterError(member=member)
