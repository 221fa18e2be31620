"""The secretary's own words for the two papers; figures never stand here (words.md §5, §6)."""

from typing import Annotated

import msgspec

from schemas.fields import Instant, LongText, ShortText
from schemas.terms import Part


class Guest(Part, frozen=True, kw_only=True):
    name: ShortText
    position: ShortText


class Substitute(Part, frozen=True, kw_only=True):
    """Attends for a member, does not vote."""

    name: ShortText
    instead_of: ShortText
    appointment: ShortText


class PaperTexts(Part, frozen=True, kw_only=True):
    """
    What a person writes into the papers; whatever is absent is left out of them, never dotted.

    `number` is the paper's number ("07/BB-HĐTĐKT"); times are as the papers print them.
    """

    year: Annotated[str, msgspec.Meta(min_length=4, max_length=20)] | None = None
    number: ShortText | None = None
    counting_started_at: Instant | None = None
    counting_finished_at: Instant | None = None
    ended_at: Instant | None = None
    quorum_citation: ShortText | None = None
    report: LongText | None = None
    discussion: LongText | None = None
    conclusion: LongText | None = None
    incidents: LongText | None = None
    receiving_authority: ShortText | None = None
    standing_agency: ShortText | None = None
    guests: tuple[Guest, ...] | None = None
    substitutes: tuple[Substitute, ...] | None = None
    recipients: tuple[ShortText, ...] | None = None
