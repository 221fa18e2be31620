"""Bodies and answers of the meetings' endpoints."""

from schemas.api import Body, Identifier, View
from schemas.fields import ElectionUuid, Instant, MeetingKind, MemberNumber, ShortText


class MeetingBody(Body, frozen=True, kw_only=True):
    """A meeting of a council; both officers are members. `starts_at` with its offset."""

    council_id: Identifier
    kind: MeetingKind
    title: ShortText
    starts_at: Instant
    venue: ShortText
    presiding: MemberNumber
    minute_taker: MemberNumber


class OfficersBody(Body, frozen=True, kw_only=True):
    presiding: MemberNumber
    minute_taker: MemberNumber


class MeetingView(View, frozen=True, kw_only=True):
    """`elections`: their uuids in order of drafting."""

    id: Identifier
    council_id: Identifier
    kind: MeetingKind
    title: ShortText
    starts_at: Instant
    venue: ShortText
    presiding: MemberNumber
    minute_taker: MemberNumber
    elections: tuple[ElectionUuid, ...]
