"""The hall screen's link, and what the screen shows: counts, codes, announced outcomes."""

from typing import Annotated, Literal

import msgspec

from schemas.api import Body, View
from schemas.api_election import Code
from schemas.fields import (
    AddressForm,
    CancellationReason,
    Count,
    Fingerprint,
    HallShows,
    Hash,
    Instant,
    NominationNumber,
    OptionalText,
    ShortText,
)

HallCode = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{43}$", max_length=43)]
"""32 random bytes, base64url: the secret of a hall link."""

HallState = Literal["waiting", "issuing", "voting", "closed", "counted", "minuted", "cancelled"]
"""The state of the election that the hall is at; `waiting` before ballots are issued."""


class HallBody(Body, frozen=True, kw_only=True):
    code: HallCode


class HallLinkView(View, frozen=True, kw_only=True):
    """`link` holds the code behind `#`, where browsers send it to nobody. Shown once."""

    code: HallCode
    link: str


class HallOutcome(View, frozen=True, kw_only=True):
    """One case of an announced result; `share_percent` as papers print it."""

    no: NominationNumber
    name: ShortText
    unit: OptionalText
    award: ShortText
    agree: Count
    disagree: Count
    blank: Count
    base: Count
    votes_needed: Annotated[int, msgspec.Meta(ge=0, le=501)]
    share_percent: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,3},[0-9]{2}$")]
    passed: bool


class HallView(View, frozen=True, kw_only=True):
    """
    What everybody in the hall may see (protocol.md §12); never a mark, never a running count.

    `phi`, `election_code` from issuing on, `seal_value` (hex), `seal_code`, `check_window_ends_at`
    from closing on, `outcomes` once announced: only the passed ones where `hall_shows` says so.
    Without an election `ballot_number`, `nominations`, `issued` and `returned` are 0.
    """

    council_name: ShortText
    meeting_title: ShortText
    venue: ShortText
    address_form: AddressForm
    hall_shows: HallShows
    state: HallState
    ballot_number: Annotated[int, msgspec.Meta(ge=0, le=2)]
    nominations: Annotated[int, msgspec.Meta(ge=0, le=200)]
    members: Count
    present: Count
    online: Count
    issued: Count
    returned: Count
    announced: bool
    phi: Fingerprint | None = None
    election_code: Code | None = None
    seal_value: Hash | None = None
    seal_code: Code | None = None
    check_window_ends_at: Instant | None = None
    outcomes: tuple[HallOutcome, ...] | None = None
    cancelled: CancellationReason | None = None
