"""Faults put into the template or a content, one a time: each rule of the form must see its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from services.minutes.model import PaperContent

Change = Callable[[PaperContent], PaperContent]


@dataclass(frozen=True)
class Mutation:
    """
    What is broken: `template` has pairs of old and new text, `content` changes what is printed.

    `paper` names one of `hard_cases.PAPERS`; only `rule` may complain of it.
    """

    rule: str
    name: str
    template: tuple[tuple[str, str], ...] = ()
    content: Change | None = None
    paper: str = "doi-thong-school-meeting"


def _said(old: str, new: str) -> Change:
    """Other words wherever they stand."""

    def change(content: PaperContent) -> PaperContent:
        text = msgspec.json.encode(content)
        if old.encode() not in text:
            raise AssertionError(f"the paper does not say {old}")
        return msgspec.json.decode(text.replace(old.encode(), new.encode()), type=PaperContent)

    return change


def _swap_first_blocks(content: PaperContent) -> PaperContent:
    first, second, *rest = content.blocks
    return msgspec.structs.replace(content, blocks=(second, first, *rest))


def _marked_as_draft(content: PaperContent) -> PaperContent:
    return msgspec.structs.replace(content, draft_mark="DỰ THẢO, chưa ký")


def _nameless_fields(content: PaperContent) -> PaperContent:
    places = tuple(msgspec.structs.replace(place, title="") for place in content.form_places)
    return msgspec.structs.replace(content, form_places=places)


def _of_template(rule: str, name: str, old: str, new: str, paper: str | None = None) -> Mutation:
    return Mutation(rule, name, ((old, new),), paper=paper or "doi-thong-school-meeting")


def _of_words(rule: str, name: str, old: str, new: str) -> Mutation:
    return Mutation(rule, name, content=_said(old, new))


_LONGEST: Final = "longest-names-meeting"
_SEVERAL: Final = "second-ballot-meeting"
_COUNTING: Final = "doi-thong-school-counting"
PAGE: Final = (
    _of_template("paper_is_a4_upright", "wider", 'paper: "a4"', "width: 213mm, height: 297mm"),
    _of_template("left_margin", "25-mm", "left: 30mm", "left: 25mm"),
    _of_template("right_margin", "12-mm", "right: 15mm", "right: 12mm"),
    _of_template("top_margin", "28-mm", "(top: 22mm", "(top: 28mm"),
    _of_template("bottom_margin", "14-mm", "bottom: 22mm", "bottom: 14mm", _LONGEST),
    _of_template(
        "type_is_times", "other-font", "10pt, check", '10pt, font: "Libertinus Serif", check'
    ),
    _of_template("type_is_black", "blue", "text(10pt, check", "text(10pt, fill: blue, check"),
    _of_template("page_numbers", "on-page-1", ".first() > 1", ".first() > 0"),
    _of_template(
        "page_numbers", "on-the-right", "align(center, text(14pt, c", "align(right, text(14pt, c"
    ),
    _of_template(
        "page_numbers", "size-11", "align(center, text(14pt, c", "align(center, text(11pt, c"
    ),
    _of_template(
        "nothing_in_head_and_foot",
        "foot",
        "header: con",
        "footer: [Mã], footer-descent: 14mm, header: con",
    ),
    Mutation("draft_marked", "mark-on-original", content=_marked_as_draft),
)
HEADING: Final = (
    _of_template("national_title", "size-12", "text(13pt)[*CỘNG", "text(12pt)[*CỘNG"),
    _of_template("motto", "size-13", "text(14pt)[*Độc", "text(13pt)[*Độc"),
    _of_template("motto_rule", "shorter", "(motto, rule: 100%)", "(motto, rule: 60%)"),
    _of_template("parent_name", "size-12", "text(13pt, pieces", "text(12pt, pieces"),
    _of_template("issuer_name", "size-12", "text(13pt, strong(p", "text(12pt, strong(p"),
    _of_template("issuer_rule", "longer", "(issuer-line, rule: 40%)", "(issuer-line, rule: 70%)"),
    _of_template("issuer_rule", "missing", "(issuer-line, rule: 40%)", "(issuer-line)"),
    _of_template(
        "columns_on_one_baseline",
        "lower",
        "#balanced(parent-line)",
        "#v(4pt) #balanced(parent-line)",
    ),
    _of_template(
        "columns_apart_and_centred", "left", "#balanced(parent-line)", "#align(left, parent-line)"
    ),
    _of_template("number_line", "size-12", "number-line = text(13pt)", "number-line = text(12pt)"),
    _of_template(
        "no_place_and_date",
        "place-and-date",
        "    #balanced(motto, rule: 100%)\n",
        "    #balanced(motto, rule: 100%)\n    #text(13pt)[_Vân Trà, ngày 05 tháng 01 năm 2027_]\n",
    ),
    _of_template("title_line", "size-12", "heading: set text(14pt)", "heading: set text(12pt)"),
    _of_template("subject", "upright", "strong(paper.subject)", "paper.subject"),
    _of_template("subject_rule", "shorter", "rule: 40%, gap: 6pt", "rule: 20%, gap: 6pt"),
)
BODY: Final = (
    Mutation("order_of_elements", "place-before-time", content=_swap_first_blocks),
    _of_template(
        "body_type", "lead-15", "{ strong(block.lead) }", "{ text(15pt, strong(block.lead)) }"
    ),
    _of_template("first_line_indent", "15-mm", "(amount: 10mm", "(amount: 15mm"),
    _of_template("justified", "ragged", "justify: true,", "justify: false,"),
    _of_template("paragraph_gap", "3-pt", "gap = 0.52em + 6pt", "gap = 0.52em + 3pt"),
    _of_template("line_spacing", "narrow", "leading: 0.52em", "leading: 0.3em"),
    _of_template("section_headings", "upright", "strong(block.text)", "block.text", _COUNTING),
    _of_template("leads_are_bold", "upright", "{ strong(block.lead) }", "{ block.lead }"),
    _of_words("dates_as_the_decree_writes", "day", "ngày 28 tháng 5", "ngày 8 tháng 5"),
    _of_words("dates_as_the_decree_writes", "month", "ngày 28 tháng 5", "ngày 28 tháng 05"),
    _of_words("times_with_two_digits", "hour", "vào 17 giờ 40", "vào 7 giờ 40"),
    _of_words("small_numbers_with_zero", "tellers", "gồm 03 đồng chí", "gồm 3 đồng chí"),
    _of_words("rule_by_every_award", "no-citation", "phiếu đồng ý (", "phiếu đồng ý; "),
    _of_template(
        "votes_needed_in_words",
        "figure",
        "figure-cell(mark)",
        'figure-cell(mark.split(" ").last())',
    ),
    _of_words(
        "nothing_about_unanimity", "unanimous", "Chủ tọa nêu", "Hội đồng nhất trí. Chủ tọa nêu"
    ),
    _of_template(
        "table_heads_on_every_page",
        "once",
        "table.header(..heads",
        "table.header(repeat: false, ..heads",
        _SEVERAL,
    ),
    _of_template(
        "rows_are_whole",
        "cut",
        "cell(breakable: false)",
        "cell(breakable: true)",
        _LONGEST,
    ),
    _of_template("rows_are_whole", "narrow", "14.5mm, 20mm), block", "9mm, 25.5mm), block"),
    _of_template("tables_between_margins", "narrow", "1.15fr, 1fr, 14mm", "30mm, 30mm, 14mm"),
)
END: Final = (
    _of_words("closing_mark", "full-stop", "năm 2027./.", "năm 2027."),
    _of_template(
        "signers_titles", "upright", "[*#upper(column.heading)*]", "[#upper(column.heading)]"
    ),
    _of_template("signers_names", "upright", "*#place.name*", "#place.name"),
    Mutation(
        "closing_with_signatures",
        "page-before",
        (
            ("  #par(paper.closing)\n", ""),
            ("#if signing-rows <= 4", "#par(paper.closing)\n#pagebreak()\n#if signing-rows <= 4"),
        ),
    ),
    _of_template("recipients", "size-12", "text(11pt)[\\- #line]", "text(12pt)[\\- #line]"),
    _of_template("cross_check_at_the_end", "size-9", "text(10pt, check", "text(9pt, check"),
    _of_template(
        "cross_check_at_the_end",
        "no-code",
        'image(bytes(check.qr), format: "svg", width: 19mm, height: 19mm, alt: check.alternative)',
        "[]",
    ),
    Mutation("fields_of_the_paper", "no-name", content=_nameless_fields),
    _of_template("fields_at_their_places", "higher", "#box(baseline: 1.5mm", "#box(baseline: -8mm"),
    _of_template("seal_over_the_left_third", "two-thirds", "40mm / 3 -", "40mm * 2 / 3 -"),
)
MUTATIONS: Final = (*PAGE, *HEADING, *BODY, *END)
