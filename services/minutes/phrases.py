"""Phrases that both papers are put together from: people, awards, ballots, signatures."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from schemas.entries import Outcome
from schemas.fields import PaperKind
from schemas.papers import PaperTexts
from schemas.roster import RosterMember
from schemas.terms import Nomination, Terms
from services.minutes import words
from services.minutes.decree_writing import date_text, in_vietnam, share_text, two_digits
from services.minutes.model import (
    AttachedRecord,
    AwardGroup,
    CountedElection,
    CrossCheck,
    Paragraph,
    SigningPlace,
)

# "năm 2026", "năm học 2026 - 2027": as the meeting's own title names the round.
_YEAR_IN_TITLE: Final = re.compile(r"năm (?:học )?[0-9]{4}(?: ?[-–] ?[0-9]{4})?")


def person(member: RosterMember, *, before: Sequence[str] = ()) -> str:
    """Name, position and role in the council, those that there are."""
    return ", ".join(
        part for part in (*before, member.name, member.position, member.council_role) if part
    )


def paragraphs(lead: str, text: str) -> list[Paragraph]:
    """A text of the secretary; every line of it is a paragraph, the first one with the lead."""
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines()]
    lines = [line for line in lines if line]
    return [
        Paragraph(lead=lead if position == 0 else "", text=line)
        for position, line in enumerate(lines)
    ]


def one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def heading_pieces(text: str) -> tuple[str, ...]:
    """A line of the heading in capitals, in the pieces between which it may be broken."""
    kept = "|".join(map(re.escape, words.KEPT_TOGETHER))
    return tuple(re.findall(rf"(?:{kept})(?!\w)|\S+", one_line(text).upper()))


def year_phrase(terms: Terms, texts: PaperTexts) -> str:
    """The secretary's year, else the one in the meeting's title, else that of its date."""
    if texts.year is not None:
        return words.YEAR.format(year=one_line(texts.year))
    if found := _YEAR_IN_TITLE.search(terms.meeting.title):
        return found[0]
    return words.YEAR.format(year=in_vietnam(terms.meeting.starts_at).year)


def iso_date_text(text: str) -> str:
    return date_text(in_vietnam(f"{text}T00:00:00+07:00").date())


def passed_word(outcome: Outcome) -> str:
    return words.PASSED if outcome.passed else words.NOT_PASSED


def votes_needed(outcome: Outcome) -> str:
    """The mark in a table's cell: `14/15`, votes needed of the base."""
    return words.VOTES_NEEDED.format(votes=outcome.votes_needed, base=outcome.base)


def award_mark(group: AwardGroup) -> str:
    """What an award's cases need: the rule, its votes and where it is written (words.md §5)."""
    rule, outcome = group.rule, group.cases[0][1]
    base = words.BASES[rule.base]
    reason = (
        words.BASE_REASON.format(base=base, reason=rule.base_reason) if rule.base_reason else ""
    )
    return words.MARK.format(
        share=words.SHARES[rule.comparator].format(share=share_text(rule.share), base=base),
        votes=outcome.votes_needed,
        base=outcome.base,
        citation=rule.citation,
        base_reason=reason,
    )


def meeting_row(nomination: Nomination, outcome: Outcome) -> tuple[str, ...]:
    """A case's row under `words.MEETING_COLUMNS`."""
    return (
        str(nomination.no),
        nomination.name,
        nomination.award,
        votes_needed(outcome),
        str(outcome.agree),
        str(outcome.disagree),
        str(outcome.blank),
        outcome.share_percent,
        passed_word(outcome),
    )


def award_lists(cases: Iterable[Nomination], all_cases: Sequence[Nomination]) -> list[str]:
    """`Award: name, name`, one text an award, in the table's order; units tell namesakes apart."""
    how_many = Counter(case.name for case in all_cases)
    by_award: dict[str, list[str]] = {case.award: [] for case in all_cases}
    for case in cases:
        name = case.name
        if how_many[name] > 1 and case.unit:
            name = words.NAME_WITH_UNIT.format(name=name, unit=case.unit)
        by_award[case.award].append(name)
    return [
        words.AWARD_LIST.format(award=award, names=", ".join(names))
        for award, names in by_award.items()
        if names
    ]


def list_items(items: Sequence[str], end: str = ".") -> list[Paragraph]:
    """Lines that begin with a hyphen and end with a semicolon, the last one with `end`."""
    last = len(items) - 1
    return [
        Paragraph(text=f"- {item}{end if position == last else ';'}", style="item")
        for position, item in enumerate(items)
    ]


def members_on_list(
    election: CountedElection, texts: PaperTexts
) -> list[tuple[RosterMember, list[int]]]:
    """Members whose own case is on the list, with the numbers of the cases (words.md §7)."""
    namesakes = set(texts.namesakes or ())
    found = []
    for member in election.members:
        cases = [
            nomination.no
            for nomination in election.terms.nominations
            if nomination.kind == "individual"
            and nomination.no not in namesakes
            and nomination.name.casefold() == member.name.casefold()
        ]
        if cases:
            found.append((member, cases))
    return found


def team_people(election: CountedElection) -> str:
    return words.LIST_SEPARATOR.join(
        words.TEAM_PERSON.format(
            name=trustee.name, role=words.HEAD_TELLER if position == 0 else words.TELLER
        )
        for position, trustee in enumerate(election.terms.counting_team.trustees)
    )


def team_size(election: CountedElection) -> str:
    return two_digits(len(election.terms.counting_team.trustees))


def vote_ballots(election: CountedElection) -> str:
    return words.VOTE_BALLOTS.format(
        issued=election.closed.issued, returned=election.closed.returned
    )


def software_phrase(software: str) -> str:
    return words.SOFTWARE.format(software=software)


def signing_place(
    field: str, role: str, title: str, member: RosterMember, *, with_details: bool = False
) -> SigningPlace:
    return SigningPlace(
        field=field,
        member=member.no,
        name=member.name,
        role=role,
        title=title.format(name=member.name),
        details=", ".join(part for part in (member.council_role, member.position) if part)
        if with_details
        else "",
    )


def cross_checks(
    records: Sequence[AttachedRecord], elections: Sequence[CountedElection]
) -> tuple[CrossCheck, ...]:
    """The lines at the end of the file, one a record (words.md §6)."""
    several = len(records) > 1
    return tuple(
        CrossCheck(
            text=words.CROSS_CHECK.format(
                code=record.seal_code,
                ballot=words.CROSS_CHECK_BALLOT.format(number=election.terms.ballot_number)
                if several
                else "",
                sha256=record.sha256,
            ),
            value=record.seal_value.hex(),
            alternative=words.QR_ALTERNATIVE.format(value=record.seal_value.hex()),
        )
        for record, election in zip(records, elections, strict=True)
    )


def replacement_paragraph(kind: PaperKind, texts: PaperTexts) -> list[Paragraph]:
    """That this paper stands for an earlier one of its kind, and why (words.md §6)."""
    replaced = texts.replacement
    if replaced is None or replaced.paper != kind:
        return []
    number = words.REPLACED_COUNTING if kind == "counting" else ""
    if replaced.number is not None:
        number = words.REPLACED_NUMBER.format(number=one_line(replaced.number))
    return [
        Paragraph(
            text=words.REPLACEMENT.format(
                number=number,
                date=iso_date_text(replaced.date),
                reason=one_line(replaced.reason),
            )
        )
    ]
