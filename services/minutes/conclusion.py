"""The presiding officer's conclusion: what both ballots together came to (words.md §6 point 8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.entries import Outcome
from schemas.papers import PaperTexts
from schemas.terms import Nomination
from services.minutes import words
from services.minutes.decree_writing import two_digits
from services.minutes.model import Block, CountedElection, Paragraph
from services.minutes.phrases import award_lists, iso_date_text, list_items, one_line, paragraphs

_LETTERS = "abcd"


@dataclass(frozen=True)
class FinalCase:
    """A case with its last outcome, and the ballot that the outcome is of."""

    nomination: Nomination
    outcome: Outcome
    election: CountedElection


def final_cases(elections: Sequence[CountedElection]) -> list[FinalCase]:
    """Every case once, with its last outcome: a second ballot stands for the first one's."""
    final: dict[tuple[str, ...], FinalCase] = {}
    for election in sorted(elections, key=lambda election: election.terms.ballot_number):
        for nomination, outcome in election.cases:
            key: tuple[str, ...] = (nomination.name, nomination.unit, nomination.award)
            if election.terms.ballot_number == 1 and key in final:
                key = (election.terms.uuid, *key)  # the same case on another list of the meeting
            final[key] = FinalCase(nomination, outcome, election)
    return list(final.values())


def conclusion(elections: Sequence[CountedElection], texts: PaperTexts) -> list[list[Block]]:
    """The point "Kết luận": lettered lines, each only where it applies; one point in a list."""
    blocks = conclusion_on(final_cases(elections), texts)
    if texts.conclusion is not None:
        blocks += paragraphs("", texts.conclusion)
    return [blocks]


def conclusion_on(cases: Sequence[FinalCase], texts: PaperTexts) -> list[Block]:
    """What was concluded on these cases, without the secretary's own words."""
    nominations = [case.nomination for case in cases]
    passed = [case.nomination for case in cases if case.outcome.passed]
    lines: list[tuple[str, list[str]]] = []
    if passed:
        authority = one_line(texts.receiving_authority or words.AUTHORITY)
        proposal = words.PROPOSE.format(authority=authority, number=two_digits(len(passed)))
        lines.append((proposal, award_lists(passed, nominations)))
    if not_passed := len(cases) - len(passed):
        lines.append((words.NOT_PROPOSED.format(number=two_digits(not_passed)), []))
    if texts.standing_agency is not None:
        lines.append((_complete_file(texts.standing_agency, texts.submission_deadline), []))
    lines.append((words.KEEP_SECRET, []))
    blocks: list[Block] = [Paragraph(lead=words.CONCLUSION, text=words.CONCLUSION_TEXT)]
    for letter, (line, items) in zip(_LETTERS, lines, strict=False):
        end = "." if line == words.KEEP_SECRET else ";"
        blocks.append(Paragraph(text=f"{letter}) {line}{':' if items else end}"))
        blocks += list_items(items, end)
    return blocks


def _complete_file(agency: str, deadline: str | None) -> str:
    until = "" if deadline is None else words.DEADLINE.format(date=iso_date_text(deadline))
    return words.COMPLETE_FILE.format(agency=one_line(agency), deadline=until)
