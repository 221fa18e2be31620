"""An extract of a meeting minute ("trích biên bản"): one award's cases, none left out or changed.

An extract is no minute: no log names it, and its sentences are the minute's. So V18 is never said
to hold for it; but figures that are not the record's are refused as they are in a minute.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.rules import share_percent
from services.verifier.counted import AttachedRecord, Counted, final_cases
from services.verifier.meeting_wording import COLUMNS, table_row
from services.verifier.printed_pages import PrintedPages
from services.verifier.wording import squeeze

NOT_A_MINUTE: Final = (
    "an extract of a meeting minute: no log names it, and its sentences were not compared; its"
    " figures, names and outcomes are those of the record attached, and no case of its award is"
    " missing; verify the minute itself for the rest"
)

Values = tuple[str, ...]


def extract_problems(pages: PrintedPages, records: Sequence[AttachedRecord]) -> Iterator[str]:
    """What an extract prints otherwise than its records say, or leaves out of its award."""
    elections = [Counted(record) for record in records]
    rows: list[Values] = []
    for table in pages.tables:
        if table.rows[0] != tuple(map(squeeze, COLUMNS)):
            yield "a table has other heads than a minute's"
        rows += table.rows[1:]
    if not rows:
        yield "no case is printed"
    # The award and what it needs stand in every row of its group.
    printed_groups = {row[2:4] for row in rows}
    cases = [
        (nomination, outcome)
        for nomination, outcome in final_cases(elections)
        if tuple(map(squeeze, table_row(nomination, outcome)))[2:4] in printed_groups
    ]
    expected = [tuple(map(squeeze, table_row(*case))) for case in cases]
    yield from _differences("a row of the result", rows, expected)
    passed = sum(outcome.passed for _, outcome in cases)
    closed = [each.closed for each in elections]
    yield from _differences(
        "ballots",
        re.findall(r"phátra:(\d+);thuvề:(\d+);hợplệ:(\d+);khônghợplệ:(\d+)", pages.text),
        [(str(each.issued), str(each.returned), str(each.returned), "0") for each in closed],
    )
    yield from _differences(
        "cases passed",
        re.findall(r"khenthưởng(\d+)(trườnghợpđạt)", pages.text),
        [(f"{passed:02d}", "trườnghợpđạt")] if passed else [],
    )
    yield from _differences(
        "cases not passed",
        re.findall(r"(\d+)(trườnghợpkhôngđạt)", pages.text),
        [(f"{len(cases) - passed:02d}", "trườnghợpkhôngđạt")] if len(cases) > passed else [],
    )
    yield from _differences(
        "cross-check",
        re.findall(
            r"mãniêmphong([0-9A-Z-]{24});SHA-256củahồsơkiểmphiếu(?:lần\d+)?([0-9a-f]{64})",
            pages.tail,
        ),
        [(each.seal_code, each.record.sha256) for each in elections],
    )
    yield from _opening_problems(pages, elections)


def _opening_problems(pages: PrintedPages, elections: Sequence[Counted]) -> Iterator[str]:
    """Who was there when the first ballot opened; of a second ballot alone nothing is known."""
    opened = [each.opened for each in elections if each.terms.ballot_number == 1]
    due = set()
    for each in opened:
        there = each.present + each.online
        share = share_percent(there, each.members)
        due.add((str(there), str(each.members), share))
    printed = set(re.findall(r"cómặt(\d+)/(\d+)thànhviên\((\d+,\d+)%\)", pages.text))
    if opened and not (len(printed) == 1 and printed <= due):
        yield "members present at the opening: not those of the record"


def _differences(name: str, printed: Sequence[Values], expected: Sequence[Values]) -> Iterator[str]:
    found, due = Counter(printed), Counter(expected)
    for values in (found - due).elements():
        yield f"{name}: prints {' | '.join(values)}, which is not the record's"
    for values in (due - found).elements():
        yield f"{name}: {' | '.join(values)} is not printed"
