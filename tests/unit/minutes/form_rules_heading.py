"""Rules of the heading and the title: Annex I, part II, sections I.1-I.5; form 1.9."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tests.unit.minutes.form_rules_page import is_draft_mark, left_edge, printed, right_edge
from tests.unit.minutes.printed_layout import SAME, Layout, Line, Rule

NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
MEETING, COUNTING = "BIÊN BẢN", "BIÊN BẢN KIỂM PHIẾU"
_SYMBOL: Final = re.compile(r"/BB-\S+")


def is_meeting(layout: Layout) -> bool:
    return layout.line(COUNTING, page=1) is None


def title(layout: Layout) -> Line | None:
    return layout.line(MEETING, page=1)


def above_title(layout: Layout) -> list[Line]:
    bar = title(layout)
    return [line for line in printed(layout) if line.page == 1 and bar and line.y < bar.y - SAME]


def left_heading(layout: Layout) -> list[Line]:
    """Parent, issuer and number, without the right column."""
    middle = layout.sizes[0][0] / 2
    return [line for line in above_title(layout) if line.middle < middle - 20]


def _names(layout: Layout) -> list[Line]:
    capitals = [line for line in left_heading(layout) if line.text == line.text.upper()]
    return [line for line in capitals if not line.text.startswith("/")]


def _issuer(layout: Layout) -> list[Line]:
    return [line for line in _names(layout) if all(style.is_bold for style in line.styles)]


def _subject(layout: Layout) -> list[Line]:
    bar, rules = title(layout), [rule for rule in layout.rules if rule.page == 1]
    if bar is None:
        return []
    low = min((rule.y for rule in rules if rule.y > bar.y), default=bar.y + 40)
    lines = [line for line in printed(layout) if line.page == 1 and bar.y + SAME < line.y < low]
    return [line for line in lines if all(style.is_bold for style in line.styles)]


def _rule_below(layout: Layout, lines: Sequence[Line], within: float = 14) -> Rule | None:
    if not lines:
        return None
    last = lines[-1]
    found = (rule for rule in layout.rules if rule.page == 1 and 0 < rule.y - last.y < within)
    return next((rule for rule in found if abs(rule.middle - last.middle) < 40), None)


def _rule_faults(
    what: str, rule: Rule | None, lines: Sequence[Line], least: float, most: float
) -> Iterator[str]:
    if rule is None:
        yield f"no rule below {what}"
        return
    widest = max(lines, key=lambda line: line.width)
    part = rule.width / widest.width
    if not least - 0.02 <= part <= most + 0.02:
        yield f"the rule below {what} is {part:.2f} of its width"
    if abs(rule.middle - widest.middle) > 1.5:
        yield f"the rule below {what} is not under its middle"


def national_title(layout: Layout) -> Iterator[str]:
    """In capitals, 13 bold, on the right."""
    line = layout.line(NATION, page=1)
    if line is None or line.text != NATION:
        yield "the national title does not stand on one line"
    elif not line.is_all(13, bold=True) or line.middle < layout.sizes[0][0] / 2:
        yield "the national title is not in 13 bold on the right"


def motto(layout: Layout) -> Iterator[str]:
    """14 bold, one line below the national title."""
    line, nation = layout.line(MOTTO, page=1), layout.line(NATION, page=1)
    if line is None or not line.is_all(14, bold=True):
        yield "the motto is not in 14 bold"
    elif nation is None or abs(line.middle - nation.middle) > 1 or not 0 < line.y - nation.y < 24:
        yield "the motto does not stand below the middle of the national title"


def motto_rule(layout: Layout) -> Iterator[str]:
    """As long as the motto."""
    line = layout.line(MOTTO, page=1)
    if line is not None:
        yield from _rule_faults("the motto", _rule_below(layout, [line]), [line], 1, 1)


def parent_name(layout: Layout) -> Iterator[str]:
    """In capitals, 13 upright, above the issuer."""
    upright = [line for line in _names(layout) if line not in _issuer(layout)]
    bold = _issuer(layout)
    if not upright or not all(line.is_all(13, bold=False) for line in upright):
        yield "the parent's name is not in 13 upright"
    elif bold and upright[-1].y > bold[0].y:
        yield "the parent's name does not stand above the issuer's"


def issuer_name(layout: Layout) -> Iterator[str]:
    """In capitals, 13 bold."""
    lines = _issuer(layout)
    if not lines or not all(line.is_all(13, bold=True) for line in lines):
        yield "the issuer's name is not in 13 bold"


def issuer_rule(layout: Layout) -> Iterator[str]:
    """From a third to a half of the name's width, under its middle."""
    lines = _issuer(layout)
    if lines:
        yield from _rule_faults("the issuer", _rule_below(layout, lines), lines, 1 / 3, 1 / 2)


def columns_on_one_baseline(layout: Layout) -> Iterator[str]:
    """The first two lines of both columns stand on the same baselines."""
    left, right = left_heading(layout), [layout.line(NATION, page=1), layout.line(MOTTO, page=1)]
    for number, (one, other) in enumerate(zip(left, right, strict=False), 1):
        if other is not None and abs(one.y - other.y) > 0.3:
            yield f"line {number} of the columns: {one.y:.1f} and {other.y:.1f}"


def columns_apart_and_centred(layout: Layout) -> Iterator[str]:
    names, nation = _names(layout), layout.line(NATION, page=1)
    for line in names:
        if abs(line.middle - names[0].middle) > 1:
            yield f"{line.text} is not in the middle of its column"
        if nation is not None and line.x1 > nation.x0 - 3:
            yield f"{line.text} runs into the right column"


def number_line(layout: Layout) -> Iterator[str]:
    """`Số:` and `/BB-…` in 13 upright, the field between them; none on a counting minute."""
    label, found = layout.line("Số:", page=1), layout.line("/BB-", page=1)
    if not is_meeting(layout):
        if label is not None or found is not None:
            yield "a counting minute has a number line"
        return
    if label is None or found is None or not _SYMBOL.fullmatch(found.text):
        yield "no number line"
        return
    if not (label.is_all(13, bold=False) and found.is_all(13, bold=False)):
        yield "the number line is not in 13 upright"
    if abs(label.y - found.y) > SAME or found.middle > layout.sizes[0][0] / 2:
        yield "the number line does not stand on one line below the issuer"
    if issuer := _issuer(layout):
        middle = (label.x0 + found.x1) / 2
        if label.y < issuer[-1].y or abs(middle - issuer[0].middle) > 3:
            yield "the number line does not stand below the middle of the issuer"


def no_place_and_date(layout: Layout) -> Iterator[str]:
    """Form 1.9 has none: nothing but names, motto and number stands above the title."""
    for line in above_title(layout):
        known = line in _names(layout) or line.text in (NATION, MOTTO, "Số:")
        if not known and not _SYMBOL.fullmatch(line.text) and not is_draft_mark(line):
            yield f"{line.text} stands above the title"


def title_line(layout: Layout) -> Iterator[str]:
    """In capitals, 13-14 bold, in the middle."""
    line = title(layout)
    if line is None or line.text not in (MEETING, COUNTING):
        yield "there is no title"
    elif not (line.is_all(14, bold=True) or line.is_all(13, bold=True)):
        yield "the title is not in 13-14 bold"
    elif abs(line.middle - _text_middle(layout)) > 1:
        yield "the title is not in the middle"


def subject(layout: Layout) -> Iterator[str]:
    """13-14 bold, lower case, in the middle, right below the title."""
    lines, bar = _subject(layout), title(layout)
    if not lines or bar is None:
        yield "there is no subject below the title"
        return
    for line in lines:
        if not (line.is_all(14, bold=True) or line.is_all(13, bold=True)):
            yield "the subject is not in 13-14 bold"
        if abs(line.middle - _text_middle(layout)) > 1 or line.text == line.text.upper():
            yield "the subject is not in lower case in the middle"


def subject_rule(layout: Layout) -> Iterator[str]:
    """From a third to a half of the subject's width, under its middle."""
    if lines := _subject(layout):
        yield from _rule_faults(
            "the subject", _rule_below(layout, lines, within=20), lines, 1 / 3, 1 / 2
        )


def _text_middle(layout: Layout) -> float:
    return (left_edge(layout) + right_edge(layout)) / 2


HEADING_RULES: Final = (
    national_title,
    motto,
    motto_rule,
    parent_name,
    issuer_name,
    issuer_rule,
    columns_on_one_baseline,
    columns_apart_and_centred,
    number_line,
    no_place_and_date,
    title_line,
    subject,
    subject_rule,
)
