"""Entries are read from their exact bytes only; the election is rebuilt from its terms."""

import json
from typing import Any

import msgspec
import pytest

from schemas.canonical import encode
from schemas.election_json import election_json, terms_hash
from schemas.entries import (
    MAX_ENTRY_BYTES,
    CeremonyCommitment,
    EntryError,
    Issuance,
    decode_entry,
    encode_entry,
)
from schemas.terms import Terms


def terms_document() -> dict[str, Any]:
    """A minimal but whole `terms` entry."""
    rule = {"share": "90%", "comparator": "at_least", "base": "all_members", "citation": "Điều 9"}
    return {
        "type": "terms",
        "version": 1,
        "uuid": "1" * 14,
        "method": "secret",
        "group": "Ed25519",
        "ballot_number": 1,
        "council": {
            "name": "Hội đồng Thi đua - Khen thưởng",
            "issuer": {"parent_line": "UBND", "issuer_line": "HỘI ĐỒNG", "symbol": "HĐTĐKT"},
        },
        "meeting": {
            "id": "0" * 32,
            "kind": "regular",
            "title": "Họp Hội đồng",
            "starts_at": "2026-12-15T08:00:00+07:00",
            "venue": "Phòng họp",
            "presiding": 1,
            "minute_taker": 2,
        },
        "members": 9,
        "roster_commitment": "0" * 64,
        "nominations": [
            {
                "no": 1,
                "kind": "individual",
                "name": "Ngô Thị Diệu Linh",
                "unit": "",
                "award": "Chiến sĩ thi đua cơ sở",
                "rule": rule,
            }
        ],
        "quorum": {"share": "2/3", "base": "all_members"},
        "minimum_ballots": 5,
        "late_issuance": True,
        "counting_team": {
            "trustee_threshold": 2,
            "trustees": [
                {"index": 1, "member": 7, "name": "Bạch Thị Hoài", "certificate": "0" * 64}
            ],
        },
        "ceremony_size": 12,
        "ceremony_root": "0" * 64,
        "rp_id": "localhost",
        "origins": ["http://localhost"],
        "log_origin": "localhost/log",
        "log_key": "k",
        "box_key": "k",
        "token_keys": [{"issuer": "registrar", "spki": "AA"}],
    }


def test_an_entry_is_read_and_written_in_the_same_bytes() -> None:
    """A leaf has one spelling."""
    data = encode({"type": "ceremony_commitment", "index": 1, "commitment": "a" * 64})
    entry = decode_entry(data)
    assert entry == CeremonyCommitment(index=1, commitment="a" * 64)
    assert encode_entry(entry) == data


def test_terms_are_an_entry_and_rebuild_the_election() -> None:
    """Question text, answers and order of fields are those of protocol.md §11."""
    data = encode(terms_document())
    terms = decode_entry(data)
    assert isinstance(terms, Terms)
    assert encode_entry(terms) == data
    text = election_json(terms, "ab")
    assert list(json.loads(text)) == [
        *("version", "description", "name", "group", "public_key", "questions", "uuid")
    ]
    assert json.loads(text)["description"] == f"phieukin/terms/1 {terms_hash(terms)}"
    assert json.loads(text)["questions"] == [
        {
            "answers": ["Đồng ý", "Không đồng ý"],
            "min": 0,
            "max": 1,
            "question": "1. Ngô Thị Diệu Linh (Chiến sĩ thi đua cơ sở)",
        }
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "vote"}, "an unknown type"),
        ({"unknown": 1}, "an unknown field"),
        ({"index": 0}, "an index below 1"),
        ({"index": "1"}, "a number as text"),
        ({"commitment": "A" * 64}, "a hash in capitals"),
        ({"commitment": "a" * 63}, "a short hash"),
    ],
)
def test_an_entry_with_a_fault_is_refused(change: dict[str, object], why: str) -> None:
    """V1."""
    value: dict[str, object] = {
        "type": "ceremony_commitment",
        "index": 1,
        "commitment": "a" * 64,
    }
    with pytest.raises(EntryError):
        decode_entry(encode(value | change))


def test_no_other_method_than_secret_is_a_terms_entry() -> None:
    """protocol.md §2: no value offers another."""
    with pytest.raises(EntryError):
        decode_entry(encode(terms_document() | {"method": "open"}))


def test_an_entry_longer_than_its_type_allows_is_refused() -> None:
    """Everything from outside has a maximum size."""
    entry = Issuance(
        member=1,
        key=msgspec.convert({"kind": "device", "spki": "A"}, Issuance.__annotations__["key"]),
        blinded_sha256="0" * 64,
        late=False,
        signature="A" * 8192,
    )
    with pytest.raises(EntryError, match="at most"):
        decode_entry(encode_entry(entry))
    with pytest.raises(EntryError, match="longer"):
        decode_entry(b" " * (MAX_ENTRY_BYTES + 1))


def test_bytes_that_are_not_canonical_are_no_entry() -> None:
    """Another order of fields would be another leaf."""
    with pytest.raises(EntryError, match="canonical"):
        decode_entry(b'{"type":"ceremony_commitment","index":1,"commitment":"' + b"a" * 64 + b'"}')


def test_a_founding_decision_of_no_day_is_refused() -> None:
    """Such terms could be voted on and counted, but no minute could print them."""
    document = terms_document()
    decision = {"number": "12/QĐ", "issued_by": "UBND", "about": "thành lập"}
    document["council"]["decision"] = {**decision, "date": "2026-03-31"}
    assert isinstance(decode_entry(encode(document)), Terms)
    document["council"]["decision"] = {**decision, "date": "2026-02-30"}
    with pytest.raises(EntryError):
        decode_entry(encode(document))
