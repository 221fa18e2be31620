"""The web client in a real Chromium: encrypting, loading, verifying, on a slow phone and network.

`CPU 4×` is Chromium's own throttling, which slows the page but not its workers; so the time of a
step that a worker does is measured unthrottled, too, and its fourfold is printed beside it.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from playwright.async_api import Browser, expect

from crypto.randomness import system_randomness
from schemas.scenario import Scenario, parse_scenario
from services.simulation.meeting import MeetingPlay
from services.simulation.secretary import Secretary
from services.simulation.service_process import RunningService, running_service
from tests.browser import phones
from tests.browser.phones import button, heading, says, tap
from tests.browser.stage import CHROMIUM, Device, chromium, new_device
from tests.browser.surroundings import TELLERS, Surroundings, first_secretary, small_scenario
from tests.browser.words import text

CLIENT: Final = Path(__file__).parents[2] / "services/web/dist"
SLOWDOWN: Final = 4
LONG_MS: Final = 600_000
# Lighthouse's "slow 4G": round trip and throughput.
SLOW_4G: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
WATCH_LONG_TASKS: Final = """() => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.longTasks.push(entry.duration);
  }).observe({type: 'longtask'});
}"""
READ_PAINTS: Final = """() => new Promise((resolve) => {
  const found = {};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) found.lcp = entry.startTime;
  }).observe({type: 'largest-contentful-paint', buffered: true});
  for (const entry of performance.getEntriesByType('paint')) found[entry.name] = entry.startTime;
  setTimeout(() => resolve(found), 500);
})"""


@dataclass(frozen=True)
class Sealing:
    """From tapping past the review to the receipt code."""

    seconds: float
    longest_task_ms: float


@dataclass(frozen=True)
class Bench:
    """The running parts that all measurements share."""

    browser: Browser
    service: RunningService
    secretary: Secretary

    @property
    def origin(self) -> str:
        return self.service.enrolment_link.partition("/join")[0]

    async def new_phone(self, **options: Any) -> Device:
        return await new_device(self.browser, "phone", self.origin, **options)


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    async with running_service(client_dir=CLIENT) as service, chromium() as browser:
        secretary = await first_secretary(service.base_url, service.enrolment_link)
        try:
            yield Bench(browser, service, secretary)
        finally:
            await secretary.device.api.close()


async def throttle(device: Device, rate: int) -> None:
    await device.cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})


async def open_ballot(parts: Bench, others: Surroundings) -> Device:
    """A phone with its ballot open, every case marked."""
    phone = await parts.new_phone(service_workers="block")
    await phones.join(phone, others.link)
    await phones.open_ballot(phone)
    await phones.check_in(phone)
    await others.until_voting_with(lambda: phones.take_ballot(phone))
    await expect(heading(phone, "ballot.title")).to_be_visible()
    agree = phones.group_buttons(phone, "agree")
    while await agree.count() > 0:
        await agree.first.click()
    await expect(says(phone, "ballot.all_marked", n=others.nominations)).to_be_visible()
    return phone


async def measure_sealing(phone: Device, rate: int) -> Sealing:
    """One encryption; the ballot is not cast."""
    await tap(phone, "review.title")
    await expect(heading(phone, "review.title")).to_be_visible()
    await phone.page.evaluate(WATCH_LONG_TASKS)
    await throttle(phone, rate)
    go_on = button(phone, "app.continue")
    start = time.perf_counter()
    await go_on.click()
    await expect(says(phone, "cast.sealed")).to_be_visible(timeout=LONG_MS)
    seconds = time.perf_counter() - start
    await throttle(phone, 1)
    tasks = await phone.page.evaluate("() => globalThis.longTasks")
    await tap(phone, "review.change")
    return Sealing(seconds, max(tasks, default=0.0))


async def measure_casting(parts: Bench, nominations: int) -> None:
    others = Surroundings(parts.secretary, small_scenario(nominations, TELLERS))
    await others.convene()
    phone = await open_ballot(parts, others)
    plain = [await measure_sealing(phone, 1) for _ in range(3)]
    slow = [await measure_sealing(phone, SLOWDOWN) for _ in range(3)]
    fastest = min(each.seconds for each in plain)
    print(f"Tapping past the review to the receipt code, {nominations} nominations, Ed25519")
    print(f"  unthrottled       {fastest:6.2f} s, four times that {SLOWDOWN * fastest:.2f} s")
    print(f"  page at CPU 4×    {min(each.seconds for each in slow):6.2f} s")
    longest = max(each.longest_task_ms for each in (*plain, *slow))
    print(f"  longest task      {longest:6.0f} ms" if longest else "  no task over 50 ms")
    if nominations < 100:
        await print_scripts(phone)
    await phone.context.close()
    await others.close()


async def print_scripts(phone: Device) -> None:
    """What this phone has loaded from joining to the sealed ballot."""
    urls = {each.url for each in phone.all_sent() if each.url.endswith(".js")}
    sizes = await phone.page.evaluate(
        """async (urls) => {
          const sizes = [];
          for (const url of urls) {
            const stream = (await fetch(url)).body.pipeThrough(new CompressionStream('gzip'));
            sizes.push((await new Response(stream).arrayBuffer()).byteLength);
          }
          return sizes;
        }""",
        sorted(urls),
    )
    print(f"JavaScript of a member's screens: {sum(sizes) / 1000:.1f} kB gzip, {len(urls)} files")


async def measure_first_screen(parts: Bench) -> None:
    """On slow 4G and CPU 4×, nothing cached."""
    others = Surroundings(parts.secretary, small_scenario(3, TELLERS))
    await others.convene()
    print("First screen on slow 4G (150 ms, 1.6 Mbit/s), CPU 4×, nothing cached")
    for name, link in (("/join#…", others.link), ("/", "/")):
        phone = await parts.new_phone()
        await phone.cdp.send("Network.emulateNetworkConditions", SLOW_4G)
        await throttle(phone, SLOWDOWN)
        await phone.page.goto(link)
        await expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
        paints = await phone.page.evaluate(READ_PAINTS)
        first, largest = paints.get("first-contentful-paint", 0), paints.get("lcp", 0)
        print(f"  {name:8} first paint {first / 1000:5.2f} s, largest {largest / 1000:5.2f} s")
        await phone.context.close()
    await others.close()


def large_scenario(members: int, nominations: int) -> Scenario:
    """A council whose members all vote."""
    small = small_scenario(nominations, TELLERS)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return parse_scenario(
        {
            **msgspec.to_builtins(small),
            "members": [
                {
                    "no": no,
                    "name": f"Thành viên {no}",
                    "position": "Chuyên viên",
                    "council_role": "Ủy viên",
                    "attendance": "present",
                }
                for no in range(1, members + 1)
            ],
            "meeting": {
                **msgspec.to_builtins(small.meeting),
                "starts_at": now,
                "ends_at": (datetime.now(UTC) + timedelta(hours=2)).isoformat(timespec="seconds"),
            },
            "votes": {str(no): ["agree"] * nominations for no in range(1, members + 1)},
        }
    )


async def measure_verification(members: int, nominations: int) -> None:
    """A record of a simulated meeting, verified by the page unthrottled."""
    async with running_service(client_dir=CLIENT) as service, chromium() as browser:
        play = MeetingPlay(
            large_scenario(members, nominations),
            "Ed25519",
            service.base_url,
            service.enrolment_link,
            system_randomness,
            lambda line: None,
        )
        try:
            held = await play.hold()
            record = await play.secretary.download_record(held.uuid)
        finally:
            await play.close()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "record.zip"
            path.write_bytes(record)
            desk = await new_device(browser, "auditor", play.origin, phone=False)
            await desk.page.goto("/verify")
            await desk.page.locator("input[type=file]").set_input_files(path)
            await expect(says(desk, "verify.chosen", name=path.name)).to_be_visible()
            start = time.perf_counter()
            await tap(desk, "verify.start")
            verdict = desk.page.get_by_text(text("verify.verdict_unanchored"))
            await expect(verdict.first).to_be_visible(timeout=LONG_MS)
            seconds = time.perf_counter() - start
            await desk.context.close()
    print(f"Verifying a record of {members} ballots × {nominations} in the browser, unthrottled")
    print(f"  {seconds:.2f} s")


async def measure() -> None:
    async with bench() as parts:
        for nominations in (30, 200):
            await measure_casting(parts, nominations)
        await measure_first_screen(parts)
    await measure_verification(15, 30)


def main() -> None:
    if not (CLIENT / "client-manifest.txt").is_file() or not Path(CHROMIUM).exists():
        print("no built client or no Chromium: the browser is not measured")
        return
    asyncio.run(measure())


if __name__ == "__main__":
    main()
