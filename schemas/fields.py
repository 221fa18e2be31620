"""Field types shared by the record and the API: bounded strings with one spelling each."""

from typing import Annotated, Literal

import msgspec

# Python's `$` also stands before a last newline, JSON Schema's does not: hence the lengths.
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", max_length=64)]
"""A SHA-256 value in lowercase hex."""

Bytes = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]*$", max_length=8192)]
"""Bytes as base64url without padding; unused bits zero (checked where it is decoded)."""

ElectionUuid = Annotated[str, msgspec.Meta(pattern="^[1-9A-HJ-NP-Za-km-z]{14,32}$")]
"""A Belenios uuid: base58, 14 characters when we draw it (belenios-format §3)."""

Fingerprint = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9+/]{43}$", max_length=43)]
"""phi: standard Base64 of SHA-256(election.json), without padding."""

ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
OptionalText = Annotated[str, msgspec.Meta(max_length=300)]
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]

Instant = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$"
    ),
]
"""A time with its offset, RFC 3339, whole seconds."""

Date = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]

MemberNumber = Annotated[int, msgspec.Meta(ge=1, le=500)]
NominationNumber = Annotated[int, msgspec.Meta(ge=1, le=200)]
TrusteeIndex = Annotated[int, msgspec.Meta(ge=1, le=20)]
Count = Annotated[int, msgspec.Meta(ge=0, le=500)]

GroupName = Literal["Ed25519", "BELENIOS-2048"]
AttendanceState = Literal["present", "online", "absent_consulted", "absent"]
KeyKind = Literal["device", "passkey", "kiosk"]
NomineeKind = Literal["individual", "collective", "household"]
MeetingKind = Literal["regular", "extraordinary"]
PaperKind = Literal["counting", "meeting"]
VotingLeader = Literal["secretary", "presiding", "head_teller"]
"""Who starts, or who ends, the voting of a meeting's elections: a setting of the meeting."""

HallShows = Literal["all", "passed"]
"""What the hall screen shows of an announced result: every case, or only those that passed."""

AddressForm = Literal["dong_chi", "ong_ba", "thay_co"]
"""How screens address members: "đồng chí", "ông/bà", "thầy/cô"."""

CancellationReason = Literal[
    "council_decision", "too_few_ballots", "promised_ballot_missing", "trustees_unavailable"
]
