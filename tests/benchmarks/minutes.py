"""A minute of 30 cases drawn and given its fields: under 100 ms, beside a running event loop."""

import asyncio
import statistics
import time
from collections.abc import Callable
from typing import Final

from services.minutes import rendering
from services.minutes.fields import put_fields
from services.minutes.rendering import render_paper
from tests.unit.minutes.hard_cases import DrawnPaper, counting_paper, meeting_paper, thirty_cases

ROUNDS: Final = 15
TICK_S: Final = 0.001


def issue(paper: DrawnPaper) -> bytes:
    return put_fields(render_paper(paper.content, paper.records), paper.content)


def _first(paper: DrawnPaper) -> bytes:
    """As if this election's codes had never been drawn before."""
    rendering.qr_svg.cache_clear()
    return issue(paper)


def _milliseconds(work: Callable[[DrawnPaper], bytes], paper: DrawnPaper) -> str:
    """Best and median: only the best one is of a machine that does nothing else meanwhile."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work(paper)
        taken.append(1000 * (time.perf_counter() - start))
    return f"{min(taken):.0f} ms (median {statistics.median(taken):.0f})"


async def _longest_pause(paper: DrawnPaper) -> float:
    """How long the event loop stood still, in ms, while a thread drew the paper."""
    pauses = []
    drawing = asyncio.create_task(asyncio.to_thread(_first, paper))
    while not drawing.done():
        start = time.perf_counter()
        await asyncio.sleep(TICK_S)
        pauses.append(1000 * (time.perf_counter() - start - TICK_S))
    await drawing
    return max(pauses)


def main() -> None:
    print("A minute of 30 cases, PDF/A-3b with its fields")
    for kind, draw in (("counting", counting_paper), ("meeting", meeting_paper)):
        paper = draw("thirty", thirty_cases())
        issue(paper)
        first, again = _milliseconds(_first, paper), _milliseconds(issue, paper)
        pause = statistics.median(asyncio.run(_longest_pause(paper)) for _ in range(ROUNDS))
        print(f"  {kind:8} {first}, again {again}; the event loop pauses for {pause:.0f} ms")


if __name__ == "__main__":
    main()
