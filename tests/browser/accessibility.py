"""axe-core on a screen as it stands (WCAG 2.2 AA and its best practices)."""

from pathlib import Path
from typing import Final

from playwright.async_api import Page

AXE: Final = Path(__file__).parents[2] / "services/web/node_modules/axe-core/axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MEASURE_TARGETS: Final = """() => [...document.querySelectorAll(
  'button, a.button, summary, select, input:not([type=hidden]), textarea, [role=button], '
  + 'label.choice'
)].filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest(
  '.visually-hidden') && !each.classList.contains('visually-hidden'))
  .map((each) => (each.matches('input[type=radio], input[type=checkbox]') &&
    each.closest('label')) || each)
  .map((each) => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
  .map(([box, each]) => `${each.tagName} "${each.textContent.trim().slice(0, 40)}" `
    + `${Math.round(box.width)}x${Math.round(box.height)}`)"""


async def accessibility_faults(page: Page) -> list[str]:
    """What axe finds, a line a node; evaluated in the page, which its policy lets pass."""
    if not await page.evaluate("() => typeof globalThis.axe === 'object'"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    result = await page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
    return [
        f"{fault['id']}: {node['html'][:160]} — {node['failureSummary'][:300]}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]


async def layout_faults(page: Page) -> list[str]:
    """Whatever is wider than the screen, and touch targets under 44 px."""
    faults = list(await page.evaluate(MEASURE_TARGETS))
    too_wide = await page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if too_wide > 1:  # a fraction of a pixel, rounded up twice
        faults.append(f"the page is {too_wide} px wider than the screen")
    return faults
