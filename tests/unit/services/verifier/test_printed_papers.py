"""Good papers of every kind are found to say what their records say, sentence by sentence."""

from collections.abc import Sequence

import msgspec
import pytest

from schemas.papers import Guest, PaperTexts, Replacement, Substitute, WithdrawnCase
from schemas.scenario import Scenario
from services.minutes.counting_minute import counting_minute
from services.minutes.fields import put_fields
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import CancelledBallot, CountedElection, PaperContent, Paragraph
from services.minutes.rendering import render_paper
from services.verifier.printed_figures import Printed, judge_printed
from services.verifier.printed_pages import read_pages
from tests.fixtures.paper_evidence import read_back, record_to_attach
from tests.unit.minutes.hard_cases import (
    longest_names,
    mixed_nominees,
    second_ballot,
    several_awards,
    two_hundred,
)
from tests.unit.minutes.paper_samples import (
    SAMPLES,
    SECOND_UUID,
    SOFTWARE,
    counted,
    read_scenario,
    texts_of,
)

HARD = {
    "two hundred": two_hundred,
    "longest names": longest_names,
    "second ballot": several_awards,
    "mixed nominees": mixed_nominees,
}
FULL_TEXTS = PaperTexts(
    year="học 2026 - 2027",
    counting_started_at="2026-12-15T10:00:00+07:00",
    counting_finished_at="2026-12-15T10:20:00+07:00",
    ended_at="2026-12-15T11:30:00+07:00",
    presiding_authorised_by="Chủ tịch Hội đồng",
    quorum_citation="Điều 5 Quy chế",
    report="Đồng chí Nguyễn Văn A trình bày Tờ trình số 12.\nTóm tắt thành tích; a) một; b) hai.",
    discussion="Các thành viên nhất trí với báo cáo. Kết luận. Hội đồng đề nghị xem lại.",
    withdrawn=(WithdrawnCase(name="Trần Thị B", reason="chưa đủ hồ sơ"),),
    added=("Lê Văn C",),
    conclusion="Đề nghị các đơn vị lưu ý.\nRút kinh nghiệm.",
    incidents="Máy của một thành viên hết pin, đã đổi máy.",
    receiving_authority="Chủ tịch Ủy ban nhân dân tỉnh",
    standing_agency="Sở Nội vụ",
    submission_deadline="2026-12-20",
    guests=(Guest(name="Phạm D", position="Chánh Văn phòng"),),
    substitutes=(
        Substitute(name="Vũ E", instead_of="Hồ F", appointment="Công văn số 1", votes_under=None),
    ),
    recipients=("Như trên", "Sở Nội vụ"),
    replacement=Replacement(
        paper="meeting", date="2026-12-14", reason="ghi nhầm tên", number="07/BB-HĐTĐKT"
    ),
)


def judged(
    scenario: Scenario, content: PaperContent, elections: Sequence[CountedElection]
) -> Printed:
    several = len(elections) > 1
    records = [
        record_to_attach(each, f"record-{each.terms.uuid}.zip" if several else "record.zip")
        for each in elections
    ]
    paper = put_fields(render_paper(content, records), content)
    return judge_printed(read_pages(paper), read_back(scenario, elections))


def papers(
    scenario: Scenario, texts: PaperTexts, elections: Sequence[CountedElection]
) -> tuple[PaperContent, PaperContent]:
    records = [record_to_attach(each) for each in elections]
    several = [record_to_attach(each, f"record-{each.terms.uuid}.zip") for each in elections]
    return (
        counting_minute(elections[0], texts, records[0], SOFTWARE),
        meeting_minute(elections, texts, records if len(elections) == 1 else several, SOFTWARE),
    )


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("name", SAMPLES)
def test_sample(name: str, which: int) -> None:
    """Papers of a province, a department and a school, with the texts of their secretaries."""
    scenario = read_scenario(name)
    elections = [counted(scenario)]
    content = papers(scenario, texts_of(scenario), elections)[which]

    assert judged(scenario, content, elections).problems == ()


@pytest.mark.parametrize("which", [0, 1])
def test_every_text_of_the_secretary(which: int) -> None:
    """All that a secretary may write stands at its place, and is told to be the secretary's."""
    scenario = read_scenario("lam-giang-province")
    elections = [counted(scenario)]
    result = judged(scenario, papers(scenario, FULL_TEXTS, elections)[which], elections)

    assert result.problems == ()
    names = {each.name for each in result.own_words}
    assert names >= ({"report", "discussion", "conclusion", "guests"}, {"incidents"})[1 - which]


def test_second_ballot_and_cancelled_one() -> None:
    """Two records in one minute, and a ballot that ended without a result."""
    scenario = read_scenario("doi-thong-school")
    elections = [counted(scenario), counted(scenario, SECOND_UUID, 2, [0])]
    records = [record_to_attach(each, f"record-{each.terms.uuid}.zip") for each in elections]
    cancelled = [CancelledBallot("2026-12-15T09:00:00+07:00", "Mất điện", 3)]
    content = meeting_minute(elections, texts_of(scenario), records, SOFTWARE, cancelled)

    assert judged(scenario, content, elections).problems == ()


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("name", sorted(HARD))
def test_hard_case(name: str, which: int) -> None:
    """Tables over many pages with rows that a page breaks; the longest names; every nominee."""
    scenario = HARD[name]()
    elections = second_ballot(scenario) if name == "second ballot" else (counted(scenario),)
    texts = msgspec.structs.replace(
        texts_of(scenario), second_ballot_citation="khoản 4 Điều 9 Quy chế của Hội đồng"
    )
    drawn = papers(scenario, texts, elections)[which]
    printed = elections if which else elections[:1]

    assert judged(scenario, drawn, printed).problems == ()


def test_officers_who_took_over() -> None:
    """Officers whom the terms do not name are printed with a caution, never silently."""
    scenario = read_scenario("lam-giang-province")
    elections = [counted(scenario)]
    content = papers(scenario, texts_of(scenario), elections)[1]
    (place,) = content.right.places
    name = place.name
    blocks = tuple(
        msgspec.structs.replace(block, text=block.text.replace(name, "Đinh Văn Khác"))
        if isinstance(block, Paragraph) and block.lead.startswith("Chủ trì")
        else block
        for block in content.blocks
    )
    assert blocks != content.blocks
    result = judged(scenario, msgspec.structs.replace(content, blocks=blocks), elections)

    assert result.problems == ()
    assert any("presiding officer" in caution for caution in result.cautions)
