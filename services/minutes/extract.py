"""The extract of a meeting minute for one award file: only that award's cases (words.md §6)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import msgspec

from schemas.papers import PaperTexts
from schemas.record import RECORD_IN_PAPER
from schemas.rules import Rule
from services.minutes import copy_words, words
from services.minutes.conclusion import FinalCase, conclusion_on, final_cases
from services.minutes.decree_writing import (
    date_text,
    in_vietnam,
    moment_text,
    share_text,
    time_text,
    two_digits,
)
from services.minutes.model import (
    AttachedRecord,
    Block,
    CountedElection,
    MeetingTable,
    PaperContent,
    Paragraph,
    RecordContradictsError,
    SigningColumn,
)
from services.minutes.phrases import cross_checks, meeting_row, vote_ballots

_POINT_NUMBER: Final = re.compile(r"[0-9]+\. ")


@dataclass(frozen=True)
class ExtractGroup:
    """The cases of one award under one rule, each with its last outcome, `no` from 1."""

    no: int
    title: str
    award: str
    cases: tuple[FinalCase, ...]


@dataclass(frozen=True)
class IssuedAs:
    """The number and the day that the records clerk gave the minute; None: not yet, or by hand."""

    number: str | None = None
    day: date | None = None


def extract_groups(elections: Sequence[CountedElection]) -> tuple[ExtractGroup, ...]:
    """
    The award files of a meeting, by award and rule, in the order in which they first appear.

    A case that had a second ballot stands there once, with that ballot's outcome.
    """
    grouped: dict[tuple[str, bytes], list[FinalCase]] = {}
    for case in final_cases(elections):
        key = (case.nomination.award, msgspec.json.encode(case.nomination.rule))
        grouped.setdefault(key, []).append(case)
    awards = [award for award, _ in grouped]
    return tuple(
        ExtractGroup(
            no=no,
            # Two rules for one award: the share tells the files apart.
            title=award
            if awards.count(award) == 1
            else _with_share(cases[0].nomination.rule, award),
            award=award,
            cases=tuple(cases),
        )
        for no, ((award, _), cases) in enumerate(grouped.items(), 1)
    )


def extract(
    minute: PaperContent,
    elections: Sequence[CountedElection],
    texts: PaperTexts,
    records: Sequence[AttachedRecord],
    group: ExtractGroup,
    issued_as: IssuedAs,
) -> PaperContent:
    """
    The content of one extract: the points on opening, ballot and conclusion, for the secretary.

    `minute` and `texts` are those of the paper that it is taken from; figures come from the
    `elections`, `records` are those of `records_of`. What the secretary added to the conclusion may
    speak of other cases, so it stays in the minute. Raises RecordContradictsError.
    """
    concerned = [
        (election, record)
        for election in elections
        for record in records
        if record.uuid == election.terms.uuid
    ]
    if {election.terms.uuid for election, _ in concerned} != {
        case.election.terms.uuid for case in group.cases
    }:
        raise RecordContradictsError("the records are not those of the award's ballots")
    blocks: list[Block] = [
        *_source(minute, elections, issued_as),
        _point(minute, words.OPENING, 0),
        *_ballots(minute, elections, group),
        *_conclusion(minute, group, texts),
    ]
    secretary = next(place for place in minute.left.places if place.field == "secretary")
    return PaperContent(
        kind="meeting",
        parent_line=minute.parent_line,
        issuer_line=minute.issuer_line,
        title=copy_words.EXTRACT_TITLE,
        subject=minute.subject,
        issued_at=minute.issued_at,
        blocks=tuple(blocks),
        closing=copy_words.EXTRACT_CLOSING,
        left=SigningColumn(heading="", places=()),
        right=SigningColumn(heading=words.SIGN_SECRETARY, places=(secretary,)),
        cross_checks=cross_checks(
            [record for _, record in concerned], [election for election, _ in concerned]
        ),
        recipients_heading=words.RECIPIENTS,
        recipients=(copy_words.EXTRACT_RECIPIENT, words.RECIPIENT_ARCHIVE),
        attachments=tuple(
            (record.name, words.ATTACHMENT.format(uuid=record.uuid)) for _, record in concerned
        ),
    )


def records_of(group: ExtractGroup, records: Sequence[AttachedRecord]) -> list[AttachedRecord]:
    """Those of the ballots that decided the group's cases: what its extract carries."""
    uuids = {case.election.terms.uuid for case in group.cases}
    kept = [record for record in records if record.uuid in uuids]
    # One record is `record.zip`, whatever its name was among several (protocol.md §9).
    return [replace(kept[0], name=RECORD_IN_PAPER)] if len(kept) == 1 else kept


def _with_share(rule: Rule, award: str) -> str:
    share = words.SHARES[rule.comparator].format(
        share=share_text(rule.share), base=words.BASES[rule.base]
    )
    return copy_words.EXTRACT_GROUP.format(award=award, share=share)


def _source(
    minute: PaperContent, elections: Sequence[CountedElection], issued_as: IssuedAs
) -> list[Block]:
    day = copy_words.DATE_TO_FILL if issued_as.day is None else date_text(issued_as.day)
    form = (
        copy_words.EXTRACT_SOURCE if minute.number_symbol else copy_words.EXTRACT_SOURCE_UNNUMBERED
    )
    meeting = elections[-1].terms.meeting
    return [
        Paragraph(
            text=form.format(
                number=issued_as.number or copy_words.NUMBER_TO_FILL,
                symbol=minute.number_symbol,
                date=day,
            )
        ),
        Paragraph(
            text=copy_words.EXTRACT_MEETING.format(
                moment=moment_text(meeting.starts_at), venue=meeting.venue
            )
        ),
    ]


def _ballots(
    minute: PaperContent, elections: Sequence[CountedElection], group: ExtractGroup
) -> list[Block]:
    """How each ballot that decided cases of the group went, and their rows under it."""
    blocks: list[Block] = []
    # The minute has a point for every ballot of either kind, whether or not it concerns the group.
    passed_over = {words.VOTE: 0, words.SECOND: 0}
    for election in elections:
        title = words.VOTE if election.terms.ballot_number == 1 else words.SECOND
        position = passed_over[title]
        passed_over[title] += 1
        cases = [case for case in group.cases if case.election is election]
        if not cases:
            continue
        point = _point(minute, title, position)
        if title == words.VOTE:
            announced = copy_words.EXTRACT_CASES.format(
                number=two_digits(len(cases)), award=group.award
            )
            blocks += [point, Paragraph(text=_mark(cases[0])), Paragraph(text=announced)]
        else:
            blocks += [
                Paragraph(lead=point.lead, text=_second_ballot(election, cases)),
                Paragraph(text=_mark(cases[0])),
            ]
        blocks.append(
            MeetingTable(
                columns=words.MEETING_COLUMNS,
                rows=tuple(meeting_row(case.nomination, case.outcome) for case in cases),
            )
        )
    return blocks


def _mark(case: FinalCase) -> str:
    """The rule of all the group's cases, and what it comes to in this ballot."""
    rule = case.nomination.rule
    base = words.BASES[rule.base]
    return copy_words.EXTRACT_MARK.format(
        share=words.SHARES[rule.comparator].format(share=share_text(rule.share), base=base),
        votes=case.outcome.votes_needed,
        base=case.outcome.base,
        citation=rule.citation,
        base_reason=words.BASE_REASON.format(base=base, reason=rule.base_reason)
        if rule.base_reason
        else "",
    )


def _second_ballot(election: CountedElection, cases: Sequence[FinalCase]) -> str:
    """The minute's sentence with the names of these cases only."""
    return words.SECOND_TEXT.format(
        citation=words.SECOND_NO_CITATION,
        names=", ".join(case.nomination.name for case in cases),
        start=time_text(in_vietnam(election.opened.at)),
        end=time_text(in_vietnam(election.closed.at)),
        team="",
        ballots=vote_ballots(election),
    )


def _conclusion(minute: PaperContent, group: ExtractGroup, texts: PaperTexts) -> list[Block]:
    head, *rest = conclusion_on(group.cases, texts)
    if not isinstance(head, Paragraph):
        raise AssertionError("a point begins with a paragraph")
    lead = _point(minute, words.CONCLUSION, 0).lead
    return [msgspec.structs.replace(head, lead=lead), *rest]


def _point(minute: PaperContent, title: str, position: int) -> Paragraph:
    """The minute's paragraph under this title, with the number that the point has there."""
    stem = title.removesuffix(".")
    found = [
        block
        for block in minute.blocks
        if isinstance(block, Paragraph)
        and (number := _POINT_NUMBER.match(block.lead))
        and block.lead[number.end() :].startswith(stem)
    ]
    try:
        return found[position]
    except IndexError:
        raise RecordContradictsError(f"the minute has no point {position + 1} {title}") from None
