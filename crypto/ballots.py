"""Ballots of Belenios protocol 1: reading and checking (belenios-format §6).

Three steps that a verifier reports apart: the form and its elements (V8), the proofs (V9), the
signature (V10). Making a ballot is in `ballot_encryption`.
"""

import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from crypto.belenios_json import (
    b64_nopad,
    dumps,
    list_field,
    loads,
    ordered_fields,
    require_exact,
    text_field,
)
from crypto.elections import Election, Question
from crypto.elgamal import Ciphertext, multiply_ciphertexts
from crypto.errors import ElectionMismatchError, MalformedError, ProofError, SignatureError
from crypto.groups import Element, Group
from crypto.proofs import (
    Proof,
    check_challenges,
    disjunction_commitments,
    verify_disjunction,
    verify_knowledge,
)

BIT: Final = (0, 1)
_DIGEST: Final = re.compile(r"[A-Za-z0-9+/]{43}", re.ASCII)
_SIGNATURE_FIELD: Final = ',"signature":'
_ProofTexts: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _AnswerForm:
    choices: tuple[tuple[str, str], ...]
    individual_proofs: tuple[tuple[_ProofTexts, ...], ...]
    overall_proof: tuple[_ProofTexts, ...]
    blank_proof: tuple[_ProofTexts, ...] | None


@dataclass(frozen=True, slots=True)
class BallotSubmission:
    """
    A text in the exact form of a ballot of this election; no number in it was looked at yet.

    `credential` is its text, `tracker` are the 32 bytes of SHA-256 of the text.
    """

    text: str
    credential: str
    answers: tuple[_AnswerForm, ...]
    signature_hash: str
    signature: _ProofTexts

    @property
    def tracker(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()


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

    @property
    def unsigned(self) -> str:
        """The ballot's compact JSON without its signature, whose hash is signed (§6)."""
        return self.text[: self.text.rindex(_SIGNATURE_FIELD)] + "}"


def smart_tracker(tracker: bytes) -> str:
    """The tracking number as Belenios prints it."""
    return b64_nopad(tracker)


def parse_ballot(election: Election, text: str, *, strict: bool = True) -> Ballot:
    """
    Read a ballot of this election: exact bytes, membership of every element, range of scalars (V8).

    `strict` refuses the neutral element as credential or alpha, as protocol.md §5 asks; archives
    of others are read without it. Raises MalformedError, ElectionMismatchError, MembershipError,
    ScalarRangeError.
    """
    return check_ballot_elements(election, parse_ballot_form(election, text), strict=strict)


def parse_ballot_form(election: Election, text: str) -> BallotSubmission:
    """
    The cheap half of `parse_ballot`: exact bytes, uuid and phi, before anything is computed.

    Raises MalformedError or ElectionMismatchError.
    """
    value = loads(text)
    uuid, phi, credential, answers, signature = ordered_fields(
        value, ("election_uuid", "election_hash", "credential", "answers", "signature")
    )
    signature_hash, proof = ordered_fields(signature, ("hash", "proof"))
    if not _DIGEST.fullmatch(text_field(signature_hash)):
        raise MalformedError("the hash of a signature is 43 characters of Base64")
    forms = tuple(_parse_answer_form(answer) for answer in list_field(answers))
    submission = BallotSubmission(
        text, text_field(credential), forms, signature_hash, _proof_texts(proof)
    )
    require_exact(text, value)
    if text_field(uuid) != election.uuid or text_field(phi) != election.fingerprint:
        raise ElectionMismatchError("the ballot is of another election")
    if len(forms) != len(election.questions):
        raise MalformedError("a ballot answers every question once")
    for question, form in zip(election.questions, forms, strict=True):
        _check_shape(question, form)
    return submission


def check_ballot_elements(
    election: Election, submission: BallotSubmission, *, strict: bool = True
) -> Ballot:
    """
    The costly half of `parse_ballot`: every element is in the group, every scalar in its range.

    Raises MalformedError, MembershipError, ScalarRangeError.
    """
    group = election.group
    credential = group.element_from_text(submission.credential)
    if strict:
        group.refuse_identity(credential)
    return Ballot(
        text=submission.text,
        credential=submission.credential,
        credential_element=credential,
        answers=tuple(_read_answer(group, form, strict) for form in submission.answers),
        signature_hash=submission.signature_hash,
        signature=_read_proof(group, submission.signature),
    )


def verify_ballot(election: Election, text: str, *, strict: bool = True) -> Ballot:
    """Read a ballot and check its proofs and its signature: V8, V9 and V10 at once."""
    ballot = parse_ballot(election, text, strict=strict)
    verify_ballot_proofs(election, ballot)
    verify_ballot_signature(election, ballot)
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
    return f"{unsigned[:-1]}{_SIGNATURE_FIELD}{proof}}}"


def hash_of_unsigned(unsigned: str) -> str:
    """The field `hash` of the signature: unpadded Base64 of SHA-256 (§6)."""
    return b64_nopad(hashlib.sha256(unsigned.encode()).digest())


def verify_ballot_signature(election: Election, ballot: Ballot) -> None:
    """Check that the credential signed this ballot (V10). Raises SignatureError."""
    if hash_of_unsigned(ballot.unsigned) != ballot.signature_hash:
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
    for label, proofs, first_claim, claims in (
        ("bproof0", answer.blank_proof, 0, (0,)),
        ("bproof1", answer.overall_proof, 1, sum_range(question)),
    ):
        first = disjunction_commitments(group, key, blank, (first_claim,), proofs[:1])
        others = disjunction_commitments(group, key, rest, claims, proofs[1:])
        check_challenges(group, f"{label}|{transcript}|{first},{others}", proofs)


def _parse_answer_form(value: object) -> _AnswerForm:
    choices, individual, overall, blank = ordered_fields(
        value, ("choices", "individual_proofs", "overall_proof", "blank_proof"), ("blank_proof",)
    )
    texts = []
    for choice in list_field(choices):
        alpha, beta = ordered_fields(choice, ("alpha", "beta"))
        texts.append((text_field(alpha), text_field(beta)))
    return _AnswerForm(
        choices=tuple(texts),
        individual_proofs=tuple(_all_proof_texts(proofs) for proofs in list_field(individual)),
        overall_proof=_all_proof_texts(overall),
        blank_proof=None if blank is None else _all_proof_texts(blank),
    )


def _all_proof_texts(value: object) -> tuple[_ProofTexts, ...]:
    return tuple(_proof_texts(proof) for proof in list_field(value))


def _proof_texts(value: object) -> _ProofTexts:
    challenge, response = ordered_fields(value, ("challenge", "response"))
    return text_field(challenge), text_field(response)


def _check_shape(question: Question, form: _AnswerForm) -> None:
    """As many choices, proofs and branches as the question asks for."""
    if (form.blank_proof is not None) != question.blank:
        raise MalformedError("a blank proof belongs to questions with an explicit blank, only")
    branches = question.max - question.min + 1 + question.blank
    if not (
        len(form.choices) == len(form.individual_proofs) == question.choices
        and all(len(proofs) == len(BIT) for proofs in form.individual_proofs)
        and len(form.overall_proof) == branches
        and (form.blank_proof is None or len(form.blank_proof) == len(BIT))
    ):
        raise MalformedError("an answer has other choices or proofs than its question asks for")


def _read_answer(group: Group, form: _AnswerForm, strict: bool) -> Answer:
    ciphertexts = []
    for alpha, beta in form.choices:
        ciphertext = Ciphertext(group.element_from_text(alpha), group.element_from_text(beta))
        if strict:
            group.refuse_identity(ciphertext.alpha)
        ciphertexts.append(ciphertext)
    return Answer(
        choices=tuple(ciphertexts),
        texts=form.choices,
        individual_proofs=tuple(_read_proofs(group, proofs) for proofs in form.individual_proofs),
        overall_proof=_read_proofs(group, form.overall_proof),
        blank_proof=None if form.blank_proof is None else _read_proofs(group, form.blank_proof),
    )


def _read_proofs(group: Group, texts: tuple[_ProofTexts, ...]) -> tuple[Proof, ...]:
    return tuple(_read_proof(group, proof) for proof in texts)


def _read_proof(group: Group, texts: _ProofTexts) -> Proof:
    return Proof(group.scalar_from_text(texts[0]), group.scalar_from_text(texts[1]))


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
