"""The sum, its opening, and what follows from it: computed from the log alone (protocol.md §3, §8).

Nothing here is stored or decided: whoever has the same log computes the same bytes.
"""

import hashlib
from typing import Final, TypeVar

from crypto.ballots import parse_ballot
from crypto.ceremony import verify_ceremony
from crypto.decryption import (
    Statement,
    combine,
    parse_partial_decryption,
    parse_second_proof,
    verify_partial_decryptions_agree,
)
from crypto.decryption import verify_partial_decryption as verify_both_proofs
from crypto.elections import Election, parse_election
from crypto.errors import CryptoError, MalformedError, PartialDecryptionError
from crypto.tally import EncryptedTally, encrypt_tally, open_tally, result_to_text, tally_to_text
from crypto.trustees import ThresholdTeam
from schemas.entries import (
    BallotEntry,
    Closed,
    ElectionEntry,
    Outcome,
    PartialDecryption,
    Result,
    VotingOpened,
)
from schemas.rules import Bases, share_percent
from schemas.terms import Nomination, Terms
from services.board.ceremony_log import ceremony_of
from services.board.model import BoardLog

EntryType = TypeVar("EntryType")

# Sums by the root of the closing checkpoint, which binds election and ballots: every teller's
# partial decryption is checked against the same one. Derived, so losing it costs time only.
_sums: Final[dict[bytes, EncryptedTally]] = {}
_KEPT_SUMS: Final = 8


def verify_partial_decryption(log: BoardLog, entry: PartialDecryption) -> None:
    """
    Check a partial decryption alone: both proofs, over the board's own product (protocol.md §3).

    Raises PartialDecryptionError; another CryptoError would be the board's fault, not the sender's.
    """
    election = parse_election(_entry(log, ElectionEntry).election)
    team = _team(log, election)
    if entry.proof is None:
        raise PartialDecryptionError(entry.index, "the second proof is missing")
    try:
        proof = parse_second_proof(election.group, entry.proof.challenge, entry.proof.response)
    except CryptoError as error:
        raise PartialDecryptionError(entry.index, "the second proof is malformed") from error
    statement = Statement(
        election=election,
        tally=sum_of(log, election),
        board_root=_closing_root(log),
        trustee=entry.index,
        public_key=team.verification_keys[entry.index - 1].public_key,
    )
    verify_both_proofs(statement, entry.partial_decryption, proof)


def count(log: BoardLog) -> Result:
    """
    Combine the partial decryptions on the log, each verified when it came in, and apply the rules.

    The first t by index are combined; further ones must give the same sum. Raises ThresholdError
    naming the set when they do not.
    """
    election = parse_election(_entry(log, ElectionEntry).election)
    terms, closed = _entry(log, Terms), _entry(log, Closed)
    opened = _entry(log, VotingOpened)
    group, threshold = election.group, terms.counting_team.trustee_threshold
    tally = sum_of(log, election)
    factors = {
        entry.index: parse_partial_decryption(group, tally, entry.partial_decryption).factors
        for entry in log.all_of(PartialDecryption)
    }
    verify_partial_decryptions_agree(group, threshold, factors)
    counts = open_tally(group, tally, combine(group, threshold, factors), closed.returned)
    return Result(
        result=result_to_text(counts),
        encrypted_tally=hashlib.sha256(tally_to_text(group, tally).encode()).hexdigest(),
        trustees=tuple(sorted(factors)[:threshold]),
        members=terms.members,
        present=opened.present + opened.online,
        issued=closed.issued,
        returned=closed.returned,
        outcomes=tuple(
            outcome_of(nomination, agree, disagree, bases_of(terms, closed))
            for nomination, (agree, disagree) in zip(terms.nominations, counts, strict=True)
        ),
    )


def bases_of(terms: Terms, closed: Closed) -> Bases:
    """The numbers that a share can be of, counted at closing (protocol.md §1, "Bases")."""
    return Bases(
        all_members=terms.members,
        present_members=closed.present + closed.online,
        ballots_returned=closed.returned,
    )


def outcome_of(nomination: Nomination, agree: int, disagree: int, bases: Bases) -> Outcome:
    """One nomination's figures by its rule, in whole numbers (protocol.md §1)."""
    base = bases.of(nomination.rule.base)
    return Outcome(
        no=nomination.no,
        agree=agree,
        disagree=disagree,
        blank=bases.ballots_returned - agree - disagree,
        base=base,
        votes_needed=nomination.rule.votes_needed(base),
        share_percent=share_percent(agree, base),
        passed=nomination.rule.is_passed(agree, base),
    )


def sum_of(log: BoardLog, election: Election) -> EncryptedTally:
    """The exact product of all ballots on the board (V13)."""
    root = _closing_root(log)
    tally = _sums.get(root)
    if tally is None:
        # Not under a lock: two threads may both compute it, and get the same.
        tally = encrypt_tally(
            election, (parse_ballot(election, entry.ballot) for entry in log.all_of(BallotEntry))
        )
        if len(_sums) >= _KEPT_SUMS:
            _sums.clear()
        _sums[root] = tally
    return tally


def _team(log: BoardLog, election: Election) -> ThresholdTeam:
    terms = _entry(log, Terms)
    ceremony = ceremony_of(log, terms.uuid, terms.counting_team.trustee_threshold)
    return verify_ceremony(election.group, ceremony)


def _closing_root(log: BoardLog) -> bytes:
    head = log.head_after(Closed)
    if head is None:
        raise MalformedError("the election is not closed")
    return head.root


def _entry(log: BoardLog, entry_type: type[EntryType]) -> EntryType:
    entry = log.first_of(entry_type)
    if entry is None:
        raise MalformedError("the log has not come to the count")
    return entry
