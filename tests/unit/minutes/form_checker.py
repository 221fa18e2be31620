"""
The form of a paper, measured on its pages: Decree 30/2020/NĐ-CP, Annex I and form 1.9 of Annex III.

`form_faults` reads the PDF alone. Rules and their sources: schemas/protocol/minute-form.md.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.unit.minutes.form_rules_body import BODY_RULES
from tests.unit.minutes.form_rules_end import END_RULES
from tests.unit.minutes.form_rules_heading import HEADING_RULES
from tests.unit.minutes.form_rules_page import PAGE_RULES
from tests.unit.minutes.printed_layout import Layout, read_layout

FormRule = Callable[[Layout], Iterator[str]]
RULES: Final[Mapping[str, FormRule]] = {
    rule.__name__: rule for rule in (*PAGE_RULES, *HEADING_RULES, *BODY_RULES, *END_RULES)
}


def form_faults(pdf: bytes) -> dict[str, list[str]]:
    """Each rule that the paper breaks, with where and how."""
    layout = read_layout(pdf)
    found = {name: list(rule(layout)) for name, rule in RULES.items()}
    return {name: faults for name, faults in found.items() if faults}
