"""Rules of the page: Annex I, part I, sections I and II (paper, margins, type, page numbers)."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from tests.unit.minutes.printed_layout import MM, SAME, Layout, Line, Table

A4: Final = (210 * MM, 297 * MM)
BLACK: Final = ((0.0,), (0,), 0)
GREY_OF_DRAFT: Final = 0.8
DRAFT: Final = "DỰ THẢO"
FONTS: Final = frozenset(
    {"Tinos", "Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
)
# What stands nearer to the edges is no text of the body, but something that does not belong there.
HEAD: Final = 17 * MM
FOOT: Final = 11 * MM
ACCENTS: Final = 0.9 * 14  # how high "Ữ" reaches above the baseline at the body's size
TAILS: Final = 0.22 * 14  # how far "g" reaches below it
_NUMBER: Final = re.compile(r"[0-9]+")


def is_page_number(line: Line) -> bool:
    return bool(_NUMBER.fullmatch(line.text)) and line.y < 20 * MM


def is_draft_mark(line: Line) -> bool:
    return line.text.startswith(DRAFT)


def printed(layout: Layout) -> list[Line]:
    """All text between head and foot, without page numbers and draft marks."""
    inside = (line for line in layout.lines if HEAD <= line.y <= layout.sizes[0][1] - FOOT)
    return [line for line in inside if not is_draft_mark(line) and not is_page_number(line)]


def _things(layout: Layout) -> list[Line | Table]:
    return [*printed(layout), *layout.tables]


def left_edge(layout: Layout) -> float:
    """Where text begins, as it is: a wrong margin is one fault, not a dozen."""
    return min(thing.x0 for thing in _things(layout))


def right_edge(layout: Layout) -> float:
    return max(thing.x1 for thing in _things(layout))


def paper_is_a4_upright(layout: Layout) -> Iterator[str]:
    for number, size in enumerate(layout.sizes, 1):
        if any(abs(is_now - should) > 1 for is_now, should in zip(size, A4, strict=True)):
            yield f"page {number} is {size[0]:.0f} x {size[1]:.0f} points"


def left_margin(layout: Layout) -> Iterator[str]:
    """30 to 35 mm."""
    left = left_edge(layout)
    if not 30 * MM - SAME <= left <= 35 * MM + SAME:
        yield f"text begins {left / MM:.1f} mm from the left edge"


def right_margin(layout: Layout) -> Iterator[str]:
    """15 to 20 mm, which nothing hangs into."""
    right = layout.sizes[0][0] - right_edge(layout)
    if not 15 * MM - SAME <= right <= 20 * MM + SAME:
        yield f"text ends {right / MM:.1f} mm from the right edge"


def top_margin(layout: Layout) -> Iterator[str]:
    """20 to 25 mm on every page; accents of the first line included."""
    for page in range(1, layout.pages + 1):
        on_page = (line for line in printed(layout) if line.page == page)
        tops = [line.y for line in on_page]
        tables = [table.top for table in layout.tables if table.page == page]
        first = min(chain((y - ACCENTS for y in tops), tables))
        if not 20 * MM <= first <= 25 * MM + SAME:
            yield f"page {page} begins {first / MM:.1f} mm from the upper edge"


def bottom_margin(layout: Layout) -> Iterator[str]:
    """Nothing stands in the lower 20 mm of any page."""
    for thing in _things(layout):
        low = thing.y + TAILS if isinstance(thing, Line) else thing.bottom
        above = layout.sizes[0][1] - low
        if above < 20 * MM - SAME:
            yield f"page {thing.page}: text {above / MM:.1f} mm above the edge"


def type_is_times(layout: Layout) -> Iterator[str]:
    """Times New Roman or its metric twin Tinos; every font is in the file."""
    if layout.fonts - FONTS or not layout.fonts:
        yield f"other fonts: {sorted(layout.fonts - FONTS)}"
    if not layout.embedded:
        yield "a font is not embedded"


def type_is_black(layout: Layout) -> Iterator[str]:
    """A draft's mark across the page is grey; everything else is black."""
    for colour in layout.colours - set(BLACK):
        grey = colour[0] if isinstance(colour, tuple) and len(colour) == 1 else 0
        is_mark = layout.line(DRAFT) is not None and grey > GREY_OF_DRAFT
        if not is_mark:
            yield f"text in colour {colour}"


def page_numbers(layout: Layout) -> Iterator[str]:
    """From page 2, Arabic, in the middle of the top margin, size 13-14 upright; none on page 1."""
    middle = (left_edge(layout) + right_edge(layout)) / 2
    for page in range(1, layout.pages + 1):
        found = [line for line in layout.lines if line.page == page and is_page_number(line)]
        if page == 1:
            if found:
                yield "page 1 shows its number"
            continue
        if [line.text for line in found] != [str(page)]:
            yield f"page {page} shows {[line.text for line in found]}"
            continue
        if abs(found[0].middle - middle) > 2:
            yield f"the number of page {page} is not in the middle"
        if not (found[0].is_all(13, bold=False) or found[0].is_all(14, bold=False)):
            yield f"the number of page {page} is not in 13-14 upright"


def nothing_in_head_and_foot(layout: Layout) -> Iterator[str]:
    """But the page number, and the mark of a draft."""
    inside = printed(layout)
    for line in layout.lines:
        if line not in inside and not is_page_number(line) and not is_draft_mark(line):
            yield f"page {line.page}: {line.text} stands in head or foot"
    for page, top, _ in layout.pictures:
        if top < 20 * MM:
            yield f"page {page}: a picture stands in its head"


def draft_marked(layout: Layout) -> Iterator[str]:
    """A paper that cannot be signed says on every page that it is a draft; no other one does."""
    marked = {line.page for line in layout.lines if line.text.startswith(DRAFT)}
    if layout.fields and marked:
        yield "a paper to be signed is marked as a draft"
    if not layout.fields and marked != set(range(1, layout.pages + 1)):
        yield f"only pages {sorted(marked)} are marked as a draft"


PAGE_RULES: Final = (
    paper_is_a4_upright,
    left_margin,
    right_margin,
    top_margin,
    bottom_margin,
    type_is_times,
    type_is_black,
    page_numbers,
    nothing_in_head_and_foot,
    draft_marked,
)
