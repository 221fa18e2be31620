"""What a verification says: one line a check, for people and for programs (protocol.md §9)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

import msgspec

Status = Literal["holds", "fails", "not_applicable"]

TITLES: Final[dict[str, str]] = {
    "V0": "Order of the entries",
    "V1": "Form of the entries",
    "V2": "Log and its checkpoints",
    "V3": "Checkpoints agree with each other",
    "V4": "Election made from its terms",
    "V5": "Counting team's keys",
    "V6": "Ballots issued, each signed for",
    "V7": "Ballot tokens",
    "V8": "Form of the ballots",
    "V9": "Proofs of the ballots",
    "V10": "Signatures of the ballots",
    "V11": "Numbers of ballots",
    "V12": "Order that betrays nobody",
    "V13": "Encrypted sum",
    "V14": "Partial decryptions",
    "V15": "Result",
    "V16": "Quorum, shares and outcomes",
    "V17": "Belenios archive",
    "V18": "Papers",
    "V19": "Receipts and promises",
    "V20": "Anchor outside of the file",
}
"""Every check of protocol.md §9 in its order, with the words that a reader sees."""

SCAN: Final = "a copy or scan"
"""How V18 begins for what no program can verify."""

MAX_PROBLEMS_SHOWN: Final = 20
_STATUS_WORDS: Final[dict[Status, str]] = {
    "holds": "holds",
    "fails": "FAILS",
    "not_applicable": "-",
}


class CheckFailedError(Exception):
    """A check does not hold; every problem that it found, in order."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


class NotApplicableError(Exception):
    """A check says nothing about this input; the reason is for the reader."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DependsOnError(NotApplicableError):
    """What a check needs could not be read; the check `failed` says why."""

    def __init__(self, failed: str, what: str = "") -> None:
        super().__init__(f"depends on {failed}{': ' if what else ''}{what}")
        self.failed = failed


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One check's answer; `depends_on`: the check whose failure keeps this one from applying."""

    id: str
    status: Status
    detail: str
    depends_on: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All answers about one input, in the order of the checks."""

    input: str
    checks: tuple[CheckResult, ...]

    @property
    def ok(self) -> bool:
        """No check fails; checks that do not apply do not count against it."""
        return not self.failed

    @property
    def failed(self) -> tuple[str, ...]:
        """The numbers of the checks that fail."""
        return tuple(check.id for check in self.checks if check.status == "fails")

    def status_of(self, check_id: str) -> Status:
        """The status of one check."""
        return next(check.status for check in self.checks if check.id == check_id)

    def detail_of(self, check_id: str) -> str:
        """What one check says."""
        return next(check.detail for check in self.checks if check.id == check_id)

    def to_json(self) -> bytes:
        """Write `{"input","ok","checks":[{"id","status","detail"}]}` (protocol.md §9)."""
        checks = [
            {"id": check.id, "status": check.status, "detail": check.detail}
            for check in self.checks
        ]
        return msgspec.json.encode({"input": self.input, "ok": self.ok, "checks": checks})

    def to_text(self) -> str:
        """One aligned line a check and a last line with the verdict."""
        lines = [
            f"{check.id:<4} {_STATUS_WORDS[check.status]:<6} {TITLES[check.id]}: {_laid_out(check)}"
            for check in self.checks
        ]
        return "\n".join([*lines, "", self._verdict()])

    def _verdict(self) -> str:
        if self.failed:
            return f"NOT VERIFIED: {self.input}: {', '.join(self.failed)} failed."
        if self.detail_of("V18").startswith(SCAN):
            return f"NOT PROVEN: {self.input}: {SCAN}: people must judge it, see V18."
        held = sum(check.status == "holds" for check in self.checks)
        others = len(self.checks) - held
        holding = "1 check holds" if held == 1 else f"{held} checks hold"
        text = f"VERIFIED: {self.input}: {holding}, none fails, {others} do not apply."
        if self.status_of("V6") == "not_applicable" and self.status_of("V7") == "holds":
            text += " Without the roster nobody can judge who took the ballots: see V6."
        if self.status_of("V20") != "holds":
            text += " Consistent, but not shown to be this meeting's: see V20."
        return text


def run_check(check_id: str, check: Callable[[], str]) -> CheckResult:
    """
    Run one check: its text where it holds, else why it fails or does not apply.

    A check raises CheckFailedError or NotApplicableError; any other error counts as a failure,
    so that one check's stumbling over hostile bytes neither passes nor stops the others.
    """
    try:
        return CheckResult(id=check_id, status="holds", detail=check())
    except DependsOnError as error:
        return CheckResult(
            id=check_id, status="not_applicable", detail=error.reason, depends_on=error.failed
        )
    except NotApplicableError as error:
        return CheckResult(id=check_id, status="not_applicable", detail=error.reason)
    except CheckFailedError as error:
        return CheckResult(id=check_id, status="fails", detail=_listed(error.problems))
    except Exception as error:
        detail = f"cannot be judged: {type(error).__name__}: {error}"
        return CheckResult(id=check_id, status="fails", detail=detail)


def settle(results: Mapping[str, CheckResult]) -> dict[str, CheckResult]:
    """
    Turn a check that could not be made into a failure, unless a failing check says why.

    Without this a part that cannot be read could silence every check that needs it.
    """
    settled = {
        check_id: _unjudged(result) if result.depends_on == check_id else result
        for check_id, result in results.items()
    }
    return {
        check_id: result
        if result.depends_on is None or _is_explained(check_id, settled)
        else _unjudged(result)
        for check_id, result in settled.items()
    }


def _unjudged(result: CheckResult) -> CheckResult:
    detail = f"cannot be judged: what it needs cannot be read ({result.detail})"
    return CheckResult(id=result.id, status="fails", detail=detail)


def _is_explained(check_id: str, results: Mapping[str, CheckResult]) -> bool:
    seen: set[str] = set()
    while check_id not in seen:
        seen.add(check_id)
        result = results.get(check_id)
        if result is None or result.depends_on is None:
            return result is not None and result.status == "fails"
        check_id = result.depends_on
    return False


def refuse_if_any(problems: Sequence[str]) -> None:
    """Raise CheckFailedError with all problems, if there are any."""
    if problems:
        raise CheckFailedError(*problems)


def _laid_out(check: CheckResult) -> str:
    """What is said of a paper has many parts: one a line."""
    return check.detail.replace("; ", f"\n{'':<12}") if check.id == "V18" else check.detail


def _listed(problems: Sequence[str]) -> str:
    shown = "; ".join(problems[:MAX_PROBLEMS_SHOWN])
    hidden = len(problems) - MAX_PROBLEMS_SHOWN
    return shown if hidden <= 0 else f"{shown}; and {hidden} more"
