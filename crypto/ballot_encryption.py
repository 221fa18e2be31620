"""Making a ballot: encryption, proofs and signature (belenios-format §6; protocol.md §6, §11).

All encryption and proof randomness of a ballot comes from one fresh 32-byte seed, so that a test
ballot can be opened by its seed. The signature nonce and the credential never do.
"""

from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.ballots import (
    BIT,
    Answer,
    answer_transcript,
    hash_of_unsigned,
    signed_text,
    sum_range,
    unsigned_text,
)
from crypto.credentials import public_credential
from crypto.elections import Election, Question
from crypto.elgamal import Ciphertext, encrypt, multiply_ciphertexts
from crypto.errors import MalformedError
from crypto.proofs import Opening, Proof, prove_disjunction, prove_knowledge

SEED_BYTES: Final = 32
OVERALL: Final = "-"
Marks = Sequence[Sequence[int]]
"""For each question, for each choice (a leading blank where there is one): 0 or 1."""


class BallotSeed:
    """
    The scalars of one ballot, each from the seed by HKDF-SHA-512 (RFC 5869; protocol.md §11).

    Uses: `r` randomness of a ciphertext; `w` nonce of the true branch; `c<b>`, `z<b>` challenge
    and response of simulated branch b. Blank proofs, which protocol.md leaves open, use `bw`,
    `bc<b>`, `bz<b>` at answer `-` (divergences.md).
    """

    def __init__(self, election: Election, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise MalformedError("a seed has 32 bytes")
        self._seed = seed
        self._start = f"phieukin/ballot/1|{election.fingerprint}|"
        self._order = election.group.q

    def scalar(self, question: int, answer: int | str, use: str) -> int:
        """The scalar for a use; `question` and `answer` count from 0."""
        info = f"{self._start}{question}|{answer}|{use}".encode()
        derived = HKDF(hashes.SHA512(), length=64, salt=None, info=info).derive(self._seed)
        return int.from_bytes(derived, "big") % self._order

    def simulated(
        self, question: int, answer: int | str, branches: Sequence[int], prefix: str = ""
    ) -> dict[int, Proof]:
        """Challenge and response of the simulated branches named."""
        return {
            branch: Proof(
                self.scalar(question, answer, f"{prefix}c{branch}"),
                self.scalar(question, answer, f"{prefix}z{branch}"),
            )
            for branch in branches
        }


def encrypt_ballot(
    election: Election, exponent: int, marks: Marks, seed: bytes, signature_nonce: int
) -> str:
    """
    Make a ballot for the credential g^exponent; returns its exact bytes as text.

    `seed` makes one ballot only; `signature_nonce` is a fresh scalar of the system's generator.
    Raises MalformedError for marks that the questions do not allow.
    """
    credential = public_credential(election.group, exponent)
    scalars = BallotSeed(election, seed)
    start = f"{election.fingerprint}|{credential}"
    if len(marks) != len(election.questions):
        raise MalformedError("marks are given for every question")
    answers = tuple(
        _answer(election, scalars, number, question, question_marks, start)
        for number, (question, question_marks) in enumerate(
            zip(election.questions, marks, strict=True)
        )
    )
    unsigned = unsigned_text(election, credential, answers)
    signature_hash = hash_of_unsigned(unsigned)
    signature = prove_knowledge(election.group, exponent, signature_nonce, f"sig|{signature_hash}|")
    return signed_text(unsigned, signature_hash, signature)


def encrypt_choices(election: Election, marks: Marks, seed: bytes) -> list[tuple[str, str]]:
    """
    The (alpha, beta) texts that a seed and marks give: what a test on a second device recomputes.

    They do not depend on the credential (protocol.md §6). Raises MalformedError.
    """
    if len(marks) != len(election.questions):
        raise MalformedError("marks are given for every question")
    scalars = BallotSeed(election, seed)
    texts: list[tuple[str, str]] = []
    for number, (question, chosen) in enumerate(zip(election.questions, marks, strict=True)):
        _check_marks(question, chosen)
        choices, _ = _encrypt(election, scalars, number, chosen)
        texts.extend(_texts(election, choices))
    return texts


def _encrypt(
    election: Election, scalars: BallotSeed, number: int, marks: Sequence[int]
) -> tuple[list[Ciphertext], list[int]]:
    randomness = [scalars.scalar(number, answer, "r") for answer in range(len(marks))]
    choices = [
        encrypt(election.group, election.key, mark, random)
        for mark, random in zip(marks, randomness, strict=True)
    ]
    return choices, randomness


def _texts(election: Election, choices: Sequence[Ciphertext]) -> tuple[tuple[str, str], ...]:
    text = election.group.element_to_text
    return tuple((text(choice.alpha), text(choice.beta)) for choice in choices)


def _answer(
    election: Election,
    scalars: BallotSeed,
    number: int,
    question: Question,
    marks: Sequence[int],
    start: str,
) -> Answer:
    _check_marks(question, marks)
    group, key = election.group, election.key
    choices, randomness = _encrypt(election, scalars, number, marks)
    texts = _texts(election, choices)
    individual = []
    for answer, (mark, random) in enumerate(zip(marks, randomness, strict=True)):
        prefix = f"prove|{start}|{texts[answer][0]},{texts[answer][1]}|"
        opening = Opening(random, scalars.scalar(number, answer, "w"))
        simulated = scalars.simulated(number, answer, [1 - mark])
        individual.append(
            tuple(prove_disjunction(group, key, prefix, mark, BIT, opening, simulated))
        )
    transcript = answer_transcript(start, texts)
    if question.blank:
        blank, overall = _prove_blank(
            election, scalars, number, question, marks, randomness, transcript
        )
        return Answer(tuple(choices), texts, tuple(individual), overall, blank)
    overall = _prove_overall(
        election, scalars, number, question, choices, (sum(marks), sum(randomness)), transcript
    )
    return Answer(tuple(choices), texts, tuple(individual), overall, None)


def _prove_overall(
    election: Election,
    scalars: BallotSeed,
    number: int,
    question: Question,
    choices: Sequence[Ciphertext],
    total: tuple[int, int],
    transcript: str,
) -> tuple[Proof, ...]:
    """`total` is the sum of the marks and the sum of the randomness."""
    group, sums = election.group, sum_range(question)
    product = multiply_ciphertexts(group, choices)
    texts = f"{group.element_to_text(product.alpha)},{group.element_to_text(product.beta)}"
    others = [branch for branch, value in enumerate(sums) if value != total[0]]
    return tuple(
        prove_disjunction(
            group,
            election.key,
            f"prove|{transcript}|{texts}|",
            total[0],
            sums,
            Opening(total[1], scalars.scalar(number, OVERALL, "w")),
            scalars.simulated(number, OVERALL, others),
        )
    )


def _prove_blank(
    election: Election,
    scalars: BallotSeed,
    number: int,
    question: Question,
    marks: Sequence[int],
    randomness: Sequence[int],
    transcript: str,
) -> tuple[tuple[Proof, ...], tuple[Proof, ...]]:
    """The blank proof (m0 = 0 or sum = 0) and the overall proof (m0 = 1 or sum in range; §6)."""
    rest = (sum(marks[1:]), sum(randomness[1:]))
    first = (marks[0], randomness[0])
    blank_branches = [(first, 0), (rest, 0)]
    overall_branches = [(first, 1), *((rest, value) for value in sum_range(question))]
    return (
        _prove_branches(election, scalars, number, blank_branches, f"bproof0|{transcript}|", "b"),
        _prove_branches(election, scalars, number, overall_branches, f"bproof1|{transcript}|", ""),
    )


def _prove_branches(
    election: Election,
    scalars: BallotSeed,
    number: int,
    branches: Sequence[tuple[tuple[int, int], int]],
    prefix: str,
    label: str,
) -> tuple[Proof, ...]:
    """A disjunction over two ciphertexts: each branch is ((plaintext, randomness), claimed)."""
    group, key = election.group, election.key
    true_branch = next(
        branch for branch, ((value, _), claimed) in enumerate(branches) if value == claimed
    )
    others = [branch for branch in range(len(branches)) if branch != true_branch]
    simulated = scalars.simulated(number, OVERALL, others, label)
    nonce = scalars.scalar(number, OVERALL, f"{label}w")
    texts = []
    for branch, ((value, random), claimed) in enumerate(branches):
        if branch == true_branch:
            exponent, offset = nonce, 0
        else:
            proof = simulated[branch]
            exponent = proof.response + random * proof.challenge
            offset = (value - claimed) * proof.challenge
        second = group.multiply(key.power(exponent), group.power_of_generator(offset))
        texts.append(group.element_to_text(group.power_of_generator(exponent)))
        texts.append(group.element_to_text(second))
    total = group.hash_to_scalar(prefix + ",".join(texts))
    challenge = (total - sum(proof.challenge for proof in simulated.values())) % group.q
    response = (nonce - branches[true_branch][0][1] * challenge) % group.q
    return tuple(
        Proof(challenge, response) if branch == true_branch else simulated[branch]
        for branch in range(len(branches))
    )


def _check_marks(question: Question, marks: Sequence[int]) -> None:
    if len(marks) != question.choices or any(mark not in BIT for mark in marks):
        raise MalformedError("marks are 0 or 1, one a choice")
    if question.blank and marks[0]:
        if any(marks[1:]):
            raise MalformedError("a blank answer has no other marks")
        return
    chosen = sum(marks[1:]) if question.blank else sum(marks)
    if not question.min <= chosen <= question.max:
        raise MalformedError("more or fewer marks than the question allows")
