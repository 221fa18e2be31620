"""Endpoints of accounts: who is logged in, and who is no member: secretaries and auditors."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas.api import EmptyBody, Identifier
from schemas.api_council import (
    AccountView,
    AuditorBody,
    AuditorsView,
    AuditorView,
    InvitationView,
    SecretariesView,
    SecretaryBody,
    SecretaryView,
)
from services.accounts import Account, LoginRequiredError, NotAllowedError
from services.clock import instant_text
from services.council.enrolling import (
    invite_auditor,
    invite_auditor_again,
    invite_secretary,
    invite_secretary_again,
)
from services.council.errors import (
    AccountNotFoundError,
    CouncilNotFoundError,
    NameNotCanonicalError,
)
from services.council.model import Invitation, Profile
from services.council.party import CouncilParty
from services.council.reading import list_auditors, list_secretaries, read_profile
from services.problems import documented


def account_view(profile: Profile) -> AccountView:
    """A person as screens show them."""
    account, key = profile.account, profile.key
    return AccountView(
        id=account.id,
        name=account.name,
        roles=sorted(account.roles),
        council_id=account.council_id,
        council_name=profile.council_name,
        member=account.member,
        device_kind=None if key is None else key.kind,
        fingerprint=None if key is None else key.fingerprint.hex(),
    )


def invitation_view(invitation: Invitation) -> InvitationView:
    """A code as it is handed out, once."""
    return InvitationView(
        code=invitation.code,
        link=invitation.link,
        expires_at=instant_text(invitation.expires_at),
    )


@get("/me", summary="Who is logged in", responses=documented(LoginRequiredError))
async def get_me(
    account: NamedDependency[Account], council_party: NamedDependency[CouncilParty]
) -> AccountView:
    return account_view(await read_profile(council_party, account))


@post(
    "/councils/{council_id:str}/auditors",
    summary="Name an auditor",
    responses=documented(
        LoginRequiredError, NotAllowedError, CouncilNotFoundError, NameNotCanonicalError
    ),
)
async def post_auditor(
    council_id: FromPath[Identifier],
    data: JSONBody[AuditorBody],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> AuditorView:
    """An account that may read the council's records; by the secretary."""
    account.require_secretary()
    invitation = await invite_auditor(council_party, council_id, data.name)
    return AuditorView(
        account=account_view(await read_profile(council_party, invitation.account)),
        code=invitation.code,
        link=invitation.link,
        expires_at=instant_text(invitation.expires_at),
    )


@get(
    "/councils/{council_id:str}/auditors",
    summary="The auditors of a council",
    responses=documented(LoginRequiredError, NotAllowedError, CouncilNotFoundError),
)
async def get_auditors(
    council_id: FromPath[Identifier],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> AuditorsView:
    """For the secretary."""
    account.require_secretary()
    found = await list_auditors(council_party, council_id)
    return AuditorsView(auditors=[account_view(each) for each in found])


@post(
    "/councils/{council_id:str}/auditors/{account_id:str}/invitation",
    summary="Invite an auditor again",
    responses=documented(LoginRequiredError, NotAllowedError, AccountNotFoundError),
)
async def post_auditor_invitation(
    council_id: FromPath[Identifier],
    account_id: FromPath[Identifier],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> InvitationView:
    """A new one-time code; an earlier one ends, and a device enrolled with it takes the place."""
    account.require_secretary()
    return invitation_view(await invite_auditor_again(council_party, council_id, account_id))


@post(
    "/secretaries",
    summary="Name one more secretary",
    responses=documented(LoginRequiredError, NotAllowedError, NameNotCanonicalError),
)
async def post_secretary(
    data: JSONBody[SecretaryBody],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> SecretaryView:
    """A second person can take over the console; by a secretary, with the same rights."""
    account.require_secretary()
    invitation = await invite_secretary(council_party, data.name)
    return SecretaryView(
        account=account_view(await read_profile(council_party, invitation.account)),
        code=invitation.code,
        link=invitation.link,
        expires_at=instant_text(invitation.expires_at),
    )


@get(
    "/secretaries",
    summary="The secretaries",
    responses=documented(LoginRequiredError, NotAllowedError),
)
async def get_secretaries(
    account: NamedDependency[Account], council_party: NamedDependency[CouncilParty]
) -> SecretariesView:
    """For a secretary."""
    account.require_secretary()
    found = await list_secretaries(council_party)
    return SecretariesView(secretaries=[account_view(each) for each in found])


@post(
    "/secretaries/{account_id:str}/invitation",
    summary="Invite a secretary again",
    responses=documented(LoginRequiredError, NotAllowedError, AccountNotFoundError),
)
async def post_secretary_invitation(
    account_id: FromPath[Identifier],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    council_party: NamedDependency[CouncilParty],
) -> InvitationView:
    """A new one-time code, also for oneself; the device enrolled with it replaces the old one."""
    account.require_secretary()
    return invitation_view(await invite_secretary_again(council_party, account_id))


account_handlers: list[Any] = [
    *(get_me, post_auditor, get_auditors, post_auditor_invitation),
    *(post_secretary, get_secretaries, post_secretary_invitation),
]
