"""The form of both papers, by measure (Decree 30/2020/NĐ-CP; schemas/protocol/minute-form.md)."""

import re
from functools import cache
from pathlib import Path

import msgspec
import pytest
import typst

from services.minutes import rendering
from services.minutes.fields import put_fields
from services.minutes.model import PaperContent
from services.minutes.rendering import render_paper
from tests.unit.minutes.form_checker import RULES, form_faults
from tests.unit.minutes.form_mutations import MUTATIONS, Mutation
from tests.unit.minutes.hard_cases import PAPERS, DrawnPaper

TABLE = Path(__file__).parents[3] / "schemas" / "protocol" / "minute-form.md"


@cache
def _more_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(rendering.FONTS)])


def issued(paper: DrawnPaper, content: PaperContent | None = None) -> bytes:
    content = paper.content if content is None else content
    return put_fields(render_paper(content, paper.records), content)


@pytest.mark.parametrize("name", PAPERS)
def test_form(name: str) -> None:
    """The three samples and the four hard cases keep every rule of the form."""
    assert form_faults(issued(PAPERS[name]())) == {}


@pytest.mark.parametrize("kind", ["counting", "meeting"])
def test_form_of_a_draft(kind: str) -> None:
    """A draft has the form too; it says on every page what it is, and nobody can sign it."""
    paper = PAPERS[f"doi-thong-school-{kind}"]()
    draft = msgspec.structs.replace(paper.content, draft_mark="DỰ THẢO, chưa ký", attachments=())
    assert form_faults(render_paper(draft, ()).pdf) == {}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: f"{each.rule}-{each.name}")
def test_broken_form(mutation: Mutation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is broken is seen by its own rule, and by no other one."""
    paper = PAPERS[mutation.paper]()
    source = rendering.TEMPLATE.read_text(encoding="utf-8")
    for old, new in mutation.template:
        assert old in source, f"the template has no {old}"
        source = source.replace(old, new)
    broken = tmp_path / rendering.TEMPLATE.name
    broken.write_text(source, encoding="utf-8")
    monkeypatch.setattr(rendering, "TEMPLATE", broken)
    # Other fonts are at hand, so that a template can be wrong in asking for them.
    monkeypatch.setattr(rendering, "_fonts", _more_fonts)
    content = mutation.content(paper.content) if mutation.content else paper.content
    faults = form_faults(issued(paper, content))
    assert set(faults) == {mutation.rule}, faults


def test_every_rule_can_fail() -> None:
    """No rule is without a fault that only it sees."""
    assert {mutation.rule for mutation in MUTATIONS} == set(RULES)


def test_table_of_the_form() -> None:
    """The table names every rule once, and every test that it names is there."""
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if "| `" in line]
    named = [name for row in rows for name in re.findall(r"`([a-z_0-9.]+)`", row)]
    tests = {name for name in named if name.startswith("test_")}
    assert sorted(set(named) - tests) == sorted(RULES)
    assert len(named) - len([name for name in named if name in tests]) == len(RULES)
    sources = "".join(each.read_text("utf-8") for each in Path(__file__).parent.glob("test_*.py"))
    assert all(f"def {name}(" in sources for name in tests)
