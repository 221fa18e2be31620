"""A paper's pages against its records: every sentence, figure, name and outcome (V18).

The whole text must be what the records let a paper say, with the secretary's own words at their
places only. A figure is also looked for wherever it may stand, so that the secretary's words cannot
print it a second time, and so that a reader is told which figure is wrong.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.rules import share_percent
from services.verifier.counted import AttachedRecord, Counted, final_cases
from services.verifier.counting_wording import expected_counting_minute
from services.verifier.expected_paper import ExpectedPaper
from services.verifier.meeting_wording import (
    OTHER_MINUTE_TAKER,
    OTHER_PRESIDING,
    POINT,
    expected_meeting_minute,
)
from services.verifier.printed_pages import PrintedPages
from services.verifier.report import NotApplicableError
from services.verifier.wording import (
    Captured,
    Piece,
    WordingError,
    either,
    match,
    maybe,
    seq,
    squeeze,
)

MOTTO: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc"
ISSUE_DATE: Final = ("Ban hành", "Ngày ban hành")
_STATES: Final = {
    "present": r"dựhọptrựctiếp(\d+)",
    "online": r"dựhọptrựctuyến(\d+)",
    "absent_consulted": r"dướihìnhthứcphiếukínđiệntử(\d+)",
}


@dataclass(frozen=True)
class _Figures:
    """Where a sentence's figures stand, and which ones a paper must print there."""

    name: str
    pattern: str
    expected: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Printed:
    """
    What the pages were found to say: what contradicts the records, and who said the rest.

    `counted`: the elections in the order of the paper; `signers`: names printed by fields.
    """

    problems: tuple[str, ...]
    own_words: tuple[Captured, ...] = ()
    cautions: tuple[str, ...] = ()
    counted: tuple[Counted, ...] = ()
    signers: Mapping[str, str] = field(default_factory=dict)


def judge_printed(pages: PrintedPages, records: Sequence[AttachedRecord]) -> Printed:
    """Compare all that a paper prints with its records."""
    try:
        counted = _in_order(pages, [Counted(record) for record in records])
        if any(not each.roster or not each.attendance for each in counted):
            return Printed(("the attached record lacks the roster, so that no name is shown true",))
        expected = (
            expected_counting_minute(counted[0])
            if pages.is_counting_minute
            else expected_meeting_minute(counted)
        )
    except (NotApplicableError, KeyError) as error:
        return Printed((f"the attached record does not say what a paper prints: {error}",))
    problems = list(pages.problems)
    if pages.is_counting_minute and len(counted) > 1:
        problems.append("a counting minute is of one election, and has one record attached")
    problems += [
        problem
        for figures in _expected_figures(pages, counted)
        for problem in _compare(pages.text, figures)
    ]
    problems += _table_problems(pages, expected)
    wording, captured = _wording_problems(pages, expected, counted)
    points = [each.text for each in captured if each.name == POINT]
    # The secretary's words before may end with a digit, which then is read with the number.
    if not all(each.endswith(f"{number}.") for number, each in enumerate(points, 1)):
        problems.append("the points of the minute do not count up from 1")
    own = tuple(each for each in captured if each.name != POINT)
    # Where a named figure is wrong, where the sentence parts from the record says no more.
    return Printed(
        tuple(problems or wording),
        own,
        tuple(_cautions(own)),
        tuple(counted),
        _signers(pages, counted),
    )


def figure_problems(pages: PrintedPages, records: Sequence[AttachedRecord]) -> list[str]:
    """What a paper prints otherwise than its records say, or leaves out (V18)."""
    return list(judge_printed(pages, records).problems)


def _in_order(pages: PrintedPages, counted: list[Counted]) -> list[Counted]:
    """Elections in the order in which the paper names their records at its end."""
    return sorted(counted, key=lambda each: pages.tail.find(each.record.sha256))


def _signers(pages: PrintedPages, counted: Sequence[Counted]) -> dict[str, str]:
    """The names that the record gives to the signature fields."""
    terms, roster = counted[-1].terms, counted[-1].roster
    if pages.is_counting_minute:
        return {
            f"teller-{number}": roster[trustee.member].name
            for number, trustee in enumerate(terms.counting_team.trustees, 1)
        }
    return {
        "secretary": roster[terms.meeting.minute_taker].name,
        "presiding": roster[terms.meeting.presiding].name,
    }


def _cautions(own: Sequence[Captured]) -> Iterator[str]:
    for name in (OTHER_PRESIDING, OTHER_MINUTE_TAKER):
        if any(each.name == name for each in own):
            yield f"another {name}: the record does not show who this is"


def _wording_problems(
    pages: PrintedPages, expected: ExpectedPaper, counted: Sequence[Counted]
) -> tuple[list[str], list[Captured]]:
    heading_left = f"{_upper(expected.parent_line)} {_upper(expected.issuer_line)}"
    parts: list[tuple[str, str, Piece]] = [
        ("heading, left", pages.heading_left, seq(heading_left, expected.number_line)),
        ("heading, right", pages.heading_right, seq(MOTTO)),
        ("text", pages.body, expected.body),
        ("signatures, left", pages.left, expected.left),
        ("signatures, right", pages.right, expected.right),
        ("end of the paper", pages.tail, _tail(expected, counted)),
    ]
    problems: list[str] = []
    captured: list[Captured] = []
    for name, text, piece in parts:
        try:
            captured += match(piece, text)
        except WordingError as error:
            problems.append(f"{name}: {error}")
    return problems, captured


def _upper(text: str) -> str:
    return squeeze(text).upper()


def _tail(expected: ExpectedPaper, counted: Sequence[Counted]) -> Piece:
    several = len(counted) > 1
    lines = [
        f"Đối chiếu: mã niêm phong {each.seal_code}; SHA-256 của hồ sơ kiểm phiếu"
        f"{f' lần {each.terms.ballot_number}' if several else ''} {each.record.sha256}"
        for each in counted
    ]
    date = maybe(either(*ISSUE_DATE), maybe(":"))
    return seq(expected.recipients, date, *lines, date)


def _table_problems(pages: PrintedPages, expected: ExpectedPaper) -> list[str]:
    if len(pages.tables) != len(expected.tables):
        return [f"{len(pages.tables)} tables are printed, not {len(expected.tables)}"]
    problems: list[str] = []
    for table, (heads, rows) in zip(pages.tables, expected.tables, strict=True):
        due = [tuple(map(squeeze, row)) for row in (heads, *rows)]
        printed = list(table.rows)
        if printed == due:
            continue
        missing, surplus = Counter(due) - Counter(printed), Counter(printed) - Counter(due)
        problems += [f"{_named(row)} of a table should read {' | '.join(row)}" for row in missing]
        problems += [
            f"a table prints {' | '.join(row)}, which is not the result's" for row in surplus
        ]
        if not (missing or surplus):
            problems.append("the rows of a table are not in the order of the list")
    return problems


def _named(row: Sequence[str]) -> str:
    if len(row) == 1:
        return "a heading"
    return f"row {row[0]}"


def _compare(text: str, figures: _Figures) -> Iterator[str]:
    found = Counter(
        tuple(_plain(value) for value in match.groups())
        for match in re.finditer(figures.pattern, text)
    )
    expected = Counter(figures.expected)
    for values in (found - expected).elements():
        yield f"{figures.name}: prints {' / '.join(values)}, not {_listed(figures.expected)}"
    for values in (expected - found).elements():
        if not found - expected:
            yield f"{figures.name}: {' / '.join(values)} is not printed"


def _plain(value: str) -> str:
    # Numbers of cases are written with two digits ("06"), as decrees ask.
    return str(int(value)) if value.isdecimal() else value


def _listed(values: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" / ".join(each) for each in values) or "at all"


def _expected_figures(pages: PrintedPages, counted: Sequence[Counted]) -> Iterator[_Figures]:
    if pages.is_counting_minute:
        for each in counted:
            yield from _counting_figures(each)
    else:
        yield from _meeting_figures(counted)
    yield _Figures(
        "cross-check",
        r"Đốichiếu:mãniêmphong([0-9A-Z]{4}(?:-[0-9A-Z]{4}){4});"
        r"SHA-256củahồsơkiểmphiếu(?:lần\d+)?([0-9a-f]{64})",
        tuple((each.seal_code, each.record.sha256) for each in counted),
    )


def _one(*values: int) -> tuple[tuple[str, ...], ...]:
    return (tuple(map(str, values)),)


def _some(value: int) -> tuple[tuple[str, ...], ...]:
    # Printed only where there is something to say.
    return _one(value) if value else ()


def _counting_figures(counted: Counted) -> Iterator[_Figures]:
    closed, missing = counted.closed, counted.closed.issued - counted.closed.returned
    passed, cases = len(counted.passed), len(counted.cases)
    yield _Figures(
        "members", r"TổngsốthànhviênHộiđồng(?:theoQuyếtđịnh)?:(\d+)\.", _one(closed.members)
    )
    yield _Figures("ballots taken", r"Sốthànhviênnhậnphiếu:(\d+)", _one(closed.issued))
    yield _Figures(
        "ballots not taken",
        r"Sốthànhviênkhôngnhậnphiếu:(\d+)",
        _one(closed.members - closed.issued),
    )
    for state, pattern in _STATES.items():
        taken = counted.took_ballot_in_state(state)
        expected = _one(taken) if state == "present" else _some(taken)
        yield _Figures(f"ballots taken, {state}", pattern, expected)
    yield _Figures("issued", r"Sốphiếuphátra:(\d+)", _one(closed.issued))
    yield _Figures("returned", r"Sốphiếuthuvề:(\d+)", _one(closed.returned))
    yield _Figures("not returned", r"Sốphiếukhôngthuvề:(\d+)", _some(missing))
    yield _Figures("valid", r"Sốphiếuhợplệ:(\d+)", _one(closed.returned))
    yield _Figures("invalid", r"Sốphiếukhônghợplệ:(\d+)", _one(0))
    yield _Figures("cases passed", r"Có(\d+)/(\d+)trườnghợpđạt", _one(passed, cases))
    yield _Figures("cases not passed", r"Có(\d+)trườnghợpkhôngđạt", _some(cases - passed))


def _meeting_figures(counted: Sequence[Counted]) -> Iterator[_Figures]:
    yield _Figures(
        "ballots",
        r"Sốphiếuphátra:(\d+);thuvề:(\d+);hợplệ:(\d+);khônghợplệ:(\d+)",
        tuple(
            _one(each.closed.issued, each.closed.returned, each.closed.returned, 0)[0]
            for each in counted
        ),
    )
    opened = min(counted, key=lambda each: each.terms.ballot_number).opened
    there = opened.present + opened.online
    yield _Figures(
        "quorum",
        r"cómặt(\d+)/(\d+)thànhviên\((\d+,\d+)%\)",
        ((str(there), str(opened.members), share_percent(there, opened.members)),),
    )
    last = max(counted, key=lambda each: each.terms.ballot_number)
    yield _Figures("members", r"ThànhviênHộiđồng:tổngsố(\d+)", _one(last.closed.members))
    final = [outcome for _, outcome in final_cases(counted)]
    passed = sum(outcome.passed for outcome in final)
    yield _Figures(
        "cases passed", r"xéttặngdanhhiệuthiđua,khenthưởng(\d+)trườnghợpđạt", _some(passed)
    )
    yield _Figures(
        "cases not passed", r"(\d+)trườnghợpkhôngđạtkhôngđềnghị", _some(len(final) - passed)
    )
