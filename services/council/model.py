"""Councils and people as values."""

from dataclasses import dataclass
from datetime import datetime

from schemas.fields import KeyKind
from schemas.roster import RosterMember
from schemas.terms import Council
from services.accounts import Account


@dataclass(frozen=True)
class CouncilRecord:
    """A council with its members as they are now, by number, each with the current device key."""

    id: str
    council: Council
    members: tuple[RosterMember, ...]


@dataclass(frozen=True)
class NewDeviceKey:
    fingerprint: bytes  # 32 bytes
    spki: bytes
    kind: KeyKind


@dataclass(frozen=True)
class KnownDevice:
    """A device key that logs in, and whose it is."""

    account: Account
    kind: KeyKind
    spki: bytes


@dataclass(frozen=True)
class StoredInvitation:
    """`used_by` is the fingerprint of the device that was enrolled with it."""

    account: Account
    expires_at: datetime
    used_by: bytes | None


@dataclass(frozen=True)
class Invitation:
    """A code as it is handed out; only its hash is stored."""

    account: Account
    code: str
    link: str
    expires_at: datetime
