"""ElGamal and the proofs of Belenios protocol 1 (belenios-format §1, §6, §7)."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from crypto.elgamal import Ciphertext, encrypt, multiply_ciphertexts
from crypto.errors import MalformedError, ProofError, ScalarRangeError
from crypto.groups import GROUPS, Group
from crypto.proofs import (
    Branch,
    Proof,
    disjunction_commitments,
    first_true_branch,
    parse_proof,
    prove_disjunction,
    prove_equality,
    prove_knowledge,
    verify_disjunction,
    verify_equality,
    verify_knowledge,
)
from tests.sample_elections import GROUP_NAMES

groups = pytest.mark.parametrize("group", GROUPS.values(), ids=GROUP_NAMES)

SECRET, NONCE = 1234567, 7654321
CHANGES: list[Callable[[Proof, int], Proof]] = [
    lambda proof, q: Proof((proof.challenge + 1) % q, proof.response),
    lambda proof, q: Proof(proof.challenge, (proof.response + 1) % q),
    lambda proof, q: Proof(proof.response, proof.challenge),
    lambda proof, q: Proof(0, 0),
]


@groups
def test_encryption(group: Group) -> None:
    """alpha = g^r, beta = y^r g^m; products encrypt sums."""
    key = group.fixed_base(group.power_of_generator(SECRET))
    one, two = encrypt(group, key, 1, 5), encrypt(group, key, 2, 6)
    assert one == Ciphertext(group.power_of_generator(5), group.power_of_generator(5 * SECRET + 1))
    assert multiply_ciphertexts(group, [one, two]) == encrypt(group, key, 3, 11)
    assert multiply_ciphertexts(group, [one]) == one
    assert multiply_ciphertexts(group, []) == Ciphertext(group.identity, group.identity)
    assert encrypt(group, key, 0, 0) == Ciphertext(group.identity, group.identity)


@groups
def test_proof_of_knowledge(group: Group) -> None:
    """It holds for its element and transcript, and for no other."""
    public = group.power_of_generator(SECRET)
    proof = prove_knowledge(group, SECRET, NONCE, "pok|")
    verify_knowledge(group, public, proof, "pok|")
    for wrong in [change(proof, group.q) for change in CHANGES]:
        with pytest.raises(ProofError):
            verify_knowledge(group, public, wrong, "pok|")
    with pytest.raises(ProofError):
        verify_knowledge(group, public, proof, "sig|")
    with pytest.raises(ProofError):
        verify_knowledge(group, group.power_of_generator(SECRET + 1), proof, "pok|")


@groups
def test_proof_of_equal_logarithms(group: Group) -> None:
    """It holds for the same exponent of both bases only."""
    base = group.power_of_generator(99)
    public = group.fixed_base(group.power_of_generator(SECRET))
    image = group.power(base, SECRET)
    proof = prove_equality(group, base, SECRET, NONCE, "decrypt|")
    verify_equality(group, base, public, image, proof, "decrypt|")
    for wrong in [change(proof, group.q) for change in CHANGES]:
        with pytest.raises(ProofError):
            verify_equality(group, base, public, image, wrong, "decrypt|")
    for other_base, other_image in ((image, image), (base, base)):
        with pytest.raises(ProofError):
            verify_equality(group, other_base, public, other_image, proof, "decrypt|")


def _disjunction(group: Group, plaintext: int, plaintexts: list[int]) -> dict[str, Any]:
    key = group.fixed_base(group.power_of_generator(SECRET))
    branches = [Branch(plaintext, 55, claimed) for claimed in plaintexts]
    true_branch = first_true_branch(branches)
    simulated = {
        number: Proof(1000 + number, 2000 + number)
        for number in range(len(branches))
        if number != true_branch
    }
    proofs = prove_disjunction(group, key, "prove|S|", branches, NONCE, simulated)
    return {
        "group": group,
        "key": key,
        "prefix": "prove|S|",
        "ciphertext": encrypt(group, key, plaintext, 55),
        "plaintexts": plaintexts,
        "proofs": proofs,
    }


@groups
@pytest.mark.parametrize("plaintext", [0, 1, 3])
def test_disjunction(group: Group, plaintext: int) -> None:
    """Each plaintext of the set can be proved, and every change is seen."""
    good = _disjunction(group, plaintext, [0, 1, 2, 3])
    verify_disjunction(**good)
    for place in range(4):
        for change in CHANGES:
            wrong = list(good["proofs"])
            wrong[place] = change(wrong[place], group.q)
            with pytest.raises(ProofError):
                verify_disjunction(**(good | {"proofs": wrong}))
    for changed in (
        {"prefix": "prove|T|"},
        {"plaintexts": [0, 1, 2, 4]},
        {"plaintexts": [3, 2, 1, 0]},
        {"proofs": good["proofs"][:3]},
        {"ciphertext": encrypt(group, good["key"], plaintext, 56)},
        {"ciphertext": Ciphertext(good["ciphertext"].beta, good["ciphertext"].alpha)},
        {"key": group.fixed_base(group.generator)},
    ):
        with pytest.raises(ProofError):
            verify_disjunction(**(good | changed))


@groups
def test_plaintext_outside_the_set(group: Group) -> None:
    """Without a true branch there is nothing to prove; a proof for another plaintext fails."""
    with pytest.raises(StopIteration):
        first_true_branch([Branch(2, 55, 0), Branch(2, 55, 1)])
    good = _disjunction(group, 1, [0, 1])
    two = encrypt(group, good["key"], 2, 55)
    with pytest.raises(ProofError):
        verify_disjunction(**(good | {"ciphertext": two}))


@groups
def test_commitments_as_recomputed(group: Group) -> None:
    """The verifier finds g^z alpha^c and y^z (beta/g^M)^c."""
    key = group.fixed_base(group.power_of_generator(SECRET))
    ciphertext = encrypt(group, key, 1, 55)
    text = disjunction_commitments(group, key, ciphertext, [3], [Proof(7, 11)])
    first, second = text.split(",")
    assert group.element_from_text(first) == group.power_of_generator(11 + 55 * 7)
    exponent = SECRET * (11 + 55 * 7) + (1 - 3) * 7
    assert group.element_from_text(second) == group.power_of_generator(exponent)


@groups
def test_proof_as_json(group: Group) -> None:
    """Two decimal strings in the range of scalars, and nothing else."""
    value = {"challenge": "3", "response": str(group.q - 1)}
    proof = parse_proof(group, value)
    assert proof == Proof(3, group.q - 1)
    assert proof.to_json() == value
    assert dataclasses.replace(proof, challenge=4) != proof
    with pytest.raises(ScalarRangeError):
        parse_proof(group, value | {"response": str(group.q)})
    for wrong in ({"challenge": "3"}, value | {"nonce": "1"}, value | {"challenge": 3}, None):
        with pytest.raises(MalformedError):
            parse_proof(group, wrong)
