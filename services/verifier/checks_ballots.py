"""V7 to V12: the ballots on the board (protocol.md §4, §5, §7, §9)."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Sequence

from schemas.entries import BallotEntry
from services.verifier.ballot_verdicts import (
    UNJUDGED,
    BallotVerdict,
    Judgement,
    JudgingTerms,
    SubmittedBallot,
    judge_ballots,
)
from services.verifier.evidence import Evidence
from services.verifier.report import DependsOnError, refuse_if_any


def judge_record(evidence: Evidence, processes: int | None) -> Judgement:
    """Judge the ballots of a record for V7 to V10 (protocol.md §9)."""
    evidence.require_ballots()
    terms = JudgingTerms(
        election=evidence.election.text,
        token_keys=tuple(key.spki for key in evidence.terms.token_keys),
    )
    submitted = [
        SubmittedBallot(f"entry {placed.position}", placed.entry.ballot, placed.entry.token)
        for placed in evidence.placed
        if isinstance(placed.entry, BallotEntry)
    ]
    return judge_ballots(terms, submitted, processes)


def check_tokens(evidence: Evidence, judgement: Judgement) -> str:
    """V7: every ballot's tokens are valid for phi and this credential; no credential twice."""
    verdicts = judgement.verdicts
    problems = _named(verdicts, lambda verdict: verdict.token_problem)
    uses = Counter(verdict.credential for verdict in verdicts if verdict.credential is not None)
    problems += [
        f"{verdict.name}: its credential is used {uses[verdict.credential]} times"
        for verdict in verdicts
        if verdict.credential is not None and uses[verdict.credential] > 1
    ]
    refuse_if_any(problems)
    issuers = len(evidence.terms.token_keys)
    quality = f"valid, of {issuers} issuer{'s' if issuers > 1 else ''}, credentials distinct"
    return _all_good(verdicts, lambda verdict: verdict.token_problem, quality)


def check_ballot_form(judgement: Judgement) -> str:
    """V8: uuid, phi, exact bytes, membership, no neutral element, scalar ranges."""
    return _all_good(judgement.verdicts, lambda verdict: verdict.form_problem, "well formed")


def check_ballot_proofs(judgement: Judgement) -> str:
    """V9: every individual, overall and blank proof holds."""
    return _all_good(judgement.verdicts, lambda verdict: verdict.proofs_problem, "with all proofs")


def check_ballot_signatures(judgement: Judgement) -> str:
    """V10: every ballot is signed by its credential."""
    return _all_good(judgement.verdicts, lambda verdict: verdict.signature_problem, "signed")


def check_numbers(evidence: Evidence, judgement: Judgement | None) -> str:
    """
    V11: ballots ≤ issuances ≤ entitled ≤ members; both ≥ minimum; no ciphertext twice.

    The counts of `voting_opened` and `closed` are those of the entries. Where an election was
    cancelled for too few ballots, there are too few; without the ballots `judgement` is None.
    """
    closed, opened, terms = evidence.closed, evidence.opened, evidence.terms
    ballots = sum(isinstance(placed.entry, BallotEntry) for placed in evidence.placed)
    if evidence.withholds_ballots:
        ballots = closed.returned
    issued = len(evidence.issuances)
    late = sum(issuance.late for issuance in evidence.issuances)
    entitled = closed.present + closed.online + closed.absent_consulted
    pairs = [
        ("ballots", ballots, "issuances", issued),
        ("issuances", issued, "members entitled", entitled),
        ("members entitled", entitled, "members", terms.members),
    ]
    problems = [
        f"{few} {name} are more than {many} {of}" for name, few, of, many in pairs if few > many
    ]
    counts = [
        ("closed.returned", closed.returned, ballots),
        ("closed.issued", closed.issued, issued),
        ("closed.late", closed.late, late),
        ("voting_opened.issued", opened.issued, issued - late),
    ]
    problems += [f"{name} is {said}, not {true}" for name, said, true in counts if said != true]
    problems += _minimum_problems(evidence, min(ballots, issued))
    if judgement is not None:
        problems += _repeated_ciphertexts(judgement.verdicts)
    refuse_if_any(problems)
    return f"{ballots} ballots, {issued} issued, {entitled} entitled, {terms.members} members"


def _minimum_problems(evidence: Evidence, least: int) -> list[str]:
    minimum = evidence.terms.minimum_ballots
    if evidence.ends_at_closing:
        return []  # nothing was opened yet; a device refuses too few by that name (§8)
    if evidence.withholds_ballots:
        is_claimed = evidence.cancelled is not None and (
            evidence.cancelled.reason == "too_few_ballots"
        )
        if is_claimed and least >= minimum:
            return [f"cancelled for too few ballots, but {least} are at least {minimum}"]
        return []
    return [] if least >= minimum else [f"{least} are below the minimum of {minimum}"]


def _repeated_ciphertexts(verdicts: Sequence[BallotVerdict]) -> list[str]:
    seen: dict[bytes, str] = {}
    problems = []
    for verdict in verdicts:
        for ciphertext in verdict.ciphertexts:
            if (first := seen.setdefault(ciphertext, verdict.name)) is not verdict.name:
                problems.append(f"{verdict.name} repeats a ciphertext of {first}")
                break
        if len(set(verdict.ciphertexts)) != len(verdict.ciphertexts):
            problems.append(f"{verdict.name} holds a ciphertext twice")
    return problems


def check_ordering(evidence: Evidence) -> str:
    """V12: issuances by member number, ballots ascending by the 32 bytes of their tracker."""
    ballots = evidence.ballots
    members = [issuance.member for issuance in evidence.issuances]
    trackers = [hashlib.sha256(entry.ballot.encode()).digest() for entry in ballots]
    problems = [
        f"issuance of member {after} stands after that of member {before}"
        for before, after in itertools.pairwise(members)
        if before >= after
    ]
    problems += [
        f"ballot {number + 2} does not stand in the order of trackers"
        for number, (before, after) in enumerate(itertools.pairwise(trackers))
        if before >= after
    ]
    refuse_if_any(problems)
    return f"{len(members)} issuances by member, {len(trackers)} ballots by tracker"


def _named(
    verdicts: Sequence[BallotVerdict], problem: Callable[[BallotVerdict], str | None]
) -> list[str]:
    return [
        f"{verdict.name}: {found}"
        for verdict in verdicts
        if (found := problem(verdict)) is not None and found != UNJUDGED
    ]


def _all_good(
    verdicts: Sequence[BallotVerdict],
    problem: Callable[[BallotVerdict], str | None],
    quality: str,
) -> str:
    refuse_if_any(_named(verdicts, problem))
    unjudged = [verdict.name for verdict in verdicts if problem(verdict) == UNJUDGED]
    if unjudged:
        raise DependsOnError("V8", ", ".join(unjudged))
    return f"{len(verdicts)} of {len(verdicts)} {quality}"
