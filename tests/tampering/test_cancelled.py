"""Records of elections that were cancelled (protocol.md §1, §7)."""

import base64
import hashlib
from typing import Any

import pytest
from msgspec.structs import replace

from crypto.checkpoints import Checkpoint, Promise, sign_checkpoint, sign_promise
from crypto.device_keys import cancel_message, sign_with_device_key
from crypto.merkle import leaf_hash, tree_head
from schemas import canonical, entries
from schemas.terms import Terms
from services.verifier.checks_anchor import Anchors
from services.verifier.report import Report
from services.verifier.verify import verify_bytes
from tests.fixtures.record_builder import BuiltRecord, build_record, zip_of
from tests.fixtures.record_parts import BOX_SIGNER, LOG_SIGNER, UUID, device_key, roster

UNAVAILABLE = "Ban kiểm phiếu không mở được hòm phiếu"
QUIET = Anchors(shows_codes=False)


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def presiding_signature(record: BuiltRecord, member: int, text: str) -> entries.PresidingSignature:
    signed = cancel_message(record.election.fingerprint, member, "trustees_unavailable", text)
    key = roster().members[member - 1].key
    assert key is not None
    return entries.PresidingSignature(
        member=member,
        key=entries.IssuanceKey(kind=key.kind, spki=key.spki),
        signature=b64u(sign_with_device_key(device_key(member), signed)),
    )


def cancellation(reason: Any, **options: Any) -> entries.Cancelled:
    return entries.Cancelled(
        at="2026-11-20T10:00:00+07:00", reason=reason, text=UNAVAILABLE, **options
    )


def cancelled_report(
    record: BuiltRecord, *ending: entries.Entry, withhold: bool = True, roster: bool = True
) -> Report:
    """The record up to closing, its ballots withheld, then the ending."""
    lines = []
    for entry, line in zip(record.log, record.lines, strict=True):
        if isinstance(entry, entries.BallotEntry) and withhold:
            line = canonical.encode({"withheld": leaf_hash(line).hex()})
        lines.append(line)
        if isinstance(entry, entries.Closed):
            break
    ended = [entries.encode_entry(entry) for entry in ending]
    names = ("checkpoints/opening", "checkpoints/closing", "roster.json", "attendance.json")
    files = {name: record.files[name] for name in names if roster or name != "roster.json"}
    files["entries.jsonl"] = b"".join(line + b"\n" for line in [*lines, *ended])
    files["checkpoints/result"] = last_note(record, ended)
    return verify_bytes(zip_of(files), "record.zip", QUIET)


def last_note(record: BuiltRecord, ended: list[bytes], after: type = entries.Closed) -> bytes:
    """The checkpoint over the entries up to `after`, and over those that end them."""
    last = next(at for at, entry in enumerate(record.log) if isinstance(entry, after))
    leaves = [leaf_hash(line) for line in (*record.lines[: last + 1], *ended)]
    return sign_checkpoint(Checkpoint(LOG_SIGNER.name, tree_head(leaves)), LOG_SIGNER).encode()


def too_few_record() -> BuiltRecord:
    return build_record(changes={"terms": lambda terms: replace(terms, minimum_ballots=6)})


def test_too_few_ballots() -> None:
    """The log, the issuances and the numbers are still checked; the ballots are gone."""
    report = cancelled_report(too_few_record(), cancellation("too_few_ballots"))

    assert report.failed == ()
    silent = {check.id for check in report.checks if check.status == "not_applicable"}
    assert silent == {
        *("V7", "V8", "V9", "V10", "V12", "V13", "V14", "V15", "V16", "V17"),
        *("V18", "V19", "V20"),
    }


def test_too_few_ballots_said_of_enough() -> None:
    """Whether ballots were too few can be counted."""
    assert cancelled_report(build_record(), cancellation("too_few_ballots")).failed == ("V11",)


def test_ballots_that_were_not_withheld() -> None:
    """After a cancellation the ballots leave the record."""
    report = cancelled_report(too_few_record(), cancellation("too_few_ballots"), withhold=False)

    assert report.failed == ("V0",)


def test_promised_ballot_missing() -> None:
    """The claim is the box's own promise."""
    record = build_record()
    promise = Promise(UUID, record.election.fingerprint, hashlib.sha256(b"gone").digest())
    claim = entries.Claim(promise=b64u(sign_promise(promise, BOX_SIGNER).encode()))
    report = cancelled_report(record, claim, cancellation("promised_ballot_missing"))

    assert report.failed == ()
    assert report.status_of("V19") == "holds"


def test_trustees_unavailable() -> None:
    """The presiding officer's device signed that nobody can open the box."""
    record = build_record()
    signature = presiding_signature(record, 1, UNAVAILABLE)
    ending = cancellation("trustees_unavailable", presiding_signature=signature)

    assert cancelled_report(record, ending).failed == ()


@pytest.mark.parametrize(
    ("member", "text"), [(2, UNAVAILABLE), (1, "another text"), (None, UNAVAILABLE)]
)
def test_trustees_unavailable_without_the_presiding_officer(member: int | None, text: str) -> None:
    """Another member's signature, one under another text, or none: V6 fails."""
    record = build_record()
    signature = None if member is None else presiding_signature(record, member, text)
    ending = cancellation("trustees_unavailable", presiding_signature=signature)

    assert cancelled_report(record, ending).failed == ("V6",)


def test_presiding_officer_of_no_roster() -> None:
    """Without the roster, a key that signed alone is not shown to be anybody's."""
    record = build_record(changes={"issuances": lambda _: [], "ballots": lambda _: []})
    signature = presiding_signature(record, 1, UNAVAILABLE)
    ending = cancellation("trustees_unavailable", presiding_signature=signature)
    report = cancelled_report(record, ending, roster=False)

    assert report.status_of("V6") == "not_applicable"


def test_cancelled_before_voting() -> None:
    """What there is holds; the rest does not apply, and nothing is said to be verified of it."""
    record = build_record()
    lines = []
    for entry, line in zip(record.log, record.lines, strict=True):
        lines.append(line)
        if isinstance(entry, Terms):
            break
    ended = entries.encode_entry(cancellation("council_decision"))
    data = b"".join(line + b"\n" for line in [*lines, ended])
    files = {"entries.jsonl": data, "checkpoints/result": last_note(record, [ended], Terms)}
    report = verify_bytes(zip_of(files), "record.zip", QUIET)

    assert report.failed == ()
    holding = {check.id for check in report.checks if check.status == "holds"}
    assert holding == {"V0", "V1", "V2", "V3", "V4", "V5", "V6"}


def test_cancellation_by_nobody() -> None:
    """Who holds a copy of a record cannot end it otherwise: the end is signed by the log too."""
    record = build_record()
    ended = entries.encode_entry(cancellation("council_decision"))
    lines = []
    for entry, line in zip(record.log, record.lines, strict=True):
        lines.append(line)
        if isinstance(entry, entries.VotingOpened):
            break
    files = {
        "entries.jsonl": b"".join(line + b"\n" for line in [*lines, ended]),
        "checkpoints/opening": record.files["checkpoints/opening"],
        "roster.json": record.files["roster.json"],
    }
    report = verify_bytes(zip_of(files), "record.zip", QUIET)

    assert report.failed == ("V2",)
    assert report.detail_of("V2") == "checkpoint result is missing"


def test_file_that_nothing_commits_to() -> None:
    """Attendance is frozen at closing; given without one, it must not keep V4 from judging."""
    record = build_record()
    lines = []
    for entry in record.log:
        if isinstance(entry, entries.TrusteeConfirms):
            break
        if isinstance(entry, entries.ElectionEntry):
            entry = replace(entry, election=entry.election.replace('"name":"', '"name":"Another '))
        lines.append(entries.encode_entry(entry))
    lines.append(entries.encode_entry(cancellation("council_decision")))
    files = {
        "entries.jsonl": b"".join(line + b"\n" for line in lines),
        "attendance.json": record.files["attendance.json"],
    }
    report = verify_bytes(zip_of(files), "record.zip", QUIET)

    assert report.failed == ("V2", "V4")
    assert "no entry commits to it" in report.detail_of("V4")
    assert "election.json is not what terms and ceremony make" in report.detail_of("V4")
