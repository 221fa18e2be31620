"""Partial decryptions that Belenios accepts and V14 refuses (protocol.md §3)."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from crypto.ballots import parse_ballot
from crypto.decryption import (
    PartialDecryption,
    Statement,
    decrypt_partially,
    parse_partial_decryption,
    partial_decryption_to_text,
    verify_belenios_proofs,
)
from crypto.proofs import Proof
from crypto.tally import EncryptedTally, encrypt_tally
from schemas import entries
from services.verifier.checks_anchor import Anchors
from services.verifier.report import Report
from services.verifier.verify import verify_bytes
from tests.fixtures.record_builder import BuiltRecord, build_record
from tests.fixtures.record_parts import ceremony
from tests.seeded_randomness import SeededRandomness

Decryptions = list[entries.PartialDecryption]


def report_of(change: Callable[[Decryptions], Decryptions]) -> Report:
    record = build_record(changes={"partial_decryptions": change})
    return verify_bytes(record.to_zip(), "record.zip", Anchors(shows_codes=False))


def tally_of(record: BuiltRecord) -> EncryptedTally:
    ballots = [entry for entry in record.log if isinstance(entry, entries.BallotEntry)]
    return encrypt_tally(
        record.election, [parse_ballot(record.election, each.ballot) for each in ballots]
    )


def decrypted(
    record: BuiltRecord, index: int, root: bytes, tally: EncryptedTally
) -> entries.SecondProof:
    """A second proof that holds, for the board and the sum given."""
    secret = ceremony("Ed25519").states[index - 1].decryption_key
    assert secret is not None
    key = record.election.group.power_of_generator(secret)
    statement = Statement(record.election, tally, root, index, key)
    _, proof = decrypt_partially(statement, secret, SeededRandomness("another"))
    return entries.SecondProof(challenge=str(proof.challenge), response=str(proof.response))


def false_factor(record: BuiltRecord, entry: entries.PartialDecryption) -> str:
    """
    A false first factor with a Belenios proof that holds.

    The challenge c = H(…|A,B) leaves the factor out: with any B the factor
    (B / alpha^response)^(1/c) fits.
    """
    election, tally = record.election, tally_of(record)
    group, secret = election.group, ceremony("Ed25519").states[entry.index - 1].decryption_key
    assert secret is not None
    honest = parse_partial_decryption(group, tally, entry.partial_decryption)
    alpha, nonce = tally[0][0].alpha, 4711
    first, second = group.power_of_generator(nonce), group.power_of_generator(815)
    key = group.element_to_text(group.power_of_generator(secret))
    challenge = group.hash_to_scalar(
        f"decrypt|{election.fingerprint}|{key}|"
        f"{group.element_to_text(first)},{group.element_to_text(second)}"
    )
    response = (nonce - secret * challenge) % group.q
    factor = group.power(
        group.divide(second, group.power(alpha, response)), pow(challenge, -1, group.q)
    )
    forged = PartialDecryption(
        factors=((factor, *honest.factors[0][1:]), *honest.factors[1:]),
        proofs=((Proof(challenge, response), *honest.proofs[0][1:]), *honest.proofs[1:]),
    )
    return partial_decryption_to_text(group, forged)


def test_false_factor_with_a_belenios_proof_that_holds() -> None:
    """Belenios' own check passes; V14 names the trustee, and the set that disagrees."""
    record = build_record()
    tally, group = tally_of(record), record.election.group

    def forge(made: Decryptions) -> Decryptions:
        text = false_factor(record, made[2])
        secret = ceremony("Ed25519").states[2].decryption_key
        assert secret is not None
        verify_belenios_proofs(record.election, tally, 3, group.power_of_generator(secret), text)
        return [*made[:2], replace(made[2], partial_decryption=text)]

    report = report_of(forge)

    assert report.failed == ("V14",)
    assert "trustee 3: the second proof does not hold" in report.detail_of("V14")
    assert "trustees 1, 2, 3: the partial decryptions disagree" in report.detail_of("V14")


@pytest.mark.parametrize("what", ["another board", "other ciphertexts"])
def test_second_proof_of_something_else(what: str) -> None:
    """A second proof holds for one board and one sum only."""
    record = build_record()
    tally = tally_of(record)

    def exchange(made: Decryptions) -> Decryptions:
        if what == "another board":
            root, proved = hashlib.sha256(b"another").digest(), tally
        else:
            root, proved = closing_root(record), (tally[1], tally[0], *tally[2:])
        return [replace(made[0], proof=decrypted(record, 1, root, proved)), *made[1:]]

    report = report_of(exchange)

    assert report.failed == ("V14",)
    assert report.detail_of("V14") == "trustee 1: the second proof does not hold"


def test_second_proof_of_the_right_thing() -> None:
    """The helper of these tests makes a proof that holds when nothing is exchanged."""
    record = build_record()

    def repeat(made: Decryptions) -> Decryptions:
        proof = decrypted(record, 1, closing_root(record), tally_of(record))
        return [replace(made[0], proof=proof), *made[1:]]

    assert report_of(repeat).failed == ()


def test_second_proof_missing() -> None:
    """Belenios' own proof holds, and yet V14 refuses it: the sum could be a false one."""
    report = report_of(lambda made: [replace(made[0], proof=None), *made[1:]])

    assert report.failed == ("V14",)
    assert "trustee 1" in report.detail_of("V14")
    assert "missing" in report.detail_of("V14")


def closing_root(record: BuiltRecord) -> bytes:
    """R of protocol.md §3, read from the closing checkpoint."""
    from_note = record.files["checkpoints/closing"].decode().split("\n")[2]
    return base64.b64decode(from_note)
