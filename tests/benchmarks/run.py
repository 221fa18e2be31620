"""`make bench`: ballots encrypted and verified a second, as ratios; the papers in milliseconds.

One run, one machine: the figures are printed with the machine's name, and nothing here is a test.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from crypto.ballots import parse_ballot, verify_ballot_proofs, verify_ballot_signature
from crypto.elections import Election, parse_election
from crypto.groups import GROUPS
from crypto.randomness import draw_scalar, system_randomness
from tests.benchmarks import browser, minutes, signing
from tests.benchmarks.archives import closed_archive, election_text, make_ballot
from tests.benchmarks.replay import recorded_calls, replay

QUESTIONS = 30
BALLOTS = {"Ed25519": 12, "BELENIOS-2048": 8}
ROUNDS = 5


def election_of(group_name: str) -> Election:
    """An election of 30 nominations with a key that nobody keeps."""
    group = GROUPS[group_name]
    key = group.power_of_generator(draw_scalar(group, system_randomness))
    return parse_election(election_text(group, group.element_to_text(key), QUESTIONS))


def new_ballot(election: Election) -> str:
    return make_ballot(election, draw_scalar(election.group, system_randomness))


def verify(election: Election, text: str) -> None:
    ballot = parse_ballot(election, text)
    verify_ballot_proofs(election, ballot)
    verify_ballot_signature(election, ballot)


_worker_election: Election


def start_worker(election_text: str) -> None:
    global _worker_election
    _worker_election = parse_election(election_text)
    # The tables are made before the clock runs, as they are in a long verification.
    _worker_election.key.power(1)
    _worker_election.group.power_of_generator(1)


def verify_in_worker(text: str) -> None:
    verify(_worker_election, text)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure_group(group_name: str) -> None:
    election, count = election_of(group_name), BALLOTS[group_name]
    election.key.power(1)
    encrypting = statistics.median(seconds(lambda: new_ballot(election)) for _ in range(ROUNDS))
    ballots = [new_ballot(election) for _ in range(count)]
    with recorded_calls(election.group) as calls:
        # A fresh object, so that its key is prepared inside of the recording.
        verify(parse_election(election.text), ballots[0])
    pairs = [
        (seconds(lambda: verify(election, ballots[0])), seconds(lambda: replay(calls)))
        for _ in range(3 * ROUNDS)
    ]
    verifying = statistics.median(pair[0] for pair in pairs)
    ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
    print(f"{group_name}, {QUESTIONS} nominations a ballot")
    print(f"  encrypt  {1 / encrypting:8.1f} ballots/s on one core")
    print(f"  verify   {1 / verifying:8.1f} ballots/s on one core")
    print(f"  verify / the same {len(calls)} group operations alone: {ratio:.2f}")
    measure_cores(election, ballots)


def measure_cores(election: Election, ballots: list[str]) -> None:
    """One worker against as many as there are cores, pair by pair, tables made before."""
    work = ballots * 4
    cores = os.cpu_count() or 1
    with (
        ProcessPoolExecutor(1, initializer=start_worker, initargs=(election.text,)) as one,
        ProcessPoolExecutor(cores, initializer=start_worker, initargs=(election.text,)) as all_of,
    ):
        for pool in (one, all_of):
            list(pool.map(verify_in_worker, work))
        pairs = [
            (
                seconds(lambda: list(one.map(verify_in_worker, work))),
                seconds(lambda: list(all_of.map(verify_in_worker, work))),
            )
            for _ in range(ROUNDS)
        ]
    fastest = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
    print(
        f"  verify   {len(work) / fastest:8.1f} ballots/s on {cores} cores: {ratio:.2f} times one"
    )


def measure_against_belenios_tool() -> None:
    """The same BELENIOS-2048 archive, each program a whole process on one core, in turn."""
    if shutil.which("belenios-tool") is None:
        print("belenios-tool is not installed: not compared")
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "11111111111111.bel"
        archive.write_bytes(closed_archive("BELENIOS-2048", ballots=20, questions=20))
        ours = [sys.executable, "-m", "services.cli.main", "verify"]
        ours += [str(archive), "--processes", "1"]
        theirs = ["belenios-tool", "election", "verify", "--dir", folder]
        pin = ["taskset", "-c", "0"] if shutil.which("taskset") else []
        pairs = []
        for _ in range(ROUNDS):
            pair = []
            for command in (theirs, ours):
                start = time.perf_counter()
                subprocess.run([*pin, *command], check=True, capture_output=True)
                pair.append(time.perf_counter() - start)
            pairs.append(pair)
    print("Verifying one BELENIOS-2048 archive, 20 ballots of 20 questions, one core")
    print(f"  belenios-tool 2.0 {statistics.median(pair[0] for pair in pairs):.2f} s")
    print(f"  phieukin verify   {statistics.median(pair[1] for pair in pairs):.2f} s")
    print(f"  theirs / ours     {statistics.median(a / b for a, b in pairs):.2f}")


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for group_name in GROUPS:
        measure_group(group_name)
    measure_against_belenios_tool()
    minutes.main()
    signing.main()
    browser.main()


if __name__ == "__main__":
    main()
