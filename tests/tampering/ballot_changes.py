"""Ballots altered in one respect and then made whole again: signed anew by their own credential."""

import dataclasses
import hashlib
from collections.abc import Callable, Sequence

from crypto.ballots import (
    Answer,
    Ballot,
    hash_of_unsigned,
    parse_ballot,
    signed_text,
    unsigned_text,
)
from crypto.elections import Election
from crypto.proofs import Proof, prove_knowledge
from schemas.entries import BallotEntry
from tests.fixtures.record_builder import BuiltRecord

NONCE = 123456789


def resign(election: Election, ballot: Ballot, exponent: int, answers: Sequence[Answer]) -> str:
    """The ballot with other answers under a signature that holds."""
    unsigned = unsigned_text(election, ballot.credential, tuple(answers))
    digest = hash_of_unsigned(unsigned)
    proof = prove_knowledge(election.group, exponent, NONCE, f"sig|{digest}|")
    return signed_text(unsigned, digest, proof)


def exponent_of(record: BuiltRecord, ballot: Ballot) -> int:
    """The secret exponent behind a ballot's credential."""
    group = record.election.group
    return next(
        exponent
        for exponent in record.credentials
        if group.power_of_generator(exponent) == ballot.credential_element
    )


def with_altered_proof(record: BuiltRecord) -> Callable[[list[BallotEntry]], list[BallotEntry]]:
    """One response of one individual proof off by one, in the first ballot."""
    entry = next(entry for entry in record.log if isinstance(entry, BallotEntry))
    ballot = parse_ballot(record.election, entry.ballot)
    first, *others = ballot.answers
    (left, right), *rest = first.individual_proofs
    altered = Proof(left.challenge, (left.response + 1) % record.election.group.q)
    answer = dataclasses.replace(first, individual_proofs=((altered, right), *rest))
    text = resign(record.election, ballot, exponent_of(record, ballot), [answer, *others])
    return lambda ballots: replace_ballot(ballots, entry, text)


def replace_ballot(
    ballots: Sequence[BallotEntry], entry: BallotEntry, text: str
) -> list[BallotEntry]:
    """The ballots in their order with one text exchanged; its token goes with its credential."""
    changed = [
        BallotEntry(ballot=text, token=each.token) if each.ballot == entry.ballot else each
        for each in ballots
    ]
    return in_order(changed)


def in_order(ballots: Sequence[BallotEntry]) -> list[BallotEntry]:
    """Ascending by tracker, as the board holds them."""
    return sorted(ballots, key=lambda entry: hashlib.sha256(entry.ballot.encode()).digest())
