"""Endpoints of councils, enrolment and login."""

from typing import Any, Final

from litestar import Request, Response, get, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas.api import EmptyBody, Identifier
from schemas.api_council import (
    AccountView,
    CouncilBody,
    CouncilSummary,
    CouncilsView,
    CouncilView,
    EnrolmentBody,
    InspectionBody,
    InspectionView,
    InvitationView,
    LoginBody,
    LoginNonceView,
    MembersBody,
    MemberView,
    PresetsView,
)
from schemas.fields import MemberNumber
from schemas.roster import RosterMember
from services.accounts import Account, LoginRequiredError, NotAllowedError
from services.council.accounts_http import account_handlers, account_view, invitation_view
from services.council.enrolling import enrol_device, inspect_invitation, invite_member
from services.council.errors import (
    CouncilNotFoundError,
    DeviceKeyInvalidError,
    DeviceKeyTakenError,
    DeviceReplacedError,
    InvitationExpiredError,
    InvitationUnknownError,
    InvitationUsedError,
    LoginNonceUnknownError,
    LoginRefusedError,
    MemberNotFoundError,
    MemberNumbersError,
    NameNotCanonicalError,
)
from services.council.founding import found_council, put_members
from services.council.login import LoginRequest, find_login, give_nonce, log_in, log_out
from services.council.model import CouncilRecord
from services.council.party import CouncilParty
from services.council.presets import PRESETS
from services.council.reading import list_councils, read_council, read_profile
from services.problems import documented

LOGIN_COOKIE: Final = "__Host-phieukin_login"


async def require_account(
    request: Request[Any, Any, Any], council_party: NamedDependency[CouncilParty]
) -> Account:
    """Who is logged in, by the cookie; provided to handlers as `account`."""
    cookie = request.cookies.get(LOGIN_COOKIE)
    account = None if cookie is None else await find_login(council_party, cookie)
    if account is None:
        raise LoginRequiredError
    return account


def login_cookie(value: str, max_age_s: int) -> Cookie:
    return Cookie(
        LOGIN_COOKIE,
        "/",
        value,
        max_age=max_age_s,
        secure=True,
        httponly=True,
        samesite="strict",
    )


def _council_view(record: CouncilRecord) -> CouncilView:
    return CouncilView(
        id=record.id,
        council=record.council,
        members=[
            MemberView(
                no=member.no,
                name=member.name,
                position=member.position,
                council_role=member.council_role,
                enrolled=member.key is not None,
            )
            for member in record.members
        ],
    )


@post(
    "/enrolments/inspect",
    status_code=200,
    summary="Whose invitation is this",
    responses=documented(InvitationExpiredError, InvitationUnknownError, InvitationUsedError),
)
async def post_inspection(
    data: JSONBody[InspectionBody], council_party: NamedDependency[CouncilParty]
) -> InspectionView:
    """The name on an invitation, before a device enrols with it; the code stays good."""
    name, council_name = await inspect_invitation(council_party, data.code)
    return InspectionView(name=name, council_name=council_name)


@post(
    "/enrolments",
    summary="Enrol a device",
    responses=documented(
        DeviceKeyInvalidError,
        DeviceKeyTakenError,
        InvitationExpiredError,
        InvitationUnknownError,
        InvitationUsedError,
    ),
)
async def post_enrolment(
    data: JSONBody[EnrolmentBody], council_party: NamedDependency[CouncilParty]
) -> AccountView:
    """Register a public key (ES256) with the one-time code of an invitation."""
    account = await enrol_device(council_party, data.code, data.spki, data.kind)
    return account_view(await read_profile(council_party, account))


@post("/login/nonces", summary="A nonce to sign", responses=documented())
async def post_login_nonce(
    data: JSONBody[EmptyBody], council_party: NamedDependency[CouncilParty]
) -> LoginNonceView:
    """32 bytes for one login within five minutes."""
    return LoginNonceView(nonce=(await give_nonce(council_party)).hex())


@post(
    "/login",
    status_code=200,
    summary="Log in by a device key",
    responses=documented(DeviceReplacedError, LoginNonceUnknownError, LoginRefusedError),
)
async def post_login(
    data: JSONBody[LoginBody], council_party: NamedDependency[CouncilParty]
) -> Response[AccountView]:
    """A signature over origin and nonce by the device's key; sets the login cookie."""
    account, cookie = await log_in(
        council_party,
        LoginRequest(
            nonce=bytes.fromhex(data.nonce),
            fingerprint=bytes.fromhex(data.fingerprint),
            origin=data.origin,
            signature=data.signature,
            authenticator_data=data.authenticator_data,
            client_data=data.client_data,
        ),
    )
    cookies = [login_cookie(cookie, council_party.settings.login_ttl_s)]
    view = account_view(await read_profile(council_party, account))
    return Response(view, status_code=200, cookies=cookies)


@post(
    "/logout",
    status_code=204,
    summary="Log out",
    response_cookies=[login_cookie("", 0)],
    responses=documented(),
)
async def post_logout(
    data: JSONBody[EmptyBody],
    request: Request[Any, Any, Any],
    council_party: NamedDependency[CouncilParty],
) -> None:
    """End this login, if there is one."""
    if (cookie := request.cookies.get(LOGIN_COOKIE)) is not None:
        await log_out(council_party, cookie)


@post(
    "/councils",
    summary="Set up a council",
    responses=documented(LoginRequiredError, NotAllowedError),
)
async def post_council(
    data: JSONBody[CouncilBody],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> CouncilView:
    """By the secretary."""
    account.require_secretary()
    return _council_view(await found_council(council_party, data.council))


@get("/councils", summary="The councils", responses=documented(LoginRequiredError))
async def get_councils(
    account: NamedDependency[Account], council_party: NamedDependency[CouncilParty]
) -> CouncilsView:
    """All for the secretary, for members and auditors their own."""
    found = await list_councils(council_party, account)
    return CouncilsView(
        councils=[
            CouncilSummary(id=each.id, name=each.name, members=each.members) for each in found
        ]
    )


@get(
    "/councils/{council_id:str}",
    summary="A council and its members",
    responses=documented(LoginRequiredError, NotAllowedError, CouncilNotFoundError),
)
async def get_council(
    council_id: FromPath[Identifier],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> CouncilView:
    """For its members and auditors, and the secretary."""
    if not account.belongs_to(council_id):
        raise NotAllowedError
    return _council_view(await read_council(council_party, council_id))


@put(
    "/councils/{council_id:str}/members",
    summary="Replace the roster",
    responses=documented(
        LoginRequiredError,
        NotAllowedError,
        CouncilNotFoundError,
        MemberNumbersError,
        NameNotCanonicalError,
    ),
)
async def put_council_members(
    council_id: FromPath[Identifier],
    data: JSONBody[MembersBody],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> CouncilView:
    """By the secretary. A number with another name is another person, to be invited anew."""
    account.require_secretary()
    members = [
        RosterMember(
            no=each.no, name=each.name, position=each.position, council_role=each.council_role
        )
        for each in data.members
    ]
    return _council_view(await put_members(council_party, council_id, members))


@post(
    "/councils/{council_id:str}/members/{no:int}/invitation",
    summary="Invite a member",
    responses=documented(LoginRequiredError, NotAllowedError, MemberNotFoundError),
)
async def post_invitation(
    council_id: FromPath[Identifier],
    no: FromPath[MemberNumber],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> InvitationView:
    """A new one-time code by the secretary; an earlier one of this member ends."""
    account.require_secretary()
    return invitation_view(await invite_member(council_party, council_id, no))


@get("/presets", summary="Pass rules to start from", responses=documented())
async def get_presets() -> PresetsView:
    """For reference: the secretary compares them with the texts in force."""
    return PRESETS


handlers: list[Any] = [
    post_inspection,
    post_enrolment,
    post_login_nonce,
    post_login,
    post_logout,
    post_council,
    get_councils,
    get_council,
    put_council_members,
    post_invitation,
    get_presets,
    *account_handlers,
]
