"""Making a ballot (belenios-format §6; protocol.md §6, §11 "Seed to scalar")."""

import hashlib
import hmac
import json

import pytest

from crypto.ballot_encryption import BallotSeed, encrypt_ballot, encrypt_choices
from crypto.ballots import parse_ballot, verify_ballot
from crypto.credentials import public_credential
from crypto.errors import MalformedError
from crypto.groups import Group
from tests.sample_elections import (
    GROUP_NAMES,
    MARKS,
    SECRET_KEY,
    SHAPES,
    at_most_question,
    blank_question,
    make_election,
    sample_election,
)

SEED = bytes(range(32))
EXPONENT, NONCE = 424242, 171717


def _hkdf_sha512(seed: bytes, info: bytes) -> bytes:
    """RFC 5869 written out for one block of output."""
    key = hmac.new(bytes(64), seed, hashlib.sha512).digest()
    return hmac.new(key, info + b"\x01", hashlib.sha512).digest()


@pytest.mark.parametrize("group_name", GROUP_NAMES)
def test_scalars_of_a_seed(group_name: str) -> None:
    """HKDF-SHA-512 with phi, question, answer and use in its info, big-endian, mod q."""
    election = sample_election(group_name, "agree")
    scalars = BallotSeed(election, SEED)
    for question, answer, use in ((0, 0, "r"), (1, 12, "c0"), (3, "-", "w"), (3, "-", "bz1")):
        info = f"phieukin/ballot/1|{election.fingerprint}|{question}|{answer}|{use}".encode()
        expected = int.from_bytes(_hkdf_sha512(SEED, info), "big") % election.group.q
        assert scalars.scalar(question, answer, use) == expected


def _decrypt(group: Group, alpha: str, beta: str) -> int:
    mask = group.power(group.element_from_text(alpha), SECRET_KEY)
    plain = group.divide(group.element_from_text(beta), mask)
    return [group.power_of_generator(mark) for mark in range(3)].index(plain)


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_ballot_of_every_shape(group_name: str, shape: str) -> None:
    """It verifies, holds the credential, and decrypts to the marks."""
    election = sample_election(group_name, shape)
    text = encrypt_ballot(election, EXPONENT, MARKS[shape], SEED, NONCE)
    ballot = verify_ballot(election, text)
    assert ballot.credential == public_credential(election.group, EXPONENT)
    decrypted = [_decrypt(election.group, *pair) for pair in ballot.ciphertext_texts]
    assert decrypted == [mark for marks in MARKS[shape] for mark in marks]
    assert text == encrypt_ballot(election, EXPONENT, MARKS[shape], SEED, NONCE)


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_ciphertexts_of_a_seed(group_name: str, shape: str) -> None:
    """Seed and marks alone give the ciphertexts, whatever the credential (the challenge)."""
    election = sample_election(group_name, shape)
    texts = encrypt_choices(election, MARKS[shape], SEED)
    for exponent in (EXPONENT, EXPONENT + 1):
        ballot = parse_ballot(
            election, encrypt_ballot(election, exponent, MARKS[shape], SEED, NONCE)
        )
        assert list(ballot.ciphertext_texts) == texts
    assert texts != encrypt_choices(election, MARKS[shape], SEED[::-1])


def test_seed_and_signature_nonce_are_apart() -> None:
    """The seed tells nothing of the signature: only that changes with its nonce."""
    election = sample_election("Ed25519", "agree")
    first, second = (
        json.loads(encrypt_ballot(election, EXPONENT, MARKS["agree"], SEED, nonce))
        for nonce in (NONCE, NONCE + 1)
    )
    assert first["answers"] == second["answers"]
    assert first["signature"]["proof"] != second["signature"]["proof"]


@pytest.mark.parametrize(
    ("shape", "marks"),
    [
        ("agree", [[1, 0]]),
        ("agree", [[1, 0], [0, 1], [0, 0]]),
        ("agree", [[1, 1], [0, 0]]),
        ("agree", [[1], [0, 0]]),
        ("agree", [[2, 0], [0, 0]]),
        ("agree", [[-1, 1], [0, 0]]),
        ("at most", [[1, 1, 1]]),
        ("blank", [[1, 1, 0], [0, 0, 0]]),
        ("blank", [[0, 0, 0], [0, 0, 0]]),
        ("blank", [[0, 1, 1], [0, 0, 0]]),
    ],
)
def test_marks_that_are_not_allowed(shape: str, marks: list[list[int]]) -> None:
    """No ballot is made that the proofs could not hold for."""
    election = sample_election("Ed25519", shape)
    with pytest.raises(MalformedError):
        encrypt_ballot(election, EXPONENT, marks, SEED, NONCE)
    with pytest.raises(MalformedError):
        encrypt_choices(election, marks, SEED)


def test_seed_of_another_length() -> None:
    """A seed has 32 bytes."""
    election = sample_election("Ed25519", "agree")
    for seed in (b"", SEED[:-1], SEED + b"\0"):
        with pytest.raises(MalformedError):
            encrypt_ballot(election, EXPONENT, MARKS["agree"], seed, NONCE)


def test_all_ways_to_answer_a_question() -> None:
    """Every allowed answer of both proof forms verifies, also where two branches are true."""
    blank = make_election("Ed25519", [blank_question(0, 2)])
    at_most = make_election("Ed25519", [at_most_question(2, 2)])
    for marks in ([0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1]):
        verify_ballot(blank, encrypt_ballot(blank, EXPONENT, [marks], SEED, NONCE))
    for marks in ([0, 0], [1, 0], [0, 1], [1, 1]):
        verify_ballot(at_most, encrypt_ballot(at_most, EXPONENT, [marks], SEED, NONCE))
