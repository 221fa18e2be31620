"""One change to a valid record, and exactly the checks that must notice it (protocol.md §9)."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from crypto.ballot_encryption import encrypt_ballot
from crypto.ballots import parse_ballot
from crypto.belenios_archive import read_archive, write_archive
from crypto.belenios_json import dumps, loads
from crypto.checkpoints import parse_note, sign_checkpoint, verify_checkpoint
from crypto.merkle import TreeHead
from schemas import entries
from schemas.rules import Quorum
from schemas.terms import Terms
from services.verifier.checks_anchor import Anchors
from services.verifier.report import TITLES, Report
from services.verifier.verify import verify_bytes
from tests.fixtures.record_builder import BuiltRecord, Changes, build_record, zip_of
from tests.fixtures.record_parts import (
    LOG_SIGNER,
    ceremony,
    file_of,
    roster,
    sign,
)
from tests.tampering.ballot_changes import exponent_of, in_order, replace_ballot, with_altered_proof

QUIET = Anchors(shows_codes=False)
Change = Callable[[Any], Any]


def verify(record: BuiltRecord, **options: Any) -> Report:
    return verify_bytes(record.to_zip(), "record.zip", QUIET, **options)


def failed(changes: Changes) -> set[str]:
    report = verify(build_record(changes=changes))
    for check in report.checks:
        assert "cannot be judged" not in check.detail, check
    return set(report.failed)


@functools.cache
def honest() -> BuiltRecord:
    return build_record()


def at(index: int, change: Change) -> Change:
    """Change one item of a list."""

    def changed(items: list[Any]) -> list[Any]:
        return [change(item) if place == index else item for place, item in enumerate(items)]

    return changed


def flipped(text: str, position: int = 10) -> str:
    """The text with one character exchanged for another of its alphabet."""
    return text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :]


def swapped(items: list[Any]) -> list[Any]:
    return [items[1], items[0], *items[2:]]


def added_proof(entry: entries.PartialDecryption) -> entries.PartialDecryption:
    assert entry.proof is not None
    challenge = str(int(entry.proof.challenge) + 1)
    return replace(entry, proof=replace(entry.proof, challenge=challenge))


def confirm_another(group_name: str = "Ed25519") -> Change:
    """Trustee 2 signs a confirmation of another election."""
    from_state = ceremony(group_name).states[1]

    def change(entry: entries.TrusteeConfirms) -> entries.TrusteeConfirms:
        message = f"phieukin/confirm/1|{'A' * 43}|{from_state.index}|{'0' * 64}"
        return replace(entry, confirmation=sign(group_name, 12345, message))

    return at(1, change)


def pretend_root(notes: dict[str, str]) -> dict[str, str]:
    """The closing checkpoint of another tree, signed by the log key."""
    checkpoint = verify_checkpoint(notes["closing"], LOG_SIGNER.key)
    forged = type(checkpoint)(checkpoint.origin, TreeHead(checkpoint.head.size, b"\1" * 32))
    return notes | {"closing": sign_checkpoint(forged, LOG_SIGNER)}


def other_signature(notes: dict[str, str]) -> dict[str, str]:
    text, line = parse_note(notes["result"]).text, notes["result"].splitlines()[-1]
    name, signature = line.rsplit(" ", 1)
    return notes | {"result": f"{text}\n{name} {flipped(signature, 30)}\n"}


def result_off_by_one(result: entries.Result) -> entries.Result:
    """One vote more for the first nomination, in Belenios' object and in the outcome."""
    counts = msgspec.json.decode(result.result)["result"]
    agree, disagree = counts[0]
    counts[0] = [agree + 1, disagree - 1]
    text = msgspec.json.encode({"result": counts}).decode()
    first, *others = result.outcomes
    base = first.base
    from_rule = replace(
        first,
        agree=agree + 1,
        disagree=disagree - 1,
        share_percent=f"{10000 * (agree + 1) // base // 100},"
        f"{(20000 * (agree + 1) + base) // (2 * base) % 100:02d}",
        passed=agree + 1 >= first.votes_needed,
    )
    return replace(result, result=text, outcomes=(from_rule, *others))


def passed_anyway(result: entries.Result) -> entries.Result:
    return replace(
        result,
        outcomes=tuple(replace(outcome, passed=not outcome.passed) for outcome in result.outcomes),
    )


def other_share(result: entries.Result) -> entries.Result:
    first, *others = result.outcomes
    return replace(result, outcomes=(replace(first, share_percent="57,15"), *others))


def renamed_roster(data: bytes) -> bytes:
    members = roster().members
    return file_of(replace(roster(), members=(*members[:-1], replace(members[-1], name="Ai đó"))))


def signed_by_another(issuance: entries.Issuance) -> entries.Issuance:
    other = roster().members[6].key
    assert other is not None
    return replace(issuance, key=entries.IssuanceKey(kind=other.kind, spki=other.spki))


def altered_signature(ballots: list[entries.BallotEntry]) -> list[entries.BallotEntry]:
    entry = ballots[0]
    text = entry.ballot
    place = text.rindex('"response":"') + len('"response":"')
    digit = "1" if text[place] != "1" else "2"
    return replace_ballot(ballots, entry, text[:place] + digit + text[place + 1 :])


def with_spaces(ballots: list[entries.BallotEntry]) -> list[entries.BallotEntry]:
    entry = ballots[0]
    return replace_ballot(ballots, entry, entry.ballot.replace('":"', '": "', 1))


def neutral_alpha(ballots: list[entries.BallotEntry]) -> list[entries.BallotEntry]:
    entry = ballots[0]
    place = entry.ballot.index('"alpha":"') + len('"alpha":"')
    text = entry.ballot[:place] + "0" * 63 + "1" + entry.ballot[place + 64 :]
    return replace_ballot(ballots, entry, text)


def point_of_small_order(ballots: list[entries.BallotEntry]) -> list[entries.BallotEntry]:
    entry = ballots[0]
    place = entry.ballot.index('"beta":"') + len('"beta":"')
    # The point of order 4 whose y is 0 (RFC 8032 encoding, reversed as Belenios writes it).
    return replace_ballot(
        ballots, entry, entry.ballot[:place] + "0" * 64 + entry.ballot[place + 64 :]
    )


def cast_twice(ballots: list[entries.BallotEntry]) -> list[entries.BallotEntry]:
    """The same credential and token again with another valid ballot."""
    return in_order([*ballots[1:], ballots[1]])


def voted_again(ballots: list[entries.BallotEntry]) -> list[entries.BallotEntry]:
    """Another ballot under a credential that has cast, with its token."""
    election = honest().election
    ballot = parse_ballot(election, ballots[0].ballot)
    marks = [(0, 1)] * len(election.questions)
    text = encrypt_ballot(election, exponent_of(honest(), ballot), marks, b"again!" * 5 + b"!!", 7)
    return in_order([*ballots, entries.BallotEntry(ballot=text, token=ballots[0].token)])


def dated_otherwise(data: bytes) -> bytes:
    return write_archive(dataclasses.replace(read_archive(data), timestamp=1))


def with_another_credential(data: bytes) -> bytes:
    archive = read_archive(data)
    credentials = sorted([*loads(archive.public_credentials), "0" * 63 + "1"])
    return write_archive(dataclasses.replace(archive, public_credentials=dumps(credentials)))


def other_token(entry: entries.BallotEntry) -> entries.BallotEntry:
    return replace(entry, token=(flipped(entry.token[0], 300),))


def _one_more_teller(terms: Terms) -> Terms:
    """A member of the roster, with the certificate of the first trustee."""
    team = terms.counting_team
    other = replace(team.trustees[0], member=4, name=roster().members[3].name)
    return replace(terms, counting_team=replace(team, trustees=(other, *team.trustees)))


def _tellers_reversed(terms: Terms) -> Terms:
    team = terms.counting_team
    return replace(terms, counting_team=replace(team, trustees=team.trustees[::-1]))


TAMPERINGS: dict[str, tuple[Changes, set[str]]] = {
    "a head teller who holds no share": ({"terms": _one_more_teller}, {"V4"}),
    "another trustee in the head teller's place": ({"terms": _tellers_reversed}, {"V4"}),
    "voting opened before the last confirmation": (
        {"board": lambda log: _moved(log, entries.VotingOpened, -1)},
        {"V0"},
    ),
    "a second result at the end": (
        {"log": lambda log: [*log[:-1], log[-2], log[-1]]},
        {"V0"},
    ),
    "an entry cut off at its end": ({"lines": lambda data: data[:-1]}, {"V1"}),
    "an unknown field in the result": (
        {"lines": lambda data: data.replace(b'"returned":5,"tr', b'"returned":5,"spoilt":0,"tr')},
        {"V1", "V0", "V2", "V3"},
    ),
    "a signature of a checkpoint": ({"checkpoints": other_signature}, {"V2"}),
    "a checkpoint of another tree": ({"checkpoints": pretend_root}, {"V2", "V3"}),
    "a checkpoint left out": (
        {"checkpoints": lambda notes: {k: v for k, v in notes.items() if k != "opening"}},
        {"V2"},
    ),
    "two checkpoints exchanged": (
        {"checkpoints": lambda notes: notes | {"closing": notes["result"]}},
        {"V2", "V3"},
    ),
    "another question in election.json": (
        {"election": lambda text: text.replace("Nguyễn Văn 2", "Nguyễn Văn 9")},
        {"V4"},
    ),
    "another name in the roster": ({"roster": renamed_roster}, {"V4"}),
    "a ceremony of another size in the terms": (
        {"terms": lambda terms: replace(terms, ceremony_size=11)},
        {"V4"},
    ),
    "a confirmation of another election": ({"confirmations": confirm_another()}, {"V5"}),
    "a trustee who did not confirm": ({"confirmations": lambda made: made[:2]}, {"V5"}),
    "a commitment that is not opened": (
        {"ceremony": at(4, lambda entry: replace(entry, commitment="0" * 64))},
        {"V5"},
    ),
    "a signature under an issuance": (
        {"issuances": at(2, lambda each: replace(each, signature=flipped(each.signature)))},
        {"V6"},
    ),
    "an issuance signed by another's key": ({"issuances": at(2, signed_by_another)}, {"V6"}),
    "a passkey's data left out": (
        {"issuances": at(1, lambda each: replace(each, client_data=None))},
        {"V6"},
    ),
    "an altered token": ({"ballots": at(0, other_token)}, {"V7"}),
    "the same ballot twice": ({"ballots": cast_twice}, {"V7", "V11", "V12"}),
    "two ballots of one credential": ({"ballots": voted_again}, {"V7"}),
    "a ballot with spaces": ({"ballots": with_spaces}, {"V8"}),
    "a neutral alpha": ({"ballots": neutral_alpha}, {"V8"}),
    "a point outside of the group": ({"ballots": point_of_small_order}, {"V8"}),
    "an altered signature of a ballot": ({"ballots": altered_signature}, {"V10"}),
    "fewer ballots than the minimum": (
        {"terms": lambda terms: replace(terms, minimum_ballots=6)},
        {"V11"},
    ),
    "one seed for two ballots": (
        {"seeds": lambda seeds: [seeds[0], seeds[0], *seeds[2:]]},
        {"V11"},
    ),
    "a late issuance counted as on time": (
        {"opened": lambda opened: replace(opened, issued=6)},
        {"V11"},
    ),
    "ballots in another order": ({"ballots": swapped}, {"V12"}),
    "issuances in another order": ({"issuances": swapped}, {"V12"}),
    "another encrypted sum": (
        {"result": lambda result: replace(result, encrypted_tally="0" * 64)},
        {"V13"},
    ),
    "an altered second proof": ({"partial_decryptions": at(2, added_proof)}, {"V14"}),
    "a partial decryption in another's name": (
        {"partial_decryptions": lambda made: [replace(made[1], index=1), *made[1:]]},
        {"V14"},
    ),
    "fewer partial decryptions than the threshold": (
        {"partial_decryptions": lambda made: made[:1]},
        {"V14"},
    ),
    "one vote moved": ({"result": result_off_by_one}, {"V15"}),
    "a trustee named who did not decrypt": (
        {
            "partial_decryptions": lambda made: made[:2],
            "result": lambda r: replace(r, trustees=(1, 3)),
        },
        {"V15"},
    ),
    "passed instead of not passed": ({"result": passed_anyway}, {"V16"}),
    "a share rounded up": ({"result": other_share}, {"V16"}),
    "no quorum": ({"terms": lambda terms: replace(terms, quorum=Quorum(share="100%"))}, {"V16"}),
    "another time in the archive": ({"archive": dated_otherwise}, {"V17"}),
    "a credential too many in the archive": ({"archive": with_another_credential}, {"V17"}),
    "an archive that breaks off": ({"archive": lambda data: data[:-512]}, {"V17"}),
    "a manifest of another size": (
        {"manifest": lambda data: data.replace(b'"size":35', b'"size":36')},
        {"V17"},
    ),
}


def _moved(log: list[Any], kind: type, by: int) -> list[Any]:
    place = next(place for place, entry in enumerate(log) if isinstance(entry, kind))
    entry = log.pop(place)
    return [*log[: place + by], entry, *log[place + by :]]


@pytest.mark.parametrize("name", TAMPERINGS)
def test_one_change(name: str) -> None:
    """Exactly the checks that the change concerns fail; the others hold or do not apply."""
    changes, expected = TAMPERINGS[name]

    assert failed(changes) == expected


@pytest.mark.parametrize("group_name", ["Ed25519", "BELENIOS-2048"])
def test_valid_record(group_name: str) -> None:
    """Nothing fails, in both groups; only papers, receipts and anchor do not apply."""
    report = verify(build_record(group_name))

    assert [check.id for check in report.checks] == list(TITLES)
    assert {c.id for c in report.checks if c.status != "holds"} == {"V18", "V19", "V20"}
    assert report.failed == ()


def test_proof_off_by_one_under_a_good_signature() -> None:
    """V9 alone sees a ballot whose owner signed a false proof."""
    assert failed({"ballots": with_altered_proof(honest())}) == {"V9"}


def test_public_copy() -> None:
    """Without roster and attendance nothing fails, and V6 does not claim what it cannot see."""
    files = dict(honest().files)
    del files["roster.json"], files["attendance.json"]
    report = verify_bytes(zip_of(files), "record.zip", QUIET)

    assert report.failed == ()
    assert "no roster given" in report.detail_of("V6")
    assert {check.id for check in report.checks if check.status != "holds"} == {
        *("V6", "V18", "V19", "V20")
    }


def test_one_figure_changed_in_the_file() -> None:
    """Whoever edits a finished record meets the log, and every check of that figure."""
    files = dict(honest().files)
    files["entries.jsonl"] = files["entries.jsonl"].replace(b'"agree":4', b'"agree":5', 1)
    report = verify_bytes(zip_of(files), "record.zip", QUIET)

    assert set(report.failed) == {"V2", "V3", "V15", "V16", "V17"}
    assert "nomination 1: 5 agree, 1 disagree, by the opened sum 4 and 1" in report.detail_of("V15")
