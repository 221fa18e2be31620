"""Rules of the end: Annex I, part II, sections I.7-I.9 and II.7-II.8; form 1.9; words.md §6."""

import re
from collections.abc import Iterator
from typing import Final

from tests.unit.minutes.form_rules_body import CLOSING, SIGNERS, body
from tests.unit.minutes.form_rules_heading import is_meeting
from tests.unit.minutes.form_rules_page import left_edge, printed, right_edge
from tests.unit.minutes.printed_layout import MM, SAME, Field, Layout, Line

CROSS_CHECK: Final = "Đối chiếu: mã niêm phong"
RECIPIENTS: Final = "Nơi nhận:"
FIELDS: Final = {True: {"secretary", "presiding", "agency", "number", "date"}, False: {"teller-1"}}
PICTURE_WIDTH: Final = 40 * MM  # of a person's signature, in the middle of its field
SEAL_SIZE: Final = 36 * MM


def _titles(layout: Layout) -> tuple[Line | None, Line | None]:
    left, right = SIGNERS[is_meeting(layout)]
    closing = layout.line(CLOSING[is_meeting(layout)])
    after = [line for line in layout.lines if closing and (line.page, line.y) > _at(closing)]
    found = {line.text: line for line in reversed(after)}
    return found.get(left), found.get(right)


def _at(line: Line) -> tuple[int, float]:
    return line.page, line.y


def _end(layout: Layout) -> list[Line]:
    """All lines below the signers' titles."""
    _, right = _titles(layout)
    return [line for line in printed(layout) if right and _at(line) > _at(right)]


def _fields(layout: Layout) -> dict[str, Field]:
    return {field.name: field for field in layout.fields}


def closing_mark(layout: Layout) -> Iterator[str]:
    """The last sentence, and only it, ends with `./.`"""
    lines = body(layout)
    if not lines or not lines[-1].text.endswith("./."):
        yield "the last sentence does not end with ./."
    if layout.text.count("./.") > 1:
        yield "./. stands twice"


def signers_titles(layout: Layout) -> Iterator[str]:
    """THƯ KÝ left, CHỦ TỌA right, 13-14 bold capitals on one line."""
    left, right = _titles(layout)
    if right is None or (left is None and is_meeting(layout)):
        yield "a signer's title is missing"
        return
    middle = layout.sizes[0][0] / 2
    for line in (left, right):
        if line is not None and not (line.is_all(14, bold=True) or line.is_all(13, bold=True)):
            yield f"{line.text} is not in 13-14 bold"
    if left is not None and (left.x1 > middle or right.x0 < middle):
        yield "the signers' titles do not stand left and right"
    if left is not None and abs(left.y - right.y) > SAME:
        yield "the signers' titles do not stand on one line"


def signers_names(layout: Layout) -> Iterator[str]:
    """Below each field, in its middle, 13-14 bold in lower case."""
    for field in layout.fields:
        if field.name in ("number", "date", "agency"):
            continue
        middle = (field.x0 + field.x1) / 2
        below = [
            line
            for line in _end(layout)
            if line.page == field.page
            and field.bottom - 2 < line.y < field.bottom + 30
            and abs(line.middle - middle) < 4
        ]
        if not below:
            yield f"no name below the field {field.name}"
        elif below[0].text == below[0].text.upper():
            yield f"{below[0].text} is in capitals"
        elif not (below[0].is_all(14, bold=True) or below[0].is_all(13, bold=True)):
            yield f"{below[0].text} is not in 13-14 bold"


def closing_with_signatures(layout: Layout) -> Iterator[str]:
    """The last sentence stands on the page of the signers' titles and first names."""
    closing, (_, right) = layout.line(CLOSING[is_meeting(layout)]), _titles(layout)
    if closing is None or right is None:
        yield "no closing line or no signers"
        return
    first = min((f.page for f in layout.fields if f.name not in ("number",)), default=right.page)
    if not closing.page == right.page == first:
        yield f"closing on page {closing.page}, titles {right.page}, signatures {first}"


def recipients(layout: Layout) -> Iterator[str]:
    """Left, below THƯ KÝ's signature: the word in 12 bold italic, lines in 11 upright, `;`, `.`"""
    if not is_meeting(layout):
        return
    end = _end(layout)
    at = next((n for n, line in enumerate(end) if line.text == RECIPIENTS), None)
    if at is None:
        yield "no recipients"
        return
    if not end[at].is_all(12, bold=True, italic=True):
        yield "Nơi nhận is not in 12 bold italic"
    if abs(end[at].x0 - left_edge(layout)) > SAME:
        yield "the recipients do not stand at the left margin"
    for field in layout.fields:
        if field.name == "secretary" and (field.page, field.bottom) > _at(end[at]):
            yield "the recipients do not stand below the secretary's signature"
    lines = []
    for line in end[at + 1 :]:
        if not line.is_all(11, bold=False):
            break
        lines.append(line.text)
    text = " ".join(lines)
    if not re.fullmatch(r"(- [^;]+; )*- Lưu: VT, [^;]+\.", text):
        yield f"the recipients read {text}"


def cross_check_at_the_end(layout: Layout) -> Iterator[str]:
    """Seal code, SHA-256 and QR in 10 points, only after everything else."""
    lines = printed(layout)
    at = [n for n, line in enumerate(lines) if line.text.startswith(CROSS_CHECK)]
    if not at:
        yield "no seal code at the end"
        return
    for line in lines[at[0] :]:
        if not line.is_all(10, bold=False):
            yield f"{line.text[:30]} is not in 10 points"
    hashes = re.findall(r"[0-9a-f]{64}", layout.text)
    if len(hashes) != len(at):
        yield f"{len(hashes)} hashes for {len(at)} codes"
    if layout.text.count("mã niêm phong") != len(at):
        yield "the seal code stands somewhere else too"
    pages = {line.page for line in (lines[n] for n in at)}
    if {page for page, _, _ in layout.pictures} != pages:
        yield "no QR beside the seal code, or one somewhere else"


def fields_of_the_paper(layout: Layout) -> Iterator[str]:
    """All fields from the start, with a name that is read aloud."""
    if not layout.fields:
        return
    missing = FIELDS[is_meeting(layout)] - set(_fields(layout))
    if missing:
        yield f"fields are missing: {sorted(missing)}"
    for field in layout.fields:
        if len(field.title) < 8:
            yield f"the field {field.name} has no name for readers"


def fields_at_their_places(layout: Layout) -> Iterator[str]:
    """Inside the page; signatures below their titles, number and date beside their labels."""
    left, right = _titles(layout)
    for field in layout.fields:
        height = layout.sizes[field.page - 1][1]
        if not (20 * MM < field.x0 < field.x1 < right_edge(layout) + 2):
            yield f"the field {field.name} reaches into a margin"
        if not (20 * MM < field.top < field.bottom < height - 20 * MM + 2):
            yield f"the field {field.name} reaches into head or foot"
    fields = _fields(layout)
    for name, bar in (("secretary", left), ("presiding", right), ("teller-1", right)):
        if name in fields and bar is not None:
            middle = (fields[name].x0 + fields[name].x1) / 2
            if not 0 < fields[name].top - bar.y < 40 or abs(middle - bar.middle) > 4:
                yield f"the field {name} does not stand below {bar.text}"
    number, date = layout.line("Số:", page=1), layout.line("Ban hành")
    if "number" in fields and number is not None:
        yield from _beside(fields["number"], number)
    if "date" in fields and date is not None:
        yield from _beside(fields["date"], date)


def _beside(field: Field, label: Line) -> Iterator[str]:
    if field.page != label.page or not field.top < label.y < field.bottom + 2:
        yield f"the field {field.name} does not stand on the line of {label.text}"
    if not 0 <= field.x0 - label.x1 < 10:
        yield f"the field {field.name} does not stand right behind {label.text}"


def seal_over_the_left_third(layout: Layout) -> Iterator[str]:
    """The agency's seal covers about a third of the presiding officer's signature, on its left."""
    fields = _fields(layout)
    if "agency" not in fields or "presiding" not in fields:
        return
    seal, person = fields["agency"], fields["presiding"]
    picture = (person.x0 + person.x1 - PICTURE_WIDTH) / 2
    covered = (seal.x1 - picture) / PICTURE_WIDTH
    if seal.page != person.page or not 0.25 <= covered <= 0.42 or seal.x0 > picture:
        yield f"the seal covers {covered:.2f} of the signature"
    if abs(seal.x1 - seal.x0 - SEAL_SIZE) > 2 or abs(seal.bottom - seal.top - SEAL_SIZE) > 2:
        yield "the seal's field is not of a seal's size"


END_RULES: Final = (
    closing_mark,
    signers_titles,
    signers_names,
    closing_with_signatures,
    recipients,
    cross_check_at_the_end,
    fields_of_the_paper,
    fields_at_their_places,
    seal_over_the_left_third,
)
