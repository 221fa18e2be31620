"""The verifier's entry: tell what was given, run all checks that apply (protocol.md §9)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from services.verifier.checks_anchor import Anchored, Anchors, check_anchor
from services.verifier.checks_papers import Paper, check_paper, read_paper
from services.verifier.checks_receipt import check_claims, check_receipt, read_receipt
from services.verifier.evidence import Evidence, read_evidence
from services.verifier.foreign_archive import verify_foreign_archive
from services.verifier.record_files import (
    MAX_INPUT_BYTES,
    MalformedInputError,
    attached_names,
    kind_of,
    read_record_files,
)
from services.verifier.report import (
    TITLES,
    CheckFailedError,
    CheckResult,
    DependsOnError,
    NotApplicableError,
    Report,
    Status,
    run_check,
)
from services.verifier.scans import check_scan, read_scan
from services.verifier.verify_record import RecordChecks

NO_ANCHORS: Final = Anchors()
_ONLY_RECEIPT: Final = "a receipt alone does not hold it"


def verify_file(
    path: Path,
    anchors: Anchors = NO_ANCHORS,
    record: Path | None = None,
    processes: int | None = None,
) -> Report:
    """
    Verify a record, archive, paper or receipt in a file (protocol.md §9).

    `record`: a record to compare a paper or a receipt with. Raises MalformedInputError.
    """
    given = None if record is None else read_evidence(read_record_files(_read(record)))
    return verify_bytes(_read(path), path.name, anchors, given, processes)


def verify_bytes(
    data: bytes,
    name: str,
    anchors: Anchors = NO_ANCHORS,
    given: Evidence | None = None,
    processes: int | None = None,
) -> Report:
    """
    Verify what was given, whatever it is; `processes` as in `judge_ballots`.

    Raises MalformedInputError.
    """
    match kind_of(data):
        case "record":
            evidence = read_evidence(read_record_files(data))
            return verify_evidence(evidence, name, anchors, processes)
        case "archive":
            return verify_foreign_archive(data, name, anchors, processes)
        case "paper" if attached_names(data):
            return verify_paper(read_paper(data, name), anchors, given, processes)
        case "paper" | "picture":
            return verify_scan(data, name, anchors, given, processes)
        case "receipt":
            return verify_receipt(data, name, anchors, given)


def verify_evidence(
    evidence: Evidence,
    name: str,
    anchors: Anchors = NO_ANCHORS,
    processes: int | None = None,
) -> Report:
    """Verify a record: V0 to V17, its claims (V19), the anchor (V20)."""
    results = RecordChecks(evidence, processes).run()
    results["V19"] = run_check("V19", lambda: check_claims(evidence))
    results["V20"] = run_check("V20", lambda: check_anchor(anchors, anchored_of(evidence)))
    return _report(name, results, "no paper given")


def verify_paper(
    paper: Paper, anchors: Anchors, given: Evidence | None, processes: int | None = None
) -> Report:
    """
    Verify a paper: every record that is attached to it (V0 to V17), then the paper itself (V18).

    Over several elections a check holds when it holds for each of their records.
    """
    reports = [
        verify_evidence(evidence, name, Anchors(shows_codes=False), processes)
        for name, evidence in paper.records.items()
    ]
    results = _merge(reports)
    judged = run_check("V18", lambda: check_paper(paper, anchors.trust, given))
    results["V18"] = judged
    trusted = None if anchors.trust is None else judged.status == "holds"
    results["V20"] = run_check("V20", lambda: _check_anchors(paper, anchors, trusted))
    return _report(paper.name, results, "no paper given")


def verify_scan(
    data: bytes, name: str, anchors: Anchors, given: Evidence | None, processes: int | None = None
) -> Report:
    """
    Tell what can be told of a scan or copy: the record given (V0 to V17), and whose code it bears.

    V18 never holds for it. Raises MalformedInputError.
    """
    codes = read_scan(data)
    results: dict[str, CheckResult] = {}
    if given is not None:
        record = verify_evidence(given, name, anchors, processes)
        results = {check.id: check for check in record.checks}
    results["V18"] = run_check("V18", lambda: check_scan(codes, given))
    return _report(name, results, "a scan holds no record")


def verify_receipt(data: bytes, name: str, anchors: Anchors, given: Evidence | None) -> Report:
    """Verify a receipt by itself, or with the record at hand (V19, V20)."""
    receipt = read_receipt(data)
    anchored = Anchored(
        phi=receipt.election.fingerprint,
        closing_note=receipt.closing_note,
        receipt_code=receipt.file.receipt_code,
    )
    results = {
        "V19": run_check("V19", lambda: check_receipt(receipt, given)),
        "V20": run_check("V20", lambda: check_anchor(anchors, anchored)),
    }
    return _report(name, results, _ONLY_RECEIPT)


def anchored_of(evidence: Evidence, signers_trusted: bool | None = None) -> Anchored:
    """What of a record an anchor can match."""
    try:
        phi = evidence.election.fingerprint
    except NotApplicableError:
        phi = None
    return Anchored(phi, evidence.notes.get("closing"), signers_trusted)


def _check_anchors(paper: Paper, anchors: Anchors, trusted: bool | None) -> str:
    # A code is of one election: over several it must match one of them.
    failure: CheckFailedError | NotApplicableError | None = None
    for name, evidence in paper.records.items():
        try:
            held = check_anchor(anchors, anchored_of(evidence, trusted))
            if anchors.code is None or len(paper.records) == 1:
                return held
            return f"{held}; the code anchors {name}, not the other records"
        except (CheckFailedError, NotApplicableError) as error:
            failure = failure or error
    raise failure or DependsOnError("V18")


def _merge(reports: Sequence[Report]) -> dict[str, CheckResult]:
    if len(reports) == 1:
        return {check.id: check for check in reports[0].checks}
    return {
        check_id: CheckResult(
            id=check_id,
            status=_of_all([report.status_of(check_id) for report in reports]),
            detail="; ".join(f"{each.input}: {each.detail_of(check_id)}" for each in reports),
        )
        for check_id in TITLES
    }


def _of_all(statuses: Sequence[Status]) -> Status:
    if "fails" in statuses:
        return "fails"
    return "not_applicable" if "not_applicable" in statuses else "holds"


def _report(name: str, results: Mapping[str, CheckResult], otherwise: str) -> Report:
    return Report(
        input=name,
        checks=tuple(
            results.get(check_id)
            or CheckResult(id=check_id, status="not_applicable", detail=otherwise)
            for check_id in TITLES
        ),
    )


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_INPUT_BYTES:
            raise MalformedInputError(f"{path.name} is larger than {MAX_INPUT_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise MalformedInputError(f"cannot read {path.name}: {error.strerror}") from error
