"""How answers of checks become a report (protocol.md §9)."""

import pytest

from services.verifier.report import (
    MAX_PROBLEMS_SHOWN,
    CheckFailedError,
    CheckResult,
    DependsOnError,
    NotApplicableError,
    Report,
    run_check,
    settle,
)


def raising(error: Exception) -> CheckResult:
    def check() -> str:
        raise error

    return run_check("V9", check)


def test_check_that_holds() -> None:
    """A check's text is its detail."""
    result = run_check("V9", lambda: "15 of 15")

    assert (result.status, result.detail) == ("holds", "15 of 15")


@pytest.mark.parametrize("error", [ZeroDivisionError("odd"), RecursionError(), KeyError("x")])
def test_check_that_stumbles(error: Exception) -> None:
    """Hostile bytes that make a check stumble do not pass it."""
    result = raising(error)

    assert result.status == "fails"
    assert type(error).__name__ in result.detail


def test_many_problems() -> None:
    """All problems count, the first ones are shown."""
    result = raising(CheckFailedError(*(f"entry {n}" for n in range(MAX_PROBLEMS_SHOWN + 5))))

    assert result.detail.endswith("entry 19; and 5 more")


def results_of(**errors: Exception | None) -> dict[str, CheckResult]:
    def check_of(error: Exception | None) -> str:
        if error is not None:
            raise error
        return "holds"

    return settle(
        {
            check_id: run_check(check_id, lambda error=error: check_of(error))  # type: ignore[misc]
            for check_id, error in errors.items()
        }
    )


def test_dependence_on_a_check_that_fails() -> None:
    """One failure is one failure: what it keeps from being judged does not fail as well."""
    settled = results_of(
        V4=CheckFailedError("no election"), V8=DependsOnError("V4"), V13=DependsOnError("V8")
    )

    assert [result.status for result in settled.values()] == [
        "fails",
        "not_applicable",
        "not_applicable",
    ]


def test_dependence_on_a_check_that_holds() -> None:
    """A part that cannot be read silences no check unless another one says why."""
    settled = results_of(V4=None, V8=DependsOnError("V4"), V13=DependsOnError("V8"))

    assert [result.status for result in settled.values()] == ["holds", "fails", "fails"]


def test_dependence_on_itself() -> None:
    """A check whose own subject cannot be read fails, and explains those after it."""
    settled = results_of(V4=DependsOnError("V4"), V8=DependsOnError("V4"))

    assert [result.status for result in settled.values()] == ["fails", "not_applicable"]


def test_dependence_in_a_circle() -> None:
    """Two checks that point at each other explain nothing."""
    settled = results_of(V4=DependsOnError("V8"), V8=DependsOnError("V4"))

    assert {result.status for result in settled.values()} == {"fails"}


def test_verdict() -> None:
    """The last line says it in words, and names what failed."""
    holds = run_check("V1", lambda: "x")
    absent = CheckResult(id="V20", status="not_applicable", detail="-")
    issuances = CheckResult(id="V6", status="not_applicable", detail="-")
    tokens = CheckResult(id="V7", status="holds", detail="-")
    good = Report(input="a", checks=(holds, issuances, tokens, absent))
    bad = Report(input="a", checks=(holds, issuances, raising(CheckFailedError("x")), absent))

    assert good.ok
    assert "not shown to be this meeting's" in good.to_text()
    assert "Without the roster nobody can judge who took the ballots" in good.to_text()
    assert bad.to_text().endswith("NOT VERIFIED: a: V9 failed.")


def test_reason_of_not_applicable() -> None:
    """The reason is the detail."""
    assert raising(NotApplicableError("cancelled")).detail == "cancelled"
