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
class KnownKey:
    """Which key is an account's current one; `fingerprint` of 32 bytes."""

    kind: KeyKind
    fingerprint: bytes


@dataclass(frozen=True)
class KnownDevice:
    """A device key that logs in, or did until another took its place, and whose it is."""

    account: Account
    kind: KeyKind
    spki: bytes
    is_current: bool


@dataclass(frozen=True)
class Profile:
    """An account with what its own screens show; `key` is the device key that logs it in."""

    account: Account
    council_name: str | None
    key: KnownKey | None


@dataclass(frozen=True)
class CouncilSummary:
    id: str
    name: str
    members: int


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
