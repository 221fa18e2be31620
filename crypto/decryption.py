"""Partial decryptions of the sum with both proofs, their check, their combination.

belenios-format §7 and the second proof of protocol.md §3. Belenios leaves ciphertext and factor
out of its challenge, so that whoever chooses a ciphertext late can prove a false factor: without
the second proof a partial decryption does not count.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.belenios_json import dumps, fields, list_field, loads, text_field
from crypto.elections import Election
from crypto.elgamal import Ciphertext
from crypto.errors import (
    CryptoError,
    MalformedError,
    PartialDecryptionError,
    ProofError,
    ThresholdError,
)
from crypto.groups import Element, Group
from crypto.proofs import Proof, parse_proof, prove_equality, verify_equality
from crypto.randomness import Randomness, draw_scalar
from crypto.tally import EncryptedTally, Factors
from crypto.trustees import SingleTrustee, Trustees

SECOND_PROOF_LABEL: Final = "phieukin/decrypt/1"


@dataclass(frozen=True)
class PartialDecryption:
    """A trustee's factors and its Belenios proofs, of the shape of the tally; unverified."""

    factors: Factors
    proofs: tuple[tuple[Proof, ...], ...]


@dataclass(frozen=True)
class Statement:
    """
    What the second proof of a trustee is about (protocol.md §3).

    `tally` is the verifier's own product; `board_root` is the root of the closing checkpoint;
    `trustee` is its index from 1, `public_key` its X, recomputed from the commitments.
    """

    election: Election
    tally: EncryptedTally
    board_root: bytes
    trustee: int
    public_key: Element


def decrypt_partially(
    statement: Statement, secret: int, randomness: Randomness
) -> tuple[str, Proof]:
    """
    Compute a trustee's factors with both proofs (belenios-format §7; protocol.md §3).

    Returns the exact bytes of the `partial_decryption` and the second proof. `secret` is the
    trustee's key share. Every nonce is drawn anew; a device stores the answer before it sends it
    and afterwards only repeats it. Raises MalformedError when the key is not the statement's.
    """
    group = statement.election.group
    if group.power_of_generator(secret) != statement.public_key:
        raise MalformedError("the key share is not that of this trustee")
    prefix = _belenios_prefix(statement.election, statement.public_key)
    factors = tuple(
        tuple(group.power(each.alpha, secret) for each in answers) for answers in statement.tally
    )
    proofs = tuple(
        tuple(
            prove_equality(group, each.alpha, secret, draw_scalar(group, randomness), prefix)
            for each in answers
        )
        for answers in statement.tally
    )
    partial = PartialDecryption(factors, proofs)
    return partial_decryption_to_text(group, partial), _prove_second(
        statement, factors, secret, draw_scalar(group, randomness)
    )


def partial_decryption_to_text(group: Group, partial: PartialDecryption) -> str:
    """Write the exact bytes of a `partial_decryption` (belenios-format §7)."""
    factors = [[group.element_to_text(each) for each in answers] for answers in partial.factors]
    proofs = [[each.to_json() for each in answers] for answers in partial.proofs]
    return dumps({"decryption_factors": factors, "decryption_proofs": proofs})


def parse_partial_decryption(group: Group, tally: EncryptedTally, text: str) -> PartialDecryption:
    """
    Read the exact bytes of a `partial_decryption` of the tally's shape, unverified.

    Every factor is in the group. Raises MalformedError, MembershipError or ScalarRangeError.
    """
    factors, proofs = fields(loads(text), ("decryption_factors", "decryption_proofs"))
    partial = PartialDecryption(
        tuple(
            tuple(
                group.element_from_text(text_field(each)) for each in list_field(row, len(answers))
            )
            for row, answers in zip(list_field(factors, len(tally)), tally, strict=True)
        ),
        tuple(
            tuple(parse_proof(group, each) for each in list_field(row, len(answers)))
            for row, answers in zip(list_field(proofs, len(tally)), tally, strict=True)
        ),
    )
    if partial_decryption_to_text(group, partial) != text:
        raise MalformedError("not the canonical bytes of a partial decryption")
    return partial


def verify_belenios_proofs(
    election: Election, tally: EncryptedTally, trustee: int, public_key: Element, text: str
) -> Factors:
    """
    Check a partial decryption by Belenios' own rules only (belenios-format §7).

    Enough for archives of others, whose count then rests on the trustees' honesty. Returns the
    factors. Raises PartialDecryptionError.
    """
    group = election.group
    try:
        partial = parse_partial_decryption(group, tally, text)
        prefix = _belenios_prefix(election, public_key)
        key = group.fixed_base(public_key)
        for answers, factors, proofs in zip(tally, partial.factors, partial.proofs, strict=True):
            for each, factor, proof in zip(answers, factors, proofs, strict=True):
                verify_equality(group, each.alpha, key, factor, proof, prefix)
    except CryptoError as error:
        raise PartialDecryptionError(trustee, str(error)) from error
    return partial.factors


def verify_partial_decryption(
    statement: Statement, text: str, second_proof: Proof | None
) -> Factors:
    """
    Check a partial decryption: Belenios' proofs, then the second proof (protocol.md §3; V14).

    A second proof that is missing, altered, or made for other ciphertexts, another board or
    another trustee is refused. Returns the factors. Raises PartialDecryptionError.
    """
    factors = verify_belenios_proofs(
        statement.election, statement.tally, statement.trustee, statement.public_key, text
    )
    try:
        _verify_second(statement, factors, second_proof)
    except CryptoError as error:
        raise PartialDecryptionError(statement.trustee, str(error)) from error
    return factors


def parse_second_proof(group: Group, challenge: str, response: str) -> Proof:
    """Read a second proof from two decimal texts. Raises MalformedError or ScalarRangeError."""
    return Proof(group.scalar_from_text(challenge), group.scalar_from_text(response))


def verify_partial_decryptions_agree(
    group: Group, threshold: int, factors: Mapping[int, Factors]
) -> None:
    """
    Check that any t of the partial decryptions open the same sum (protocol.md §3; V14).

    T = the first t indices; every other one lies on the polynomial of T. `factors` are by index
    from 1, each verified alone. Raises ThresholdError that names the set.
    """
    indices = sorted(factors)
    if len(indices) < threshold:
        raise ThresholdError(indices, "fewer partial decryptions than the threshold")
    chosen = indices[:threshold]
    for index in indices[threshold:]:
        expected = _interpolate(group, {each: factors[each] for each in chosen}, index)
        if expected != factors[index]:
            raise ThresholdError((*chosen, index), "the partial decryptions disagree")


def combine(group: Group, threshold: int, factors: Mapping[int, Factors]) -> Factors:
    """
    Combine the first t partial decryptions of a threshold team (belenios-format §7).

    `factors` are by index from 1 within the team. Raises ThresholdError.
    """
    indices = sorted(factors)
    if len(indices) < threshold:
        raise ThresholdError(indices, "fewer partial decryptions than the threshold")
    return _interpolate(group, {each: factors[each] for each in indices[:threshold]}, 0)


def combine_all(group: Group, trustees: Trustees, factors: Mapping[int, Factors]) -> Factors:
    """
    Combine the partial decryptions of all items of an archive (belenios-format §7).

    `factors` are by owner: the number in the flattened list of trustees, from 1. A mandatory
    trustee may not be missing. Raises ThresholdError.
    """
    combined: list[Factors] = []
    first = 1
    for item in trustees:
        if isinstance(item, SingleTrustee):
            if first not in factors:
                raise ThresholdError((first,), "a mandatory trustee is missing")
            combined.append(factors[first])
            first += 1
            continue
        size = len(item.certificates)
        members = {
            index: factors[first - 1 + index]
            for index in range(1, size + 1)
            if first - 1 + index in factors
        }
        combined.append(combine(group, item.threshold, members))
        first += size
    return _multiply_all(group, combined)


def second_proof_transcript(
    statement: Statement, factors: Factors, first: Element, commitments: Iterable[Element]
) -> str:
    """Join what the second proof hashes (protocol.md §3); `first` is A, `commitments` are B_j."""
    group = statement.election.group
    text = group.element_to_text
    flattened = [
        f"{text(each.alpha)},{text(each.beta)},{text(factor)}"
        for each, factor in _pairs(statement.tally, factors)
    ]
    head = (
        SECOND_PROOF_LABEL,
        group.name,
        statement.election.fingerprint,
        statement.board_root.hex(),
        str(statement.trustee),
        text(statement.public_key),
        str(len(flattened)),
    )
    return "|".join((*head, *flattened, text(first), ",".join(map(text, commitments))))


def _prove_second(statement: Statement, factors: Factors, secret: int, nonce: int) -> Proof:
    group = statement.election.group
    commitments = [group.power(each.alpha, nonce) for each, _ in _pairs(statement.tally, factors)]
    first = group.power_of_generator(nonce)
    transcript = second_proof_transcript(statement, factors, first, commitments)
    challenge = _challenge(group, transcript)
    return Proof(challenge, (nonce - challenge * secret) % group.q)


def _verify_second(statement: Statement, factors: Factors, proof: Proof | None) -> None:
    if proof is None:
        raise ProofError("the second proof is missing")
    group = statement.election.group
    if not (0 <= proof.challenge < group.q and 0 <= proof.response < group.q):
        raise ProofError("a number of the second proof is out of range")
    first = group.multiply(
        group.power_of_generator(proof.response),
        group.power(statement.public_key, proof.challenge),
    )
    commitments = [
        group.multiply(
            group.power(each.alpha, proof.response), group.power(factor, proof.challenge)
        )
        for each, factor in _pairs(statement.tally, factors)
    ]
    transcript = second_proof_transcript(statement, factors, first, commitments)
    if _challenge(group, transcript) != proof.challenge:
        raise ProofError("the second proof does not hold")


def _challenge(group: Group, transcript: str) -> int:
    return int.from_bytes(hashlib.sha512(transcript.encode("ascii")).digest(), "big") % group.q


def _belenios_prefix(election: Election, public_key: Element) -> str:
    text = election.group.element_to_text(public_key)
    return f"decrypt|{election.fingerprint}|{text}|"


def _pairs(tally: EncryptedTally, factors: Factors) -> list[tuple[Ciphertext, Element]]:
    # Question by question, choice by choice.
    return [
        pair
        for answers, row in zip(tally, factors, strict=True)
        for pair in zip(answers, row, strict=True)
    ]


def _interpolate(group: Group, factors: Mapping[int, Factors], at: int) -> Factors:
    """F_at = prod_d F_d^lambda_d(at), lambda_d(i) = prod_{k != d} (i - k) / (d - k) mod q."""
    powers = []
    for index, own in factors.items():
        coefficient = 1
        for other in factors:
            if other != index:
                coefficient *= (at - other) * pow(index - other, -1, group.q)
        powers.append(tuple(tuple(group.power(each, coefficient) for each in row) for row in own))
    return _multiply_all(group, powers)


def _multiply_all(group: Group, all_factors: Sequence[Factors]) -> Factors:
    return tuple(
        tuple(group.product(each) for each in zip(*rows, strict=True))
        for rows in zip(*all_factors, strict=True)
    )
