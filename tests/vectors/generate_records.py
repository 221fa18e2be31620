"""Vectors of whole records and of what the schemas refuse (protocol.md §1, §7, §9, §11, §13).

A record stands here as its entries and small files; `election.bel` follows from them and is named
by its hash. The record is that of `tests/fixtures/record_builder.py`, the same each time.
"""

import hashlib
import json
from datetime import datetime
from typing import Any, get_args

import msgspec

from crypto.ballots import parse_ballot
from crypto.belenios_archive import Archive, OwnedPartialDecryption, write_archive
from crypto.belenios_json import dumps, loads
from crypto.elections import parse_election
from crypto.groups import GROUPS, group_by_name
from crypto.merkle import leaf_hash, tree_root
from crypto.proofs import parse_proof
from crypto.sealed_messages import parse_signed_message
from crypto.tally import encrypt_tally, tally_to_text
from crypto.trustee_verification import election_key
from crypto.trustees import (
    ThresholdTeam,
    parse_certificate,
    parse_coefficients,
    parse_verification_key,
    trustees_to_text,
)
from schemas import canonical, entries
from schemas.election_json import election_json, terms_hash
from schemas.entries import Entry, decode_entry, encode_entry
from schemas.grammar import RecordedEntry, Withheld, check_grammar
from schemas.record import Manifest, ReceiptFile
from schemas.roster import Attendance, Roster
from schemas.rules import Rule, parse_share, share_percent
from schemas.terms import Terms
from tests.fixtures.record_builder import build_record, receipt_of
from tests.vectors.record_faults import add_grammar, add_refused_entries, add_rules
from tests.vectors.vector_file import VectorFile

MAX_FILE_BYTES = 1 << 20
SMALL_FILES = (
    *("checkpoints/opening", "checkpoints/closing", "checkpoints/result", "checkpoints/minute"),
    *("manifest.json", "roster.json", "attendance.json"),
)


def _read_record(given: dict[str, Any]) -> Any:
    log = [decode_entry(text.encode()) for text in given["entries"]]
    for text, entry in zip(given["entries"], log, strict=True):
        assert encode_entry(entry).decode() == text
    files = {name: text.encode() for name, text in given["files"].items()}
    for name, kind in (("manifest", Manifest), ("roster", Roster), ("attendance", Attendance)):
        msgspec.convert(canonical.decode(files[f"{name}.json"], MAX_FILE_BYTES), kind)
    terms = next(entry for entry in log if isinstance(entry, Terms))
    election = next(entry for entry in log if isinstance(entry, entries.ElectionEntry))
    group = group_by_name(terms.group)
    key = group.element_to_text(election_key(group, (_team(log, terms),)))
    assert election_json(terms, key) == election.election
    archive = write_archive(_archive(log, terms))
    return {
        "types": [json.loads(text)["type"] for text in given["entries"]],
        "phase": check_grammar(log).name.lower(),
        "terms_hash": terms_hash(terms),
        "phi": parse_election(election.election).fingerprint,
        "root": tree_root([leaf_hash(text.encode()) for text in given["entries"]]).hex(),
        "roster_commitment": hashlib.sha256(files["roster.json"]).hexdigest(),
        "attendance_commitment": hashlib.sha256(files["attendance.json"]).hexdigest(),
        "election_bel_sha256": hashlib.sha256(archive).hexdigest(),
    }


def _team(log: list[Entry], terms: Terms) -> ThresholdTeam:
    group, threshold = group_by_name(terms.group), terms.counting_team.trustee_threshold
    reveals = [each for each in log if isinstance(each, entries.CeremonyReveal)]
    return ThresholdTeam(
        threshold=threshold,
        certificates=tuple(
            parse_certificate(group, each.certificate)
            for each in log
            if isinstance(each, entries.CeremonyCertificate)
        ),
        coefficients=tuple(
            parse_coefficients(group, parse_signed_message(group, each.coefexps), threshold)
            for each in reveals
        ),
        signatures=tuple(parse_proof(group, loads(each.signature)) for each in reveals),
        verification_keys=tuple(
            parse_verification_key(group, each.verification_key)
            for each in log
            if isinstance(each, entries.CeremonyKey)
        ),
    )


def _archive(log: list[Entry], terms: Terms) -> Archive:
    election = parse_election(
        next(each.election for each in log if isinstance(each, entries.ElectionEntry))
    )
    ballots = [each.ballot for each in log if isinstance(each, entries.BallotEntry)]
    parsed = [parse_ballot(election, text) for text in ballots]
    partial = [each for each in log if isinstance(each, entries.PartialDecryption)]
    return Archive(
        timestamp=int(datetime.fromisoformat(terms.meeting.starts_at).timestamp()),
        election=election.text,
        trustees=trustees_to_text(election.group, (_team(log, terms),)),
        public_credentials=dumps(sorted(ballot.credential for ballot in parsed)),
        ballots=tuple(ballots),
        num_tallied=len(ballots),
        total_weight=len(ballots),
        encrypted_tally=tally_to_text(election.group, encrypt_tally(election, parsed)),
        partial_decryptions=tuple(
            OwnedPartialDecryption(each.index, each.partial_decryption)
            for each in sorted(partial, key=lambda each: each.index)
        ),
        result=next(each.result for each in log if isinstance(each, entries.Result)),
    )


def _read_receipt(given: dict[str, Any]) -> Any:
    receipt = msgspec.json.decode(given["receipt"], type=ReceiptFile)
    return {"tracker": receipt.tracker, "receipt_code": receipt.receipt_code}


def _read_entry(given: dict[str, Any]) -> Any:
    data = bytes.fromhex(given["hex"]) if "hex" in given else given["entry"].encode()
    entry = decode_entry(data)
    assert encode_entry(entry) == data
    return {"type": json.loads(data)["type"]}


_ENTRY_TYPES: dict[str, type[Any]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Entry)
}


def _bare_entry(spec: str) -> RecordedEntry:
    """`type`, `type index` or `cancelled reason`: what the grammar looks at, no content."""
    name, _, detail = spec.partition(" ")
    kind: type[Any] = Withheld if name == "withheld" else _ENTRY_TYPES[name]
    given: dict[str, Any] = dict.fromkeys(kind.__struct_fields__)
    if detail:
        given |= {"reason": detail} if name == "cancelled" else {"index": int(detail)}
    bare: RecordedEntry = kind(**given)
    return bare


def _check_grammar(given: dict[str, Any]) -> Any:
    return {"phase": check_grammar(map(_bare_entry, given["entries"])).name.lower()}


def _judge(given: dict[str, Any]) -> Any:
    parse_share(given["share"])
    rule = Rule(
        share=given["share"],
        comparator=given["comparator"],
        base="all_members",
        citation="Điều 9",
    )
    agree, base = given["agree"], given["base"]
    return {
        "votes_needed": rule.votes_needed(base),
        "passed": rule.is_passed(agree, base),
        "share_percent": share_percent(agree, base),
    }


OPERATIONS = {
    "read_record": _read_record,
    "read_receipt": _read_receipt,
    "read_entry": _read_entry,
    "check_grammar": _check_grammar,
    "judge": _judge,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "records.json",
        "protocol.md §1, §7, §9, §11, §13: entries, records, receipts, grammar, rules",
        "tests/vectors/generate_records.py",
        OPERATIONS,
    )
    for name in GROUPS:
        record = build_record(name)
        given = {
            "group": name,
            "entries": [line.decode() for line in record.lines],
            "files": {each: record.files[each].decode() for each in SMALL_FILES},
        }
        made = file.positive("read_record", f"three nominations, five ballots, {name}", given)
        own = hashlib.sha256(record.files["election.bel"]).hexdigest()
        assert made["election_bel_sha256"] == own
    record = build_record("Ed25519")
    receipt = msgspec.json.encode(receipt_of(record)).decode()
    file.positive("read_receipt", "of the first ballot on the board", {"receipt": receipt})
    add_refused_entries(file, [json.loads(line) for line in record.lines])
    add_grammar(file)
    add_rules(file)
    return file


if __name__ == "__main__":
    vectors().write()
