"""All checks of a record: V0 to V17, claims and anchor (protocol.md §9)."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.verifier.ballot_verdicts import Judgement
from services.verifier.checks_archive import check_archive
from services.verifier.checks_ballots import (
    check_ballot_form,
    check_ballot_proofs,
    check_ballot_signatures,
    check_numbers,
    check_ordering,
    check_tokens,
    judge_record,
)
from services.verifier.checks_election import check_election, check_team
from services.verifier.checks_issuances import check_issuances
from services.verifier.checks_log import (
    check_checkpoints,
    check_consistency,
    check_form,
    check_order,
)
from services.verifier.checks_outcome import check_outcome
from services.verifier.checks_tally import (
    Opening,
    check_partial_decryptions,
    check_result,
    check_sum,
    judge_opening,
)
from services.verifier.evidence import Evidence
from services.verifier.report import CheckResult, NotApplicableError, run_check, settle

Check = Callable[[], str]


@dataclass(frozen=True)
class RecordChecks:
    """The checks of one record by number; ballots and partial decryptions are judged once."""

    evidence: Evidence
    processes: int | None = None

    @functools.cached_property
    def judgement(self) -> Judgement:
        return judge_record(self.evidence, self.processes)

    @functools.cached_property
    def opening(self) -> Opening:
        return judge_opening(self.evidence, self.judgement)

    @property
    def of_the_board(self) -> Mapping[str, Check]:
        """V0 to V12: what a teller's device checks before it decrypts (protocol.md §3)."""
        evidence = self.evidence
        return {
            "V0": lambda: check_order(evidence),
            "V1": lambda: check_form(evidence),
            "V2": lambda: check_checkpoints(evidence),
            "V3": lambda: check_consistency(evidence),
            "V4": lambda: check_election(evidence),
            "V5": lambda: check_team(evidence),
            "V6": lambda: check_issuances(evidence),
            "V7": lambda: check_tokens(evidence, self.judgement),
            "V8": lambda: check_ballot_form(self.judgement),
            "V9": lambda: check_ballot_proofs(self.judgement),
            "V10": lambda: check_ballot_signatures(self.judgement),
            "V11": self._check_numbers,
            "V12": lambda: check_ordering(evidence),
        }

    @property
    def of_the_count(self) -> Mapping[str, Check]:
        """V13 to V17: the sum, its opening, and what follows from it."""
        evidence = self.evidence
        return {
            "V13": lambda: check_sum(evidence, self.judgement),
            "V14": lambda: check_partial_decryptions(evidence, self.opening),
            "V15": lambda: check_result(evidence, self.judgement, self.opening),
            "V16": lambda: check_outcome(evidence),
            "V17": lambda: check_archive(evidence, self.judgement),
        }

    def run(self) -> dict[str, CheckResult]:
        """Run V0 to V17 in order."""
        checks = {**self.of_the_board, **self.of_the_count}
        return settle({check_id: run_check(check_id, check) for check_id, check in checks.items()})

    def _check_numbers(self) -> str:
        if self.evidence.cancelled is not None and not self.evidence.withholds_ballots:
            raise NotApplicableError("cancelled before closing: nothing was counted")
        judgement = None if self.evidence.withholds_ballots else self.judgement
        return check_numbers(self.evidence, judgement)
