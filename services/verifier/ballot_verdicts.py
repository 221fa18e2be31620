"""Judging every ballot once for V7 to V10, on all cores where there is enough to do.

Each ballot is judged alone, and the verdicts come back in the order of the ballots, so that the
number of processes changes nothing in a report.
"""

import hashlib
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import rsa

from crypto.ballots import Ballot, parse_ballot, verify_ballot_proofs, verify_ballot_signature
from crypto.belenios_json import fields, loads, text_field
from crypto.blind_tokens import parse_token, parse_token_key, verify_token
from crypto.elections import Election, parse_election
from crypto.elgamal import Ciphertext, multiply_ciphertexts
from crypto.errors import CryptoError
from schemas import base64url

CHUNKS_A_PROCESS: Final = 4
# Starting a process costs about as much as this many ciphertexts of the group.
_CIPHERTEXTS_WORTH_A_PROCESS: Final = {"Ed25519": 1500, "BELENIOS-2048": 250}
TokenKeys: TypeAlias = Sequence[rsa.RSAPublicKey] | str
"""The issuers' keys in order, or why they cannot be read."""

UNJUDGED: Final = "its form is refused, so this was not judged"
"""Stands for a problem that V8 reports: proofs of what cannot be read are neither good nor bad."""


@dataclass(frozen=True)
class JudgingTerms:
    """What every ballot is judged by; `token_keys`: SPKI in base64url, none for other archives."""

    election: str
    token_keys: tuple[str, ...] = ()
    strict: bool = True


@dataclass(frozen=True)
class SubmittedBallot:
    """A ballot as it stands in the record, with the name that a report gives to it."""

    name: str
    text: str
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True)
class BallotVerdict:
    """
    What was found about one ballot: a problem for each check, or None.

    `ciphertexts` are SHA-256 of "alpha,beta" of each choice, `tracker` of the whole ballot.
    """

    name: str
    tracker: bytes
    credential: str | None
    ciphertexts: tuple[bytes, ...]
    token_problem: str | None
    form_problem: str | None
    proofs_problem: str | None
    signature_problem: str | None


@dataclass(frozen=True)
class Judgement:
    """The verdicts in order, and each ballot's ciphertexts multiplied (None: form refused)."""

    verdicts: tuple[BallotVerdict, ...]
    product: tuple[tuple[Ciphertext, ...], ...]

    @property
    def all_read(self) -> bool:
        """Whether the product is of all ballots."""
        return all(verdict.form_problem is None for verdict in self.verdicts)


def judge_ballots(
    terms: JudgingTerms, ballots: Sequence[SubmittedBallot], processes: int | None = None
) -> Judgement:
    """
    Judge tokens, form, proofs and signature of each ballot, and multiply all that could be read.

    `processes`: how many to use; None decides by the amount of work. Raises CryptoError when the
    election is malformed.
    """
    election = parse_election(terms.election)
    count = processes if processes is not None else _worthwhile_processes(election, len(ballots))
    if count <= 1 or len(ballots) < 2:
        return _judge_chunk(terms, ballots)
    chunks = _split(ballots, count * CHUNKS_A_PROCESS)
    # Never forked: a verifier may run inside of a server that has threads and connections.
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(max_workers=count, mp_context=context) as pool:
            judged = list(pool.map(_judge_chunk, [terms] * len(chunks), chunks))
    except BrokenProcessPool:
        # Where a program cannot be started again by name, one process has to do.
        return _judge_chunk(terms, ballots)
    verdicts = tuple(verdict for chunk in judged for verdict in chunk.verdicts)
    return Judgement(verdicts, _multiply(election, [chunk.product for chunk in judged]))


def _worthwhile_processes(election: Election, ballots: int) -> int:
    choices = sum(question.choices for question in election.questions)
    if ballots * choices < 2 * _CIPHERTEXTS_WORTH_A_PROCESS[election.group.name]:
        return 1
    return min(os.cpu_count() or 1, ballots)


def _split(ballots: Sequence[SubmittedBallot], parts: int) -> list[Sequence[SubmittedBallot]]:
    size = max(1, -(-len(ballots) // parts))
    return [ballots[start : start + size] for start in range(0, len(ballots), size)]


def _judge_chunk(terms: JudgingTerms, ballots: Sequence[SubmittedBallot]) -> Judgement:
    election = parse_election(terms.election)
    keys = _parse_token_keys(terms)
    verdicts: list[BallotVerdict] = []
    products = [_multiply(election, [])]
    for submitted in ballots:
        ballot, verdict = _judge(election, keys, submitted, strict=terms.strict)
        verdicts.append(verdict)
        if ballot is not None:
            products.append(tuple(answer.choices for answer in ballot.answers))
    return Judgement(tuple(verdicts), _multiply(election, products))


def _parse_token_keys(terms: JudgingTerms) -> TokenKeys:
    try:
        return [parse_token_key(base64url.decode(text)) for text in terms.token_keys]
    except (CryptoError, ValueError) as error:
        return f"a token key of the terms: {error}"


def _judge(
    election: Election,
    keys: TokenKeys,
    submitted: SubmittedBallot,
    *,
    strict: bool,
) -> tuple[Ballot | None, BallotVerdict]:
    tracker = hashlib.sha256(submitted.text.encode()).digest()
    try:
        ballot = parse_ballot(election, submitted.text, strict=strict)
    except CryptoError as error:
        credential = _unchecked_credential(submitted.text)
        return None, BallotVerdict(
            name=submitted.name,
            tracker=tracker,
            credential=credential,
            ciphertexts=(),
            token_problem=_token_problem(election, keys, credential, submitted.tokens),
            form_problem=str(error),
            proofs_problem=UNJUDGED,
            signature_problem=UNJUDGED,
        )
    return ballot, BallotVerdict(
        name=submitted.name,
        tracker=tracker,
        credential=ballot.credential,
        ciphertexts=tuple(
            hashlib.sha256(f"{alpha},{beta}".encode()).digest()
            for alpha, beta in ballot.ciphertext_texts
        ),
        token_problem=_token_problem(election, keys, ballot.credential, submitted.tokens),
        form_problem=None,
        proofs_problem=_proofs_problem(election, ballot),
        signature_problem=_signature_problem(election, ballot),
    )


def _unchecked_credential(text: str) -> str | None:
    # Enough to judge the token of a ballot whose form is refused for another reason.
    try:
        required = ("election_uuid", "election_hash", "credential", "answers", "signature")
        return text_field(fields(loads(text), required)[2])
    except CryptoError:
        return None


def _token_problem(
    election: Election, keys: TokenKeys, credential: str | None, tokens: Sequence[str]
) -> str | None:
    if isinstance(keys, str):
        return keys
    if credential is None:
        return UNJUDGED
    if len(tokens) != len(keys):
        return f"{len(tokens)} tokens of {len(keys)} issuers"
    try:
        for key, token in zip(keys, tokens, strict=True):
            verify_token(key, election.fingerprint, credential, parse_token(token))
    except CryptoError as error:
        return str(error)
    return None


def _proofs_problem(election: Election, ballot: Ballot) -> str | None:
    try:
        verify_ballot_proofs(election, ballot)
    except CryptoError as error:
        return str(error)
    return None


def _signature_problem(election: Election, ballot: Ballot) -> str | None:
    try:
        verify_ballot_signature(election, ballot)
    except CryptoError as error:
        return str(error)
    return None


def _multiply(
    election: Election, products: Sequence[tuple[tuple[Ciphertext, ...], ...]]
) -> tuple[tuple[Ciphertext, ...], ...]:
    group = election.group
    return tuple(
        tuple(
            multiply_ciphertexts(group, [product[question][choice] for product in products])
            for choice in range(election.questions[question].choices)
        )
        for question in range(len(election.questions))
    )
