"""
Endpoints of attendance, check-in and issuing.

Who asks is found by layers above, which know councils and elections, and handed in by name:
`viewer_of_meeting`, `member_of_meeting`, `member_of_election` (services/election/identifying.py).
"""

from typing import Any

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas import base64url
from schemas.api import EmptyBody, Identifier
from schemas.api_registrar import (
    AttendanceBody,
    AttendanceView,
    CheckInBody,
    IssuanceAnswer,
    IssuanceBody,
    MemberAttendanceView,
    NonceView,
    OwnIssuanceView,
)
from schemas.fields import MemberNumber
from schemas.roster import MemberAttendance
from services.accounts import Account
from services.problems import documented
from services.registrar.attendance import (
    check_in,
    create_checkin_nonce,
    read_attendance,
    set_attendance,
)
from services.registrar.errors import (
    AlreadyIssuedError,
    AttendanceNotFoundError,
    AttendanceTimesError,
    BlindedMessageInvalidError,
    CheckInNonceError,
    CheckInSignatureError,
    HoldsBallotError,
    IssuanceNotFoundError,
    IssuanceOtherKeyError,
    IssuanceSignatureInvalidError,
    IssuingNotFoundError,
    IssuingStateError,
    NotEntitledError,
    NotOnRosterError,
    ReasonNotCanonicalError,
)
from services.registrar.issuing import confirm_issuance, issue_tokens, read_own_issuance
from services.registrar.model import MeetingMember, count_attendance
from services.registrar.party import Registrar
from services.registrar.requests import read_check_in, read_issuance_request


def _view(attendance: tuple[MemberAttendance, ...]) -> AttendanceView:
    counts = count_attendance(attendance)
    return AttendanceView(
        members=tuple(
            msgspec.convert(each, MemberAttendanceView, from_attributes=True) for each in attendance
        ),
        present=counts.present,
        online=counts.online,
        absent_consulted=counts.absent_consulted,
        absent=counts.absent,
    )


@get(
    "/meetings/{meeting_id:str}/attendance",
    summary="Read the attendance",
    responses=documented(401, AttendanceNotFoundError),
)
async def get_attendance(
    meeting_id: FromPath[Identifier],
    viewer_of_meeting: NamedDependency[Account],
    registrar: NamedDependency[Registrar],
) -> AttendanceView:
    """Who is here and how, for members and auditors of the council and the secretary."""
    return _view(await read_attendance(registrar, meeting_id))


@put(
    "/meetings/{meeting_id:str}/members/{no:int}/attendance",
    status_code=204,
    summary="Note a member's attendance",
    responses=documented(
        401,
        AttendanceNotFoundError,
        NotOnRosterError,
        AttendanceTimesError,
        ReasonNotCanonicalError,
        HoldsBallotError,
    ),
)
async def put_attendance(
    meeting_id: FromPath[Identifier],
    no: FromPath[MemberNumber],
    data: JSONBody[AttendanceBody],
    account: NamedDependency[Account],
    registrar: NamedDependency[Registrar],
) -> None:
    """One member's attendance, by the secretary."""
    account.require_secretary()
    attendance = MemberAttendance(
        no=no,
        state=data.state,
        reason=data.reason,
        arrived_at=data.arrived_at,
        left_at=data.left_at,
    )
    await set_attendance(registrar, meeting_id, attendance)


@post(
    "/meetings/{meeting_id:str}/checkin/nonces",
    summary="Ask for a nonce to check in",
    responses=documented(401, AttendanceNotFoundError, NotOnRosterError),
)
async def post_checkin_nonce(
    meeting_id: FromPath[Identifier],
    data: JSONBody[EmptyBody],
    member_of_meeting: NamedDependency[MeetingMember],
    registrar: NamedDependency[Registrar],
) -> NonceView:
    """A nonce for this member's next check-in; it replaces an older one."""
    nonce = await create_checkin_nonce(registrar, meeting_id, member_of_meeting.no)
    return NonceView(nonce=nonce.hex())


@post(
    "/meetings/{meeting_id:str}/checkin",
    status_code=204,
    summary="Check in",
    responses=documented(
        401, AttendanceNotFoundError, NotOnRosterError, CheckInNonceError, CheckInSignatureError
    ),
)
async def post_checkin(
    meeting_id: FromPath[Identifier],
    data: JSONBody[CheckInBody],
    member_of_meeting: NamedDependency[MeetingMember],
    registrar: NamedDependency[Registrar],
) -> None:
    """A member comes to the meeting, by the signature of its own device."""
    await check_in(registrar, meeting_id, member_of_meeting, read_check_in(data))


@post(
    "/elections/{uuid:str}/issuance",
    status_code=200,
    summary="Take a ballot",
    responses=documented(
        401,
        IssuingNotFoundError,
        IssuingStateError,
        NotEntitledError,
        IssuanceOtherKeyError,
        IssuanceSignatureInvalidError,
        BlindedMessageInvalidError,
        AlreadyIssuedError,
    ),
)
async def post_issuance(
    uuid: FromPath[str],
    data: JSONBody[IssuanceBody],
    member_of_election: NamedDependency[int],
    registrar: NamedDependency[Registrar],
) -> IssuanceAnswer:
    """Blind signatures on this member's blinded messages; the same request, the same answer."""
    request = read_issuance_request(data)
    signatures = await issue_tokens(registrar, uuid, member_of_election, request)
    return IssuanceAnswer(blind_signatures=tuple(base64url.encode(each) for each in signatures))


@post(
    "/elections/{uuid:str}/issuance/confirmation",
    status_code=204,
    summary="Confirm a ballot",
    responses=documented(401, IssuanceNotFoundError),
)
async def post_issuance_confirmation(
    uuid: FromPath[str],
    data: JSONBody[EmptyBody],
    member_of_election: NamedDependency[int],
    registrar: NamedDependency[Registrar],
) -> None:
    """The member's phone has stored its finished token: the start of voting waits for these."""
    await confirm_issuance(registrar, uuid, member_of_election)


@get(
    "/elections/{uuid:str}/issuance/mine",
    summary="Did I take a ballot",
    responses=documented(401, 404),
)
async def get_own_issuance(
    uuid: FromPath[str],
    member_of_election: NamedDependency[int],
    registrar: NamedDependency[Registrar],
) -> OwnIssuanceView:
    """About the asking member alone: its ballot may be on another phone than the one that asks."""
    own = await read_own_issuance(registrar, uuid, member_of_election)
    return OwnIssuanceView(issued=own.issued, confirmed=own.confirmed, late=own.late)


handlers: list[Any] = [
    get_attendance,
    put_attendance,
    post_checkin_nonce,
    post_checkin,
    post_issuance,
    post_issuance_confirmation,
    get_own_issuance,
]
