"""Zero-knowledge proofs of Belenios protocol 1 (belenios-format §1, §5.1, §6, §7).

Every proof is (challenge, response) with `response = nonce - secret * challenge`, and verifies by
`commitment = base^response * public^challenge`. A `prefix` is the transcript up to the
commitments, its last separator included. Nonces and simulated values are arguments.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crypto.belenios_json import fields, text_field
from crypto.elgamal import Ciphertext
from crypto.errors import ProofError
from crypto.groups import Element, FixedBase, Group


@dataclass(frozen=True, slots=True)
class Proof:
    """One challenge and its response, both scalars."""

    challenge: int
    response: int

    def to_json(self) -> dict[str, str]:
        return {"challenge": str(self.challenge), "response": str(self.response)}


@dataclass(frozen=True, slots=True)
class Branch:
    """A claim about a ciphertext, with what only its maker has: the plaintext and r."""

    plaintext: int
    randomness: int
    claimed: int


def parse_proof(group: Group, value: object) -> Proof:
    """Read `{"challenge","response"}`: 0 <= n < q. Raises MalformedError, ScalarRangeError."""
    challenge, response = fields(value, ("challenge", "response"))
    return Proof(
        group.scalar_from_text(text_field(challenge)), group.scalar_from_text(text_field(response))
    )


def prove_knowledge(group: Group, secret: int, nonce: int, prefix: str) -> Proof:
    """Prove the discrete logarithm of g^secret: challenge = H(prefix A), A = g^nonce."""
    commitment = group.power_of_generator(nonce)
    challenge = group.hash_to_scalar(prefix + group.element_to_text(commitment))
    return Proof(challenge, (nonce - secret * challenge) % group.q)


def verify_knowledge(group: Group, public: Element, proof: Proof, prefix: str) -> None:
    """Check a proof of `prove_knowledge` for the public element. Raises ProofError."""
    commitment = group.multiply(
        group.power_of_generator(proof.response), group.power(public, proof.challenge)
    )
    if group.hash_to_scalar(prefix + group.element_to_text(commitment)) != proof.challenge:
        raise ProofError("a proof of knowledge does not hold")


def prove_equality(group: Group, base: Element, secret: int, nonce: int, prefix: str) -> Proof:
    """Prove that g^secret and base^secret have the same logarithm (Chaum-Pedersen; §7)."""
    challenge = group.hash_to_scalar(
        prefix
        + group.element_to_text(group.power_of_generator(nonce))
        + ","
        + group.element_to_text(group.power(base, nonce))
    )
    return Proof(challenge, (nonce - secret * challenge) % group.q)


def verify_equality(
    group: Group, base: Element, public: FixedBase, image: Element, proof: Proof, prefix: str
) -> None:
    """Check that log_g(public) = log_base(image). Raises ProofError."""
    first = group.multiply(group.power_of_generator(proof.response), public.power(proof.challenge))
    second = group.multiply(group.power(base, proof.response), group.power(image, proof.challenge))
    text = f"{prefix}{group.element_to_text(first)},{group.element_to_text(second)}"
    if group.hash_to_scalar(text) != proof.challenge:
        raise ProofError("a proof of equal logarithms does not hold")


def prove_disjunction(
    group: Group,
    key: FixedBase,
    prefix: str,
    branches: Sequence[Branch],
    nonce: int,
    simulated: Mapping[int, Proof],
) -> list[Proof]:
    """
    Prove that one of the branches is true (iprove and the blank proofs of belenios-format §6).

    `nonce` is for the first true branch, `simulated` holds challenge and response of all others.
    Since the prover knows r, the commitments of simulated branches are powers of fixed bases:
    g^z alpha^c = g^(z + rc) and y^z (beta/g^M)^c = y^(z + rc) g^((m - M) c).
    """
    true_branch = first_true_branch(branches)
    commitments = []
    for number, branch in enumerate(branches):
        if number == true_branch:
            exponent, offset = nonce, 0
        else:
            proof = simulated[number]
            exponent = proof.response + branch.randomness * proof.challenge
            offset = (branch.plaintext - branch.claimed) * proof.challenge
        second = key.power(exponent)
        if offset:
            second = group.multiply(second, group.power_of_generator(offset))
        commitments.append(group.element_to_text(group.power_of_generator(exponent)))
        commitments.append(group.element_to_text(second))
    total = group.hash_to_scalar(prefix + ",".join(commitments))
    challenge = (total - sum(proof.challenge for proof in simulated.values())) % group.q
    response = (nonce - branches[true_branch].randomness * challenge) % group.q
    return [
        Proof(challenge, response) if number == true_branch else simulated[number]
        for number in range(len(branches))
    ]


def first_true_branch(branches: Sequence[Branch]) -> int:
    """The place of the first branch whose claim is true; there is one."""
    return next(
        number for number, branch in enumerate(branches) if branch.plaintext == branch.claimed
    )


@functools.lru_cache(maxsize=4096)
def _small_power(group: Group, exponent: int) -> Element:
    return group.power_of_generator(exponent)


def disjunction_commitments(
    group: Group,
    key: FixedBase,
    ciphertext: Ciphertext,
    plaintexts: Sequence[int],
    proofs: Sequence[Proof],
) -> str:
    """Recompute A_j = g^z alpha^c and B_j = y^z (beta/g^M)^c of all branches, as text (§6)."""
    if len(proofs) != len(plaintexts):
        raise ProofError("a disjunction has one proof a branch")
    texts = []
    for claimed, proof in zip(plaintexts, proofs, strict=True):
        beta = ciphertext.beta
        if claimed:
            beta = group.multiply(beta, _small_power(group, -claimed))
        first = group.multiply(
            group.power_of_generator(proof.response), group.power(ciphertext.alpha, proof.challenge)
        )
        second = group.multiply(key.power(proof.response), group.power(beta, proof.challenge))
        texts.append(f"{group.element_to_text(first)},{group.element_to_text(second)}")
    return ",".join(texts)


def verify_disjunction(
    group: Group,
    key: FixedBase,
    prefix: str,
    ciphertext: Ciphertext,
    plaintexts: Sequence[int],
    proofs: Sequence[Proof],
) -> None:
    """Check that a ciphertext encrypts one of `plaintexts` (§6). Raises ProofError."""
    commitments = disjunction_commitments(group, key, ciphertext, plaintexts, proofs)
    check_challenges(group, prefix + commitments, proofs)


def check_challenges(group: Group, transcript: str, proofs: Sequence[Proof]) -> None:
    """Check that the challenges of all branches add up to the hash. Raises ProofError."""
    if sum(proof.challenge for proof in proofs) % group.q != group.hash_to_scalar(transcript):
        raise ProofError("a disjunctive proof does not hold")
