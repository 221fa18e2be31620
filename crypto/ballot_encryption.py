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
from crypto.groups import Group
from crypto.proofs import Branch, Proof, first_true_branch, prove_disjunction, prove_knowledge

SEED_BYTES: Final = 32
OVERALL: Final = "-"
Marks = Sequence[Sequence[int]]
"""For each question, for each choice (a leading blank where there is one): 0 or 1."""


def seed_scalar(
    group: Group, phi: str, seed: bytes, question: int, answer: int | str, use: str
) -> int:
    """
    A scalar of a ballot from its 32-byte seed by HKDF-SHA-512 (RFC 5869; protocol.md §11).

    Questions and answers count from 0; `answer` is `OVERALL` for overall and blank proofs. Uses:
    `r` randomness of a ciphertext; `w` nonce of the true branch; `c<b>`, `z<b>` challenge and
    response of simulated branch b. Blank proofs, which protocol.md leaves open, use `bw`, `bc<b>`,
    `bz<b>`. Where several branches are true, the first counts as the true one. Raises
    MalformedError for a seed of another length.
    """
    if len(seed) != SEED_BYTES:
        raise MalformedError("a seed has 32 bytes")
    info = f"phieukin/ballot/1|{phi}|{question}|{answer}|{use}".encode()
    derived = HKDF(hashes.SHA512(), length=64, salt=None, info=info).derive(seed)
    return int.from_bytes(derived, "big") % group.q


class BallotSeed:
    """All scalars of one ballot; see `seed_scalar`."""

    def __init__(self, election: Election, seed: bytes) -> None:
        self._election = election
        self._seed = seed

    def scalar(self, question: int, answer: int | str, use: str) -> int:
        """The scalar for a use; `question` and `answer` count from 0."""
        phi = self._election.fingerprint
        return seed_scalar(self._election.group, phi, self._seed, question, answer, use)

    def prove(
        self,
        question: int,
        answer: int | str,
        branches: Sequence[Branch],
        prefix: str,
        label: str = "",
    ) -> tuple[Proof, ...]:
        """A disjunction with all its scalars from the seed; `label` stands before their uses."""
        true_branch = first_true_branch(branches)
        simulated = {
            number: Proof(
                self.scalar(question, answer, f"{label}c{number}"),
                self.scalar(question, answer, f"{label}z{number}"),
            )
            for number in range(len(branches))
            if number != true_branch
        }
        nonce = self.scalar(question, answer, f"{label}w")
        group, key = self._election.group, self._election.key
        return tuple(prove_disjunction(group, key, prefix, branches, nonce, simulated))


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
        _answer(scalars, election, number, chosen, start) for number, chosen in enumerate(marks)
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
    scalars: BallotSeed,
    election: Election,
    number: int,
    marks: Sequence[int],
    start: str,
) -> Answer:
    question = election.questions[number]
    _check_marks(question, marks)
    choices, randomness = _encrypt(election, scalars, number, marks)
    texts = _texts(election, choices)
    individual = []
    for answer, (mark, random, (alpha, beta)) in enumerate(
        zip(marks, randomness, texts, strict=True)
    ):
        branches = [Branch(mark, random, claimed) for claimed in BIT]
        prefix = f"prove|{start}|{alpha},{beta}|"
        individual.append(scalars.prove(number, answer, branches, prefix))
    transcript = answer_transcript(start, texts)
    blank: tuple[Proof, ...] | None = None
    if question.blank:
        rest = [
            Branch(sum(marks[1:]), sum(randomness[1:]), value)
            for value in (0, *sum_range(question))
        ]
        no_blank, is_blank = (Branch(marks[0], randomness[0], claimed) for claimed in BIT)
        blank = scalars.prove(number, OVERALL, [no_blank, rest[0]], f"bproof0|{transcript}|", "b")
        overall = scalars.prove(number, OVERALL, [is_blank, *rest[1:]], f"bproof1|{transcript}|")
    else:
        branches = [Branch(sum(marks), sum(randomness), value) for value in sum_range(question)]
        ((alpha, beta),) = _texts(election, [multiply_ciphertexts(election.group, choices)])
        overall = scalars.prove(number, OVERALL, branches, f"prove|{transcript}|{alpha},{beta}|")
    return Answer(tuple(choices), texts, tuple(individual), overall, blank)


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
