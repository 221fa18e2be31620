"""Receipts, claims and anchors: what ties one ballot and one meeting to a record (V19, V20)."""

import base64
import dataclasses
import functools
from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from crypto.checkpoints import Promise, parse_note, sign_promise
from crypto.codes import election_code, seal_code
from schemas import entries
from schemas.record import ReceiptFile
from services.verifier.checks_anchor import UNANCHORED, Anchors
from services.verifier.evidence import Evidence, read_evidence
from services.verifier.record_files import MalformedInputError, read_record_files
from services.verifier.report import Report
from services.verifier.verify import verify_bytes
from tests.fixtures.record_builder import BuiltRecord, build_record, receipt_of
from tests.fixtures.record_parts import BOX_SIGNER, UUID

QUIET = Anchors(shows_codes=False)


@functools.cache
def record() -> BuiltRecord:
    return build_record()


@functools.cache
def receipt(number: int = 0) -> ReceiptFile:
    return receipt_of(record(), number)


def evidence() -> Evidence:
    return read_evidence(read_record_files(record().to_zip()))


def verify(file: ReceiptFile, given: Evidence | None = None) -> Report:
    return verify_bytes(msgspec.json.encode(file), "receipt.json", QUIET, given)


def test_receipt_by_itself() -> None:
    """A receipt needs nothing else, and names the code to compare."""
    report = verify(receipt())

    assert report.failed == ()
    assert receipt().receipt_code in report.detail_of("V19")


def test_receipt_with_its_record() -> None:
    """With the record, the leaf is the promised ballot and the code its own."""
    report = verify(receipt(), evidence())

    assert report.failed == ()
    assert "record given" in report.detail_of("V19")


def promise_of(file: ReceiptFile, tracker: bytes) -> str:
    return sign_promise(Promise(UUID, file.phi, tracker), BOX_SIGNER)


ALTERED: dict[str, tuple[Callable[[ReceiptFile], ReceiptFile], str]] = {
    "a promise for another ballot": (
        lambda file: replace(file, promise=promise_of(file, b"\1" * 32)),
        "the promise is for another ballot",
    ),
    "a promise signed by another key": (
        lambda file: replace(file, promise=file.promise[:-12] + "AAAA" + file.promise[-8:]),
        "promise: ",
    ),
    "another leaf": (
        lambda file: replace(file, leaf=receipt(1).leaf),
        "inclusion: the path does not lead to the root",
    ),
    "the proof of another leaf": (
        lambda file: replace(file, proof=receipt(1).proof),
        "inclusion: ",
    ),
    "another code": (
        lambda file: replace(file, receipt_code=receipt(1).receipt_code),
        "the printed code is not that of the receipt",
    ),
    "another phi": (
        lambda file: replace(file, phi="A" * 43),
        "phi is not the fingerprint of the election",
    ),
    "other terms": (
        lambda file: replace(file, terms=file.terms.replace("Hội trường A", "Hội trường B")),
        "the election is not bound to these terms",
    ),
}


@pytest.mark.parametrize("name", ALTERED)
def test_altered_receipt(name: str) -> None:
    """Whatever part of a receipt is exchanged, V19 fails and says which."""
    change, problem = ALTERED[name]
    report = verify(change(receipt()))

    assert report.failed == ("V19",)
    assert problem in report.detail_of("V19")


def test_receipt_whose_leaf_is_another_ballot() -> None:
    """The included ballot is the promised one: a receipt shows it alone."""
    other = receipt(1)
    mixed = replace(receipt(), leaf=other.leaf, proof=other.proof)
    assert verify(mixed).detail_of("V19") == "the leaf is not that of the ballot"
    mixed = replace(mixed, entry=other.entry, receipt=other.receipt)
    mixed = replace(mixed, receipt_code=other.receipt_code)
    assert verify(mixed).detail_of("V19") == "the ballot is another than the promised one"


def test_receipt_with_another_value() -> None:
    """The code that the phone showed is that of the ballot in the box."""
    other = receipt(1)
    mixed = replace(receipt(), receipt=other.receipt, receipt_code=other.receipt_code)
    assert verify(mixed).detail_of("V19") == "the receipt is not of this ballot"


def test_receipt_with_an_entry_that_is_no_ballot() -> None:
    """Neither another entry nor other bytes stand for a ballot."""
    changed = receipt().entry.replace('"type":"ballot"', '"type":"ballots"')
    assert "the ballot: " in verify(replace(receipt(), entry=changed)).detail_of("V19")
    terms = replace(receipt(), entry=receipt().terms)
    assert "the entry is not a ballot" in verify(terms).detail_of("V19")


def test_receipt_of_another_record() -> None:
    """With a record that does not hold it, a receipt fails."""
    emptied = dataclasses.replace(evidence(), placed=evidence().placed[:20])
    problem = verify(receipt(), emptied).detail_of("V19")
    assert problem == "the record given does not hold this ballot"


@pytest.mark.parametrize(
    "data", [b"{}", b'{"format":"phieukin/receipt/1"}', b"{" * 10_000, b'{"format":"\xed\xa0\x80"}']
)
def test_no_receipt(data: bytes) -> None:
    """JSON that is no receipt is malformed, not a failed check."""
    with pytest.raises(MalformedInputError):
        verify_bytes(data, "x.json", QUIET)


def claims_report(*promises: str) -> Report:
    claims = [
        entries.Claim(promise=base64.urlsafe_b64encode(each.encode()).decode().rstrip("="))
        for each in promises
    ]
    built = build_record(changes={"board": lambda log: [*log, *claims]})
    return verify_bytes(built.to_zip(), "record.zip", QUIET)


@pytest.mark.parametrize("name", ["tracker", "receipt", "leaf", "phi"])
def test_receipt_with_a_second_spelling(name: str) -> None:
    """A hash has one text: none with a newline behind it."""
    file = replace(receipt(), **{name: f"{getattr(receipt(), name)}\n"})

    with pytest.raises(MalformedInputError):
        verify(file)


def test_claim_of_a_missing_ballot() -> None:
    """A claim holds when the box promised a ballot that is not there; a count may not follow."""
    report = claims_report(promise_of(receipt(), b"\1" * 32))

    assert report.status_of("V19") == "holds"
    assert report.failed == ("V0",)


def test_claim_of_a_ballot_on_the_board() -> None:
    """A claim never names a ballot that is there (protocol.md §7)."""
    tracker = bytes.fromhex(receipt().tracker)
    report = claims_report(promise_of(receipt(), tracker))

    assert report.detail_of("V19") == "claim 1 names a ballot that is on the board"


def test_claim_that_the_box_did_not_sign() -> None:
    """Only the box's own word is a claim."""
    forged = promise_of(receipt(), b"\1" * 32).replace("— ", "— x", 1)

    assert claims_report(forged).detail_of("V19").startswith("claim 1: ")


def anchored(**options: object) -> Report:
    return verify_bytes(record().to_zip(), "record.zip", Anchors(**options))  # type: ignore[arg-type]


def test_codes_of_the_meeting() -> None:
    """Election code and seal code anchor a record, however they are typed."""
    closing = record().files["checkpoints/closing"].decode()
    for code in (
        election_code(record().election.fingerprint).lower().replace("-", " "),
        seal_code(parse_note(closing).text),
    ):
        assert anchored(code=code, strict=True).status_of("V20") == "holds"


@pytest.mark.parametrize("code", ["0000-0000-0000-0000-0000", "no code at all"])
def test_code_of_another_meeting(code: str) -> None:
    """A code that does not match fails, with or without --strict."""
    assert anchored(code=code).failed == ("V20",)


def test_no_anchor() -> None:
    """Without an anchor the record is consistent, no more; --strict does not take that."""
    lenient, strict = anchored(shows_codes=False), anchored(shows_codes=False, strict=True)

    assert lenient.ok
    assert lenient.detail_of("V20") == UNANCHORED
    assert UNANCHORED[0].upper() + UNANCHORED[1:] in lenient.to_text()
    assert strict.failed == ("V20",)


def test_certificates_do_not_anchor_a_bare_record() -> None:
    """Nobody signed a record by itself, so --trust matches nothing in it."""
    assert anchored(trust=b"", shows_codes=False).status_of("V20") == "not_applicable"
