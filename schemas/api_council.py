"""API bodies of councils, enrolment and login."""

from typing import Annotated, Literal

import msgspec

from schemas.api import Body, Identifier, View
from schemas.fields import (
    Bytes,
    Count,
    Date,
    Hash,
    Instant,
    KeyKind,
    MemberNumber,
    OptionalText,
    ShortText,
)
from schemas.rules import Base, Comparator, ShareText
from schemas.terms import Council

EnrolmentCode = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{43}$", max_length=43)]
"""32 random bytes, base64url: the secret of an invitation."""

Origin = Annotated[str, msgspec.Meta(min_length=8, max_length=200)]


class InspectionBody(Body, frozen=True, kw_only=True):
    code: EnrolmentCode


class InspectionView(View, frozen=True, kw_only=True):
    """Whose invitation it is, so that a phone can ask "is that you?" before it enrols."""

    name: ShortText
    council_name: ShortText | None = None


class EnrolmentBody(Body, frozen=True, kw_only=True):
    """`spki` is the device's ES256 key, 91 bytes (protocol.md §11 "Device keys")."""

    code: EnrolmentCode
    spki: Bytes
    kind: KeyKind


class AccountView(View, frozen=True, kw_only=True):
    """
    A person; `device_kind` and `fingerprint` (SHA-256 of the SPKI) are of the one current key.

    A client that holds keys of several persons knows by the fingerprint which one is this one's.
    """

    id: Identifier
    name: ShortText
    roles: list[Literal["secretary", "auditor", "member"]]
    council_id: Identifier | None = None
    council_name: ShortText | None = None
    member: MemberNumber | None = None
    device_kind: KeyKind | None = None
    fingerprint: Hash | None = None


class LoginNonceView(View, frozen=True, kw_only=True):
    nonce: Hash


class LoginBody(Body, frozen=True, kw_only=True):
    """
    A signature over the `login` message (protocol.md §11), by the key of that fingerprint.

    `authenticator_data` and `client_data` belong to a passkey's assertion, and only to it.
    """

    nonce: Hash
    fingerprint: Hash
    origin: Origin
    signature: Bytes
    authenticator_data: Bytes | None = None
    client_data: Bytes | None = None


class CouncilBody(Body, frozen=True, kw_only=True):
    council: Council


class NewMember(Body, frozen=True, kw_only=True):
    no: MemberNumber
    name: ShortText
    position: OptionalText
    council_role: OptionalText


class MembersBody(Body, frozen=True, kw_only=True):
    members: Annotated[tuple[NewMember, ...], msgspec.Meta(min_length=1, max_length=500)]


class MemberView(View, frozen=True, omit_defaults=False, kw_only=True):
    no: MemberNumber
    name: ShortText
    position: OptionalText
    council_role: OptionalText
    enrolled: bool


class CouncilView(View, frozen=True, omit_defaults=False, kw_only=True):
    id: Identifier
    council: Council
    members: list[MemberView]


class CouncilSummary(View, frozen=True, kw_only=True):
    """`members`: how many there are."""

    id: Identifier
    name: ShortText
    members: Count


class CouncilsView(View, frozen=True, kw_only=True):
    """By name."""

    councils: list[CouncilSummary]


class InvitationView(View, frozen=True, kw_only=True):
    """`link` holds the code behind `#`, where browsers send it to nobody."""

    code: EnrolmentCode
    link: str
    expires_at: Instant


class AuditorBody(Body, frozen=True, kw_only=True):
    name: ShortText


class AuditorView(View, frozen=True, kw_only=True):
    account: AccountView
    code: EnrolmentCode
    link: str
    expires_at: Instant


class AuditorsView(View, frozen=True, kw_only=True):
    """By name; who has no device yet has no `device_kind`."""

    auditors: list[AccountView]


class SecretaryBody(Body, frozen=True, kw_only=True):
    name: ShortText


class SecretaryView(View, frozen=True, kw_only=True):
    account: AccountView
    code: EnrolmentCode
    link: str
    expires_at: Instant


class SecretariesView(View, frozen=True, kw_only=True):
    """By name; who has no device yet has no `device_kind`."""

    secretaries: list[AccountView]


class PresetRule(View, frozen=True, kw_only=True):
    share: ShareText
    comparator: Comparator
    base: Base


class Preset(View, frozen=True, kw_only=True):
    """
    A pass rule to start from (words.md §7 of the design); the secretary checks it before use.

    `citation` is absent where the council's own rules must be named. Outside of its dates the
    preset asks for another citation.
    """

    name: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]*$")]
    awards: list[ShortText]
    caution: ShortText
    rule: PresetRule | None = None
    citation: ShortText | None = None
    citation_hint: ShortText | None = None
    valid_from: Date | None = None
    valid_until: Date | None = None


class QuorumPreset(View, frozen=True, kw_only=True):
    share: ShareText
    source: ShortText


class PresetsView(View, frozen=True, kw_only=True):
    """`notice` is shown above every list of presets."""

    notice: ShortText
    presets: list[Preset]
    quorums: list[QuorumPreset]
