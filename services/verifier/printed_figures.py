"""Every figure that a paper prints, read from the text of its pages and compared with the record.

Sentences and tables are those of schemas/protocol (papers) as the service words them; spaces are
left out before comparing, since justified text and line breaks put them where they like.
"""

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pdfplumber
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from crypto.codes import seal_code_of_note
from crypto.errors import CryptoError
from schemas.entries import Closed, Outcome, Result
from schemas.rules import share_percent
from schemas.terms import Nomination
from services.verifier.evidence import Evidence
from services.verifier.record_files import MalformedInputError

MAX_PAGES: Final = 300
COUNTING_COLUMNS: Final = 8
MEETING_COLUMNS: Final = 9
_SPACES: Final = re.compile(r"\s+")
_NUMBER: Final = re.compile(r"[0-9]{1,3}")
_COUNTING_TITLE: Final = "BIÊNBẢNKIỂMPHIẾU"
_PASSED: Final = "Đạt"
_NOT_PASSED: Final = "Khôngđạt"
_MARK: Final = r"tứcítnhất(\d+)/(\d+)phiếuđồngý"
_STATES: Final = {
    "present": r"dựhọptrựctiếp(\d+)",
    "online": r"dựhọptrựctuyến(\d+)",
    "absent_consulted": r"dướihìnhthứcphiếukínđiệntử(\d+)",
}


@dataclass(frozen=True)
class PrintedPages:
    """Text of all pages without spaces, and the rows of tables that begin with a number."""

    text: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_counting_minute(self) -> bool:
        return _COUNTING_TITLE in self.text


@dataclass(frozen=True)
class AttachedRecord:
    """A record as it is attached: what it says, and the SHA-256 of the file in hex."""

    evidence: Evidence
    sha256: str


@dataclass(frozen=True)
class _Figures:
    """Where a sentence's figures stand, and which ones a paper must print there."""

    name: str
    pattern: str
    expected: tuple[tuple[str, ...], ...]


def read_pages(paper: bytes) -> PrintedPages:
    """Read text and tables of a PDF's pages. Raises MalformedInputError."""
    texts: list[str] = []
    rows: list[tuple[str, ...]] = []
    try:
        with pdfplumber.open(io.BytesIO(paper)) as document:
            if len(document.pages) > MAX_PAGES:
                raise MalformedInputError(f"the paper has more than {MAX_PAGES} pages")
            for page in document.pages:
                texts.append(_without_page_number(page.extract_text() or ""))
                for table in page.extract_tables():
                    _collect_rows(table, rows)
    except (PDFSyntaxError, PdfminerException, ValueError, KeyError, TypeError) as error:
        raise MalformedInputError(f"the pages of the PDF cannot be read: {error}") from error
    return PrintedPages(text=_squeeze(" ".join(texts)), rows=tuple(rows))


def _collect_rows(table: Sequence[Sequence[str | None]], rows: list[tuple[str, ...]]) -> None:
    """Add a page's rows that begin with a number, and the rest of one that began a page before."""
    for row in table:
        cells = tuple(_squeeze(cell or "") for cell in row)
        if _NUMBER.fullmatch(cells[0]):
            rows.append(cells)
        elif not cells[0] and any(cells) and rows and len(rows[-1]) == len(cells):
            rows[-1] = tuple(map("".join, zip(rows[-1], cells, strict=True)))


def figure_problems(pages: PrintedPages, records: Sequence[AttachedRecord]) -> list[str]:
    """What a paper prints otherwise than its records say, or leaves out (V18)."""
    problems: list[str] = []
    for figures in _expected_figures(pages, records):
        problems += _compare(pages.text, figures)
    expected_rows = Counter(_expected_rows(pages, [record.evidence for record in records]))
    printed_rows = Counter(pages.rows)
    problems += [
        f"row {row[0]} of a table should read {' | '.join(row)}"
        for row in (expected_rows - printed_rows).elements()
    ]
    problems += [
        f"a table prints {' | '.join(row)}, which is not the result's"
        for row in (printed_rows - expected_rows).elements()
    ]
    return problems


def _without_page_number(text: str) -> str:
    first, _, rest = text.partition("\n")
    return rest if _NUMBER.fullmatch(first.strip()) else text


def _squeeze(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFC", text))


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


def _expected_figures(pages: PrintedPages, records: Sequence[AttachedRecord]) -> Iterator[_Figures]:
    counted = [_Counted(record.evidence) for record in records]
    if pages.is_counting_minute:
        for each in counted:
            yield from _counting_figures(each)
    else:
        yield from _meeting_figures(counted)
    yield _Figures(
        "cross-check",
        r"Đốichiếu:mãniêmphong([0-9A-Z]{4}(?:-[0-9A-Z]{4}){4});"
        r"SHA-256củahồsơkiểmphiếu(?:lần\d+)?([0-9a-f]{64})",
        tuple((_seal_code(record.evidence), record.sha256) for record in records),
    )


class _Counted:
    """The figures of one counted election."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.closed: Closed = evidence.closed
        self.result: Result = evidence.result
        self.cases = list(zip(evidence.terms.nominations, self.result.outcomes, strict=True))
        self.passed = sum(outcome.passed for outcome in self.result.outcomes)

    def took_ballot_in_state(self, state: str) -> int | None:
        attendance = self.evidence.attendance
        if attendance is None:
            return None
        members = {issuance.member for issuance in self.evidence.issuances}
        return sum(each.state == state and each.no in members for each in attendance.members)


def _one(*values: int) -> tuple[tuple[str, ...], ...]:
    return (tuple(map(str, values)),)


def _some(value: int) -> tuple[tuple[str, ...], ...]:
    # Printed only where there is something to say.
    return _one(value) if value else ()


def _counting_figures(counted: _Counted) -> Iterator[_Figures]:
    closed, missing = counted.closed, counted.closed.issued - counted.closed.returned
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
        if taken is not None:
            expected = _one(taken) if state == "present" else _some(taken)
            yield _Figures(f"ballots taken, {state}", pattern, expected)
    yield _Figures("issued", r"Sốphiếuphátra:(\d+)", _one(closed.issued))
    yield _Figures("returned", r"Sốphiếuthuvề:(\d+)", _one(closed.returned))
    yield _Figures("not returned", r"Sốphiếukhôngthuvề:(\d+)", _some(missing))
    yield _Figures("valid", r"Sốphiếuhợplệ:(\d+)", _one(closed.returned))
    yield _Figures("invalid", r"Sốphiếukhônghợplệ:(\d+)", _one(0))
    yield _Figures("votes needed", _MARK, _marks(counted))
    yield _Figures(
        "cases passed", r"Có(\d+)/(\d+)trườnghợpđạt", _one(counted.passed, len(counted.cases))
    )
    yield _Figures(
        "cases not passed",
        r"Có(\d+)trườnghợpkhôngđạt",
        _some(len(counted.cases) - counted.passed),
    )


def _marks(counted: _Counted) -> tuple[tuple[str, ...], ...]:
    """Votes needed and base, once for each award and rule."""
    groups = {(nomination.award, nomination.rule): outcome for nomination, outcome in counted.cases}
    return tuple((str(each.votes_needed), str(each.base)) for each in groups.values())


def _marks_by_rule(counted: _Counted) -> tuple[tuple[str, ...], ...]:
    """Votes needed and base, once for all awards under one rule."""
    rules = {nomination.rule: outcome for nomination, outcome in counted.cases}
    return tuple((str(each.votes_needed), str(each.base)) for each in rules.values())


def _meeting_figures(counted: Sequence[_Counted]) -> Iterator[_Figures]:
    yield _Figures(
        "ballots",
        r"Sốphiếuphátra:(\d+);thuvề:(\d+);hợplệ:(\d+);khônghợplệ:(\d+)",
        tuple(
            _one(each.closed.issued, each.closed.returned, each.closed.returned, 0)[0]
            for each in counted
        ),
    )
    marks = tuple(mark for each in counted for mark in _marks_by_rule(each))
    yield _Figures("votes needed", _MARK, marks)
    opened = counted[0].evidence.opened
    there = opened.present + opened.online
    share = share_percent(there, opened.members)
    yield _Figures(
        "quorum",
        r"cómặt(\d+)/(\d+)thànhviên\((\d+,\d+)%\)",
        ((str(there), str(opened.members), share),),
    )
    yield _Figures("members", r"ThànhviênHộiđồng:tổngsố(\d+)", _one(counted[-1].closed.members))
    final = _final_outcomes(counted)
    passed = sum(outcome.passed for outcome in final)
    yield _Figures(
        "cases passed", r"xéttặngdanhhiệuthiđua,khenthưởng(\d+)trườnghợpđạt", _some(passed)
    )
    yield _Figures(
        "cases not passed", r"(\d+)trườnghợpkhôngđạtkhôngđềnghị", _some(len(final) - passed)
    )


def _final_outcomes(counted: Sequence[_Counted]) -> list[Outcome]:
    """Every case once; a second ballot's outcome stands for the first one's."""
    final: dict[tuple[str, ...], Outcome] = {}
    for each in sorted(counted, key=lambda each: each.evidence.terms.ballot_number):
        terms = each.evidence.terms
        for nomination, outcome in each.cases:
            key: tuple[str, ...] = (nomination.name, nomination.unit, nomination.award)
            if terms.ballot_number == 1 and key in final:
                key = (terms.uuid, *key)
            final[key] = outcome
    return list(final.values())


def _expected_rows(pages: PrintedPages, records: Sequence[Evidence]) -> Iterator[tuple[str, ...]]:
    for evidence in records:
        for nomination, outcome in _Counted(evidence).cases:
            middle = (
                (nomination.unit,)
                if pages.is_counting_minute
                else (nomination.award, f"ít nhất {outcome.votes_needed}/{outcome.base}")
            )
            yield tuple(map(_squeeze, _row(nomination, outcome, middle)))


def _row(nomination: Nomination, outcome: Outcome, middle: tuple[str, ...]) -> tuple[str, ...]:
    return (
        str(nomination.no),
        nomination.name,
        *middle,
        str(outcome.agree),
        str(outcome.disagree),
        str(outcome.blank),
        outcome.share_percent,
        _PASSED if outcome.passed else _NOT_PASSED,
    )


def _seal_code(evidence: Evidence) -> str:
    try:
        return seal_code_of_note(evidence.notes["closing"])
    except (KeyError, CryptoError):
        return "no seal code"
