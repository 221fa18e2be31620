"""How long one signature takes: by a key at hand, hash out and signature in, and B-LTA.

Against an authority on loopback: of a real time-stamp server the network's time is added.
"""

import asyncio
import statistics
import time
from collections.abc import Callable

from pyhanko.sign.signers import SimpleSigner

from services.pades.fetching import HttpTimeStamper
from services.pades.long_term import add_long_term
from services.pades.remote import finish_signature, prepare_signature
from services.pades.signing import sign_field
from tests.fixtures.loopback_authority import LoopbackAuthority, loopback_authority
from tests.unit.pades.drawn_pictures import handwriting
from tests.unit.pades.signing_papers import NOW, issued

ROUNDS = 9
LIMIT_S = 0.5


def median_seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Of the clock, and of the processor (the loopback authority's part is in both)."""
    work()
    times, worked = [], []
    for _ in range(ROUNDS):
        start, worked_before = time.perf_counter(), time.process_time()
        work()
        times.append(time.perf_counter() - start)
        worked.append(time.process_time() - worked_before)
    return statistics.median(times), statistics.median(worked)


def by_hash(authority: LoopbackAuthority, signer: SimpleSigner) -> bytes:
    chain = [certificate.dump() for certificate in authority.chain("presiding")]
    out = prepare_signature(issued(), "presiding", chain, "Chủ tọa", NOW)
    value = asyncio.run(signer.async_sign_raw(out.signed_attributes, "sha256"))
    return finish_signature(out.state, value)


def longest_pause(work: Callable[[], object]) -> float:
    """How long an event loop stands still at most while `work` runs in a thread beside it."""

    async def measure() -> float:
        task = asyncio.ensure_future(asyncio.to_thread(work))
        longest, before = 0.0, time.perf_counter()
        while not task.done():
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            longest, before = max(longest, now - before), now
        return longest

    return asyncio.run(measure())


def main() -> None:
    with loopback_authority() as authority:
        signer = authority.signer("presiding")

        def sign(picture: bytes | None = None) -> bytes:
            return sign_field(issued(), "presiding", signer, "Chủ tọa", NOW, picture)

        signed, stamper = sign(), HttpTimeStamper(authority.tsa_url)

        def stamp() -> bytes:
            return asyncio.run(add_long_term(signed, authority.trust, stamper))

        figures = {
            "B-B, text": median_seconds(sign),
            "B-B, picture": median_seconds(lambda: sign(handwriting())),
            "B-B, hash out and signature in": median_seconds(lambda: by_hash(authority, signer)),
            "B-LTA of it (loopback)": median_seconds(stamp),
        }
        pause = statistics.median(longest_pause(sign) for _ in range(ROUNDS))
    print(f"One signature on a paper of {len(issued()) // 1024} KiB")
    for what, (seconds, worked) in figures.items():
        within = "within" if seconds < LIMIT_S else "OVER"
        print(
            f"  {what:32} {seconds * 1000:6.0f} ms, {within} {LIMIT_S * 1000:.0f} ms;"
            f" processor {worked * 1000:.0f} ms"
        )
    print(f"  longest pause of the event loop  {pause * 1000:6.0f} ms while one signs")


if __name__ == "__main__":
    main()
