"""V16: quorum, bases, shares and outcomes, in whole numbers (protocol.md §1, §9)."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from schemas.entries import Closed, Outcome, Result, VotingOpened
from schemas.rules import Bases, share_percent, strictest_quorum
from schemas.terms import Nomination
from services.verifier.evidence import Evidence
from services.verifier.report import refuse_if_any

Marks = tuple[int, int]
"""Agreeing and disagreeing ballots of one nomination, as the opened sum says."""

_COUNTED_STATES: Final = ("present", "online", "absent_consulted")


def check_outcome(evidence: Evidence) -> str:
    """
    V16: quorum, base, share and pass of every nomination recomputed from the entries' counts.

    The counts agree with the attendance where it is given. How many agree and disagree is V15.
    """
    opened, closed, result = evidence.opened, evidence.closed, evidence.result
    evidence.require_ballots()
    problems = _quorum_problems(evidence, opened)
    problems += _count_problems(evidence, opened, closed, result)
    problems += _attendance_problems(evidence, closed)
    bases = Bases(
        all_members=evidence.terms.members,
        present_members=closed.present + closed.online,
        ballots_returned=closed.returned,
    )
    problems += _outcome_problems(evidence.terms.nominations, result, bases)
    refuse_if_any(problems)
    passed = sum(outcome.passed for outcome in result.outcomes)
    return (
        f"quorum met by {opened.present + opened.online} of {opened.members}; "
        f"{passed} of {len(result.outcomes)} nominations pass"
    )


def recompute_outcome(nomination: Nomination, marks: Marks, bases: Bases) -> Outcome:
    """One nomination's figures from its marks and the bases at closing (protocol.md §1)."""
    agree, disagree = marks
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


def _quorum_problems(evidence: Evidence, opened: VotingOpened) -> list[str]:
    terms = evidence.terms
    quorum = strictest_quorum(terms.quorum, (each.rule for each in terms.nominations))
    needed, there = quorum.members_needed(terms.members), opened.present + opened.online
    if there >= needed:
        return []
    return [f"no quorum: {there} present or online when voting started, {needed} needed"]


def _count_problems(
    evidence: Evidence, opened: VotingOpened, closed: Closed, result: Result
) -> list[str]:
    members, there = evidence.terms.members, opened.present + opened.online
    counts = [
        ("voting_opened.members", opened.members, members),
        ("closed.members", closed.members, members),
        ("result.members", result.members, members),
        ("result.present", result.present, there),
        ("result.issued", result.issued, closed.issued),
        ("result.returned", result.returned, closed.returned),
    ]
    problems = [f"{name} is {said}, not {true}" for name, said, true in counts if said != true]
    for name, entry in (("voting_opened", opened), ("closed", closed)):
        counted = entry.present + entry.online + entry.absent_consulted
        if counted > members:
            problems.append(f"{name} counts {counted} members of {members}")
    return problems


def _attendance_problems(evidence: Evidence, closed: Closed) -> list[str]:
    if evidence.attendance is None:
        return []
    states = Counter(member.state for member in evidence.attendance.members)
    return [
        f"closed.{state} is {getattr(closed, state)}, by the attendance {states[state]}"
        for state in _COUNTED_STATES
        if getattr(closed, state) != states[state]
    ]


def _outcome_problems(nominations: Sequence[Nomination], result: Result, bases: Bases) -> list[str]:
    numbers = [outcome.no for outcome in result.outcomes]
    if numbers != [nomination.no for nomination in nominations]:
        return [f"outcomes are of nominations {numbers}, not of all in their order"]
    problems = []
    for nomination, outcome in zip(nominations, result.outcomes, strict=True):
        if outcome.agree + outcome.disagree > bases.ballots_returned:
            problems.append(f"nomination {outcome.no}: more marks than ballots")
            continue
        expected = recompute_outcome(nomination, (outcome.agree, outcome.disagree), bases)
        problems += [
            f"nomination {outcome.no}: {field} is {getattr(outcome, field)}, "
            f"not {getattr(expected, field)}"
            for field in ("blank", "base", "votes_needed", "share_percent", "passed")
            if getattr(outcome, field) != getattr(expected, field)
        ]
    return problems
