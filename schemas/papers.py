"""The secretary's own words for the two papers; figures never stand here (words.md §5, §6)."""

from typing import Annotated

import msgspec

from schemas.fields import Date, Instant, LongText, NominationNumber, PaperKind, ShortText
from schemas.terms import Part


class Guest(Part, frozen=True, kw_only=True):
    name: ShortText
    position: ShortText


class Substitute(Part, frozen=True, kw_only=True):
    """
    Attends for a member, and does not vote unless the council's rules say so.

    `votes_under` names those rules ("Quy chế của Hội đồng"), after "bỏ phiếu theo".
    """

    name: ShortText
    instead_of: ShortText
    appointment: ShortText
    votes_under: ShortText | None = None


class WithdrawnCase(Part, frozen=True, kw_only=True):
    """A case that the council took off the list before the ballots were issued."""

    name: ShortText
    reason: ShortText


class Replacement(Part, frozen=True, kw_only=True):
    """
    Why a second minute stands for an issued one (Decree 30/2020, Article 18.3).

    `paper` is the one that is replaced; a counting minute mostly has no number.
    """

    paper: PaperKind
    date: Date
    reason: ShortText
    number: ShortText | None = None


class PaperTexts(Part, frozen=True, kw_only=True):
    """
    What a person writes into the papers; whatever is absent is left out of them, never dotted.

    `year` is "2026" or "học 2026 - 2027"; times are as the papers print them. `namesakes` are
    cases whose nominee only happens to have a member's name. In texts of more than one paragraph
    a line feed separates them.
    """

    year: Annotated[str, msgspec.Meta(min_length=4, max_length=20)] | None = None
    counting_started_at: Instant | None = None
    counting_finished_at: Instant | None = None
    ended_at: Instant | None = None
    presiding_authorised_by: ShortText | None = None
    quorum_citation: ShortText | None = None
    report: LongText | None = None
    discussion: LongText | None = None
    withdrawn: Annotated[tuple[WithdrawnCase, ...], msgspec.Meta(max_length=200)] | None = None
    added: Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=200)] | None = None
    second_ballot_citation: ShortText | None = None
    conclusion: LongText | None = None
    incidents: LongText | None = None
    namesakes: Annotated[tuple[NominationNumber, ...], msgspec.Meta(max_length=200)] | None = None
    receiving_authority: ShortText | None = None
    standing_agency: ShortText | None = None
    submission_deadline: Date | None = None
    guests: Annotated[tuple[Guest, ...], msgspec.Meta(max_length=100)] | None = None
    substitutes: Annotated[tuple[Substitute, ...], msgspec.Meta(max_length=100)] | None = None
    recipients: Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=50)] | None = None
    replacement: Replacement | None = None
