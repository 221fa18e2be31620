"""Ballots of Belenios protocol 1: reading and checking (belenios-format §6).

Three steps that a verifier reports apart: the form and its elements (V8), the proofs (V9), the
signature (V10). Making a ballot is in `ballot_encryption`.
"""

import base64
import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from crypto.belenios_json import (
    b64_nopad,
    dumps,
    fields,
    list_field,
    loads,
    text_field,
)
from crypto.elections import Election, Question
from crypto.elgamal import Ciphertext, multiply_ciphertexts
from crypto.errors import (
    ElectionMismatchError,
    MalformedError,
    MembershipError,
    ProofError,
    SignatureError,
)
from crypto.groups import Element, Group
from crypto.proofs import (
    Proof,
    check_challenges,
    disjunction_commitments,
    parse_proof,
    verify_disjunction,
    verify_knowledge,
)

BIT = (0, 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; `texts` are (alpha, beta) of each choice as they were written."""

    choices: tuple[Ciphertext, ...]
    texts: tuple[tuple[str, str], ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...] | None


@dataclass(frozen=True)
class Ballot:
    """A ballot whose form, elements and scalars were checked; its proofs were not yet."""

    text: str
    credential: str
    credential_element: Element
    answers: tuple[Answer, ...]
    signature_hash: str
    signature: Proof

    @functools.cached_property
    def tracker(self) -> bytes:
        """SHA-256 of the exact bytes; Belenios shows it as unpadded Base64."""
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def ciphertext_texts(self) -> Iterator[tuple[str, str]]:
        """(alpha, beta) of every question and choice in order, as for the receipt code (§11)."""
        return (pair for answer in self.answers for pair in answer.texts)


def smart_tracker(tracker: bytes) -> str:
    """The tracking number as Belenios prints it."""
    return base64.b64encode(tracker).decode().rstrip("=")


def parse_ballot(election: Election, text: str, *, strict: bool = True) -> Ballot:
    """
    Read a ballot of this election: exact bytes, membership of every element, range of scalars (V8).

    `strict` refuses the neutral element as credential or alpha, as protocol.md §5 asks; archives
    of others are read without it. Raises MalformedError, ElectionMismatchError, MembershipError,
    ScalarRangeError.
    """
    value = loads(text)
    uuid, phi, credential, answers, signature = fields(
        value, ("election_uuid", "election_hash", "credential", "answers", "signature")
    )
    if uuid != election.uuid or phi != election.fingerprint:
        raise ElectionMismatchError("the ballot is of another election")
    group = election.group
    credential_element = group.element_from_text(text_field(credential))
    if strict:
        _refuse_neutral(group, credential_element)
    parsed = tuple(
        _parse_answer(group, question, answer, strict)
        for question, answer in zip(
            election.questions, list_field(answers, len(election.questions)), strict=True
        )
    )
    signature_hash, proof = fields(signature, ("hash", "proof"))
    ballot = Ballot(
        text=text,
        credential=credential,
        credential_element=credential_element,
        answers=parsed,
        signature_hash=text_field(signature_hash),
        signature=parse_proof(group, proof),
    )
    if ballot_to_text(election, ballot) != text:
        raise MalformedError("not the canonical bytes of a ballot")
    return ballot


def unsigned_text(election: Election, credential: str, answers: tuple[Answer, ...]) -> str:
    """The ballot's compact JSON without its signature, whose hash is signed (§6)."""
    return dumps(
        {
            "election_uuid": election.uuid,
            "election_hash": election.fingerprint,
            "credential": credential,
            "answers": [_answer_to_json(answer) for answer in answers],
        }
    )


def signed_text(unsigned: str, signature_hash: str, signature: Proof) -> str:
    """Append the signature to the text of `unsigned_text`."""
    proof = dumps({"hash": signature_hash, "proof": signature.to_json()})
    return f'{unsigned[:-1]},"signature":{proof}}}'


def ballot_to_text(election: Election, ballot: Ballot) -> str:
    """The exact bytes of a ballot (§6)."""
    unsigned = unsigned_text(election, ballot.credential, ballot.answers)
    return signed_text(unsigned, ballot.signature_hash, ballot.signature)


def hash_of_unsigned(unsigned: str) -> str:
    """The field `hash` of the signature: unpadded Base64 of SHA-256 (§6)."""
    return b64_nopad(hashlib.sha256(unsigned.encode()).digest())


def verify_ballot_signature(election: Election, ballot: Ballot) -> None:
    """Check that the credential signed this ballot (V10). Raises SignatureError."""
    unsigned = unsigned_text(election, ballot.credential, ballot.answers)
    if hash_of_unsigned(unsigned) != ballot.signature_hash:
        raise SignatureError("the signature is over another ballot")
    try:
        verify_knowledge(
            election.group,
            ballot.credential_element,
            ballot.signature,
            f"sig|{ballot.signature_hash}|",
        )
    except ProofError:
        raise SignatureError("the signature of the ballot does not hold") from None


def verify_ballot_proofs(election: Election, ballot: Ballot) -> None:
    """Check every individual, overall and blank proof (V9; §6). Raises ProofError."""
    start = f"{election.fingerprint}|{ballot.credential}"
    for question, answer in zip(election.questions, ballot.answers, strict=True):
        for ciphertext, texts, proofs in zip(
            answer.choices, answer.texts, answer.individual_proofs, strict=True
        ):
            prefix = f"prove|{start}|{texts[0]},{texts[1]}|"
            verify_disjunction(election.group, election.key, prefix, ciphertext, BIT, proofs)
        if answer.blank_proof is None:
            _verify_overall_proof(election, question, answer, start)
        else:
            _verify_blank_proofs(election, question, answer, start)


def answer_transcript(start: str, texts: tuple[tuple[str, str], ...]) -> str:
    """S of belenios-format §6: fingerprint, credential and all ciphertexts of one answer."""
    return start + "|" + ",".join(f"{alpha},{beta}" for alpha, beta in texts)


def sum_range(question: Question) -> tuple[int, ...]:
    """The sums that an answer's choices may have."""
    return tuple(range(question.min, question.max + 1))


def _verify_overall_proof(
    election: Election, question: Question, answer: Answer, start: str
) -> None:
    group = election.group
    total = multiply_ciphertexts(group, answer.choices)
    texts = f"{group.element_to_text(total.alpha)},{group.element_to_text(total.beta)}"
    prefix = f"prove|{answer_transcript(start, answer.texts)}|{texts}|"
    verify_disjunction(
        group, election.key, prefix, total, sum_range(question), answer.overall_proof
    )


def _verify_blank_proofs(
    election: Election, question: Question, answer: Answer, start: str
) -> None:
    group, key = election.group, election.key
    if answer.blank_proof is None:
        raise AssertionError("called for answers with a blank proof")
    blank, rest = answer.choices[0], multiply_ciphertexts(group, answer.choices[1:])
    transcript = answer_transcript(start, answer.texts)

    def commitments(
        ciphertext: Ciphertext, claimed: tuple[int, ...], proofs: tuple[Proof, ...]
    ) -> str:
        return disjunction_commitments(group, key, ciphertext, claimed, proofs)

    first, second = answer.blank_proof[:1], answer.blank_proof[1:]
    check_challenges(
        group,
        f"bproof0|{transcript}|{commitments(blank, (0,), first)},{commitments(rest, (0,), second)}",
        answer.blank_proof,
    )
    first, others = answer.overall_proof[:1], answer.overall_proof[1:]
    sums = sum_range(question)
    check_challenges(
        group,
        f"bproof1|{transcript}|{commitments(blank, (1,), first)},{commitments(rest, sums, others)}",
        answer.overall_proof,
    )


def _parse_answer(group: Group, question: Question, value: object, strict: bool) -> Answer:
    choices, individual, overall, blank = fields(
        value, ("choices", "individual_proofs", "overall_proof"), ("blank_proof",)
    )
    if (blank is not None) != question.blank:
        raise MalformedError("a blank proof belongs to questions with an explicit blank, only")
    ciphertexts, texts = [], []
    for choice in list_field(choices, question.choices):
        alpha, beta = (text_field(element) for element in fields(choice, ("alpha", "beta")))
        ciphertext = Ciphertext(group.element_from_text(alpha), group.element_from_text(beta))
        if strict:
            _refuse_neutral(group, ciphertext.alpha)
        ciphertexts.append(ciphertext)
        texts.append((alpha, beta))
    branches = question.max - question.min + 1 + question.blank
    return Answer(
        choices=tuple(ciphertexts),
        texts=tuple(texts),
        individual_proofs=tuple(
            _parse_proofs(group, proofs, 2) for proofs in list_field(individual, question.choices)
        ),
        overall_proof=_parse_proofs(group, overall, branches),
        blank_proof=_parse_proofs(group, blank, 2) if question.blank else None,
    )


def _parse_proofs(group: Group, value: object, length: int) -> tuple[Proof, ...]:
    return tuple(parse_proof(group, proof) for proof in list_field(value, length))


def _answer_to_json(answer: Answer) -> dict[str, object]:
    value: dict[str, object] = {
        "choices": [{"alpha": alpha, "beta": beta} for alpha, beta in answer.texts],
        "individual_proofs": [
            [proof.to_json() for proof in proofs] for proofs in answer.individual_proofs
        ],
        "overall_proof": [proof.to_json() for proof in answer.overall_proof],
    }
    if answer.blank_proof is not None:
        value["blank_proof"] = [proof.to_json() for proof in answer.blank_proof]
    return value


def _refuse_neutral(group: Group, element: Element) -> None:
    if element == group.identity:
        raise MembershipError("the neutral element is refused here")
