"""Extracts for award files: only that award's cases, with the outcome of their last ballot."""

import datetime
from collections.abc import Sequence

import msgspec
import pytest

from schemas.papers import PaperTexts
from schemas.rules import Rule
from schemas.terms import Nomination
from services.minutes.extract import ExtractGroup, IssuedAs, extract, extract_groups, records_of
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import (
    AttachedRecord,
    CountedElection,
    MeetingTable,
    PaperContent,
    Paragraph,
    RecordContradictsError,
)
from tests.unit.minutes.paper_samples import (
    SAMPLES,
    SECOND_UUID,
    SOFTWARE,
    attached,
    counted,
    read_scenario,
    text_of,
    texts_of,
)

PROVINCE = "lam-giang-province"
NOT_NUMBERED = IssuedAs()


def rows_of(content: PaperContent) -> list[tuple[str, ...]]:
    return [
        row for block in content.blocks if isinstance(block, MeetingTable) for row in block.rows
    ]


def drawn(
    elections: Sequence[CountedElection],
    texts: PaperTexts,
    group: ExtractGroup,
    issued_as: IssuedAs = NOT_NUMBERED,
) -> tuple[PaperContent, PaperContent]:
    """The minute and one extract of it."""
    records = [attached(each, f"record-{each.terms.uuid}.zip") for each in elections]
    minute = meeting_minute(elections, texts, records, SOFTWARE)
    return minute, extract(minute, elections, texts, records_of(group, records), group, issued_as)


def with_second_ballot(name: str = PROVINCE) -> tuple[CountedElection, CountedElection]:
    """A counted list, and a second ballot on the first of its cases that did not pass."""
    scenario = read_scenario(name)
    first = counted(scenario)
    position = next(at for at, (_, outcome) in enumerate(first.cases) if not outcome.passed)
    return first, counted(scenario, SECOND_UUID, 2, kept=[position])


@pytest.mark.parametrize("name", SAMPLES)
def test_every_case_is_in_one_extract(name: str) -> None:
    """All extracts together have the minute's rows, each once, and nothing else."""
    election, texts = counted(read_scenario(name)), texts_of(read_scenario(name))
    groups = extract_groups([election])
    extracts = [drawn([election], texts, group)[1] for group in groups]
    assert [group.no for group in groups] == list(range(1, len(groups) + 1))
    taken = sorted(row for content in extracts for row in rows_of(content))
    minute = drawn([election], texts, groups[0])[0]
    assert taken == sorted(rows_of(minute))
    for group, content in zip(groups, extracts, strict=True):
        assert {row[2] for row in rows_of(content)} == {group.award}
        assert (content.title, content.subject) == ("Trích biên bản", minute.subject)
        assert [place.field for place in content.places] == ["secretary"]


def test_points_of_the_minute() -> None:
    """Opening, ballot and conclusion keep the minute's words and numbers; others stay there."""
    scenario = read_scenario(PROVINCE)
    election, texts = counted(scenario), texts_of(scenario)
    group = extract_groups([election])[0]
    minute, content = drawn([election], texts, group)
    leads = [block.lead for block in content.blocks if isinstance(block, Paragraph) and block.lead]
    assert [lead.partition(" ")[2] for lead in leads] == ["Khai mạc.", "Bỏ phiếu kín.", "Kết luận."]
    for block in content.blocks:
        if isinstance(block, Paragraph) and block.lead[:2] in ("1.", "5."):
            assert block in minute.blocks
    assert leads[-1] in [block.lead for block in minute.blocks if isinstance(block, Paragraph)]
    # What the secretary added to the conclusion may speak of somebody else.
    assert texts.conclusion is not None
    assert texts.conclusion.splitlines()[0] in text_of(minute)
    assert texts.conclusion.splitlines()[0] not in text_of(content)


def test_nobody_else_is_named() -> None:
    """The file of one award does not tell of the others."""
    election = counted(read_scenario(PROVINCE))
    groups = extract_groups([election])
    text = text_of(drawn([election], PaperTexts(), groups[0])[1])
    others = {case.nomination.name for group in groups[1:] for case in group.cases}
    own = {case.nomination.name for case in groups[0].cases}
    assert others - own
    assert not [name for name in others - own if name in text]


def test_second_ballot_stands_for_the_first() -> None:
    """A case of both ballots is printed once, under the ballot that decided it."""
    first, second = with_second_ballot()
    ((case, outcome),) = second.cases
    group = next(
        group
        for group in extract_groups([first, second])
        if any(each.election is second for each in group.cases)
    )
    minute, content = drawn([first, second], PaperTexts(), group)
    rows = [row for row in rows_of(content) if row[1] == case.name]
    assert len(rows) == 1
    assert rows[0][4] == str(outcome.agree)
    assert len([row for row in rows_of(minute) if row[1] == case.name]) == 2
    assert f"bỏ phiếu lần 2 đối với {case.name}, từ" in text_of(content)


def test_only_the_records_of_its_ballots() -> None:
    """An award that had one ballot carries one record, though the minute carries two."""
    first, second = with_second_ballot()
    records = [attached(first, "record-1.zip"), attached(second, "record-2.zip")]
    groups = extract_groups([first, second])
    names = {
        group.award: [record.name for record in records_of(group, records)] for group in groups
    }
    assert sorted(map(len, names.values()))[0] == 1
    for group in groups:
        content = drawn([first, second], PaperTexts(), group)[1]
        uuids = {case.election.terms.uuid for case in group.cases}
        due = {f"record-{uuid}.zip" for uuid in uuids} if len(uuids) > 1 else {"record.zip"}
        assert {name for name, _ in content.attachments} == due
        assert len(content.cross_checks) == len(uuids)
    assert SECOND_UUID in {case.election.terms.uuid for group in groups for case in group.cases}


def test_rule_of_the_award() -> None:
    """Share, votes and citation stand by the rows of each ballot."""
    first, second = with_second_ballot()
    for group in extract_groups([first, second]):
        lines = text_of(drawn([first, second], PaperTexts(), group)[1]).splitlines()
        marks = [line for line in lines if line.startswith("Mức cần đạt: ")]
        assert len(marks) == len({case.election.terms.uuid for case in group.cases})
        case = group.cases[0]
        votes = f"tức ít nhất {case.outcome.votes_needed}/{case.outcome.base} phiếu đồng ý"
        assert all(votes in mark and case.nomination.rule.citation in mark for mark in marks)


def test_source_line() -> None:
    """Number and day of the minute, or room to write them in."""
    election = counted(read_scenario(PROVINCE))
    group = extract_groups([election])[0]
    issued_as = IssuedAs("07", datetime.date(2026, 12, 16))
    minute, content = drawn([election], PaperTexts(), group, issued_as)
    day = "ngày 16 tháng 12 năm 2026"
    assert f"Trích từ Biên bản số 07{minute.number_symbol} {day}." in text_of(content)
    open_line = text_of(drawn([election], PaperTexts(), group)[1])
    assert f"Trích từ Biên bản số ………{minute.number_symbol} ngày …… tháng" in open_line


def test_one_award_under_two_rules() -> None:
    """Two files, told apart by their share."""
    scenario = read_scenario(PROVINCE)
    case = scenario.nominations[0]
    other = Rule(share="50%", comparator="more_than", base="all_members", citation="Quy chế")
    cases: list[Nomination] = [
        msgspec.structs.replace(case, no=1),
        msgspec.structs.replace(case, no=2, name="Người khác", rule=other),
    ]
    votes = {no: marks and (marks[0], marks[0]) for no, marks in scenario.votes.items()}
    election = counted(
        msgspec.structs.replace(scenario, nominations=tuple(cases), votes=votes, expected=None)
    )
    titles = [group.title for group in extract_groups([election])]
    assert len(set(titles)) == 2
    assert titles[1] == f"{case.award} (trên 50% tổng số thành viên Hội đồng)"


def test_minute_without_the_point() -> None:
    """Nothing is made up where the minute does not say it."""
    election = counted(read_scenario(PROVINCE))
    record: AttachedRecord = attached(election)
    minute = meeting_minute([election], PaperTexts(), [record], SOFTWARE)
    empty = msgspec.structs.replace(minute, blocks=())
    group = extract_groups([election])[0]
    with pytest.raises(RecordContradictsError):
        extract(empty, [election], PaperTexts(), [record], group, IssuedAs())
