"""V13 to V15: the sum, its opening and the result (protocol.md §3, §8, §9)."""

from collections.abc import Mapping
from dataclasses import dataclass

from crypto.decryption import (
    Statement,
    combine,
    parse_partial_decryption,
    parse_second_proof,
    verify_partial_decryption,
    verify_partial_decryptions_agree,
)
from crypto.errors import CryptoError, ThresholdError
from crypto.tally import (
    EncryptedTally,
    Factors,
    open_tally,
    parse_result,
    result_to_text,
    tally_to_text,
)
from crypto.trustee_verification import public_share
from crypto.trustees import ThresholdTeam
from schemas.entries import PartialDecryption
from services.verifier.ballot_verdicts import Judgement
from services.verifier.checks_election import team_of
from services.verifier.evidence import Evidence, sha256_hex
from services.verifier.report import CheckFailedError, DependsOnError, refuse_if_any


@dataclass(frozen=True)
class Opening:
    """
    The partial decryptions of the log, judged.

    `readable` has the factors of all that could be parsed, `valid` of those with both proofs.
    """

    readable: Mapping[int, Factors]
    valid: Mapping[int, Factors]
    problems: tuple[str, ...]


def tally_of(judgement: Judgement) -> EncryptedTally:
    """The product of all ballots. Raises DependsOnError("V8") when one could not be read."""
    if not judgement.all_read:
        raise DependsOnError("V8")
    return judgement.product


def check_sum(evidence: Evidence, judgement: Judgement) -> str:
    """V13: the encrypted sum recomputed from the ballots is the one that the result names."""
    result, tally = evidence.result, tally_of(judgement)
    text = tally_to_text(evidence.election.group, tally)
    if sha256_hex(text.encode()) != result.encrypted_tally:
        raise CheckFailedError("the result names another sum than the ballots make")
    choices = sum(len(answers) for answers in tally)
    return f"the product of {len(judgement.verdicts)} ballots, {choices} sums"


def judge_opening(evidence: Evidence, judgement: Judgement) -> Opening:
    """Judge every partial decryption of the log once, for V14 and V15."""
    evidence.require_ballots()
    team, tally, root = team_of(evidence), tally_of(judgement), evidence.closing_root
    readable: dict[int, Factors] = {}
    valid: dict[int, Factors] = {}
    problems: list[str] = []
    group = evidence.election.group
    for entry in evidence.partial_decryptions:
        index = entry.index
        if index > len(team.certificates):
            problems.append(f"trustee {index}: is none of this election")
            continue
        statement = Statement(
            election=evidence.election,
            tally=tally,
            board_root=root,
            trustee=index,
            public_key=public_share(group, team.coefficients, index),
        )
        try:
            readable[index] = parse_partial_decryption(
                group, tally, entry.partial_decryption
            ).factors
            valid[index] = _verify(statement, entry)
        except CryptoError as error:
            text = str(error)
            problems.append(text if text.startswith("trustee") else f"trustee {index}: {text}")
    return Opening(readable, valid, tuple(problems))


def _verify(statement: Statement, entry: PartialDecryption) -> Factors:
    if entry.proof is None:
        return verify_partial_decryption(statement, entry.partial_decryption, None)
    group = statement.election.group
    second = parse_second_proof(group, entry.proof.challenge, entry.proof.response)
    return verify_partial_decryption(statement, entry.partial_decryption, second)


def check_partial_decryptions(evidence: Evidence, opening: Opening) -> str:
    """
    V14: both proofs of every partial decryption, its trustee; the threshold; any t agree.

    Partial decryptions that are not on one polynomial are named as a set, whatever their proofs.
    """
    team = team_of(evidence)
    problems = list(opening.problems)
    if len(opening.valid) < team.threshold:
        problems.append(f"{len(opening.valid)} valid of {team.threshold} needed")
    if len(opening.readable) > team.threshold:
        try:
            verify_partial_decryptions_agree(
                evidence.election.group, team.threshold, opening.readable
            )
        except ThresholdError as error:
            problems.append(str(error))
    refuse_if_any(problems)
    trustees = ", ".join(map(str, sorted(opening.valid)))
    return f"trustees {trustees}, both proofs each; {team.threshold} were needed"


def check_result(evidence: Evidence, judgement: Judgement, opening: Opening) -> str:
    """
    V15: the result recombined; agree + disagree ≤ ballots for each nomination.

    The figures of the outcomes are those of the opened sum.
    """
    result, election = evidence.result, evidence.election
    tally, ballots = tally_of(judgement), len(judgement.verdicts)
    problems = _combined_problems(evidence, opening)
    counts = _recombine(team_of(evidence), evidence, tally, opening, ballots)
    if result_to_text(counts) != result.result:
        problems.append("the result is not what the partial decryptions open")
    for number, (row, question) in enumerate(zip(counts, election.questions, strict=True), 1):
        if sum(row) > question.max * ballots:
            problems.append(f"nomination {number}: {sum(row)} marks of {ballots} ballots")
    problems += _outcome_problems(evidence)
    refuse_if_any(problems)
    return f"recombined from {len(tally)} sums, equal to the result"


def _recombine(
    team: ThresholdTeam,
    evidence: Evidence,
    tally: EncryptedTally,
    opening: Opening,
    ballots: int,
) -> tuple[tuple[int, ...], ...]:
    group = evidence.election.group
    # A false proof is V14's to report; the figures can be recomputed all the same.
    factors = opening.valid if len(opening.valid) >= team.threshold else opening.readable
    if len(factors) < team.threshold:
        raise DependsOnError("V14")
    try:
        return open_tally(group, tally, combine(group, team.threshold, factors), ballots)
    except CryptoError as error:
        raise CheckFailedError(f"the partial decryptions open no possible count: {error}") from None


def _combined_problems(evidence: Evidence, opening: Opening) -> list[str]:
    trustees = evidence.result.trustees
    threshold = evidence.terms.counting_team.trustee_threshold
    if sorted(set(trustees)) != list(trustees) or len(trustees) < threshold:
        return [f"the result names trustees {list(trustees)}, not {threshold} different ones"]
    unknown = sorted(set(trustees) - {entry.index for entry in evidence.partial_decryptions})
    return [f"the result names trustee {index}, who did not decrypt" for index in unknown]


def _outcome_problems(evidence: Evidence) -> list[str]:
    try:
        rows = parse_result(evidence.election, evidence.result.result)
    except CryptoError as error:
        return [f"the result: {error}"]
    return [
        f"nomination {outcome.no}: {outcome.agree} agree, {outcome.disagree} disagree, "
        f"by the opened sum {row[0]} and {row[1]}"
        for row, outcome in zip(rows, evidence.result.outcomes, strict=False)
        if tuple(row) != (outcome.agree, outcome.disagree)
    ]
