"""Bodies and answers of the meetings' endpoints."""

from schemas.api import Body, Identifier, View
from schemas.fields import (
    AddressForm,
    ElectionUuid,
    HallShows,
    Instant,
    MeetingKind,
    MemberNumber,
    ShortText,
    VotingLeader,
)


class MeetingBody(Body, frozen=True, kw_only=True):
    """
    A meeting of a council; both officers are members. `starts_at` with its offset.

    The last four are its settings, which can be changed later.
    """

    council_id: Identifier
    kind: MeetingKind
    title: ShortText
    starts_at: Instant
    venue: ShortText
    presiding: MemberNumber
    minute_taker: MemberNumber
    starts_by: VotingLeader = "secretary"
    closes_by: VotingLeader = "secretary"
    hall_shows: HallShows = "all"
    address_form: AddressForm = "dong_chi"


class OfficersBody(Body, frozen=True, kw_only=True):
    presiding: MemberNumber
    minute_taker: MemberNumber


class SettingsBody(Body, frozen=True, kw_only=True):
    """All settings at once. `starts_by` and `closes_by`: the one who may, and nobody else."""

    starts_by: VotingLeader
    closes_by: VotingLeader
    hall_shows: HallShows
    address_form: AddressForm


class MeetingView(View, frozen=True, kw_only=True):
    """`elections`: their uuids in order of drafting. `ended`: the secretary has ended it."""

    id: Identifier
    council_id: Identifier
    kind: MeetingKind
    title: ShortText
    starts_at: Instant
    venue: ShortText
    presiding: MemberNumber
    minute_taker: MemberNumber
    starts_by: VotingLeader
    closes_by: VotingLeader
    hall_shows: HallShows
    address_form: AddressForm
    ended: bool
    elections: tuple[ElectionUuid, ...]


class MeetingsView(View, frozen=True, kw_only=True):
    """Newest start first."""

    meetings: tuple[MeetingView, ...]
