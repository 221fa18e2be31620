"""V18: a paper's signatures, the record attached to it, and every figure that it prints."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.entries import MinuteEntry
from services.verifier.counted import AttachedRecord
from services.verifier.evidence import Evidence, read_evidence, sha256_hex
from services.verifier.paper_signatures import PaperSignatures, judge_signatures
from services.verifier.printed_figures import judge_printed
from services.verifier.printed_pages import read_pages
from services.verifier.record_files import attached_records, read_record_files
from services.verifier.report import refuse_if_any


@dataclass(frozen=True)
class Paper:
    """A PDF and the records attached to it, by the names of the attachments."""

    name: str
    data: bytes
    attached: Mapping[str, AttachedRecord]

    @property
    def records(self) -> Mapping[str, Evidence]:
        """What each attached record says."""
        return {name: record.evidence for name, record in self.attached.items()}


def read_paper(data: bytes, name: str) -> Paper:
    """Read a paper and every record attached to it. Raises MalformedInputError."""
    attached = {
        attachment: AttachedRecord(read_evidence(read_record_files(record)), sha256_hex(record))
        for attachment, record in attached_records(data).items()
    }
    return Paper(name, data, attached)


def check_paper(paper: Paper, trust: bytes | None, given: Evidence | None) -> str:
    """
    V18: signatures valid over the file as it stood; attached record; printed figures.

    `trust`: PEM of issuers, by which signers are judged. `given`: a record of the same election,
    of which the attached one must be a prefix, and in whose log the paper must stand.
    """
    signatures = judge_signatures(paper.data, trust)
    problems = _signature_problems(signatures)
    if given is not None:
        problems += _prefix_problems(paper, given)
    problems += judge_printed(read_pages(paper.data), list(paper.attached.values())).problems
    refuse_if_any(problems)
    return _summary(signatures, trust, given)


def _signature_problems(signatures: PaperSignatures) -> list[str]:
    if not signatures.signatures:
        return ["nobody has signed this paper"]
    problems = [
        f"signature of {signature.signer} ({signature.field}): {problem}"
        for signature in signatures.signatures
        for problem in signature.problems
    ]
    problems += [
        f"signature of {signature.signer} ({signature.field}): not of the issuers given"
        for signature in signatures.signatures
        if signature.is_trusted is False
    ]
    return problems


def _prefix_problems(paper: Paper, given: Evidence) -> list[str]:
    for evidence in paper.records.values():
        lines = [placed.line for placed in evidence.placed]
        if lines and lines == [placed.line for placed in given.placed[: len(lines)]]:
            break
    else:
        return ["no attached record is a prefix of the record given"]
    issued = {entry.sha256 for entry in given.all_of(MinuteEntry)}
    if issued and not issued & _revision_hashes(paper.data):
        return ["the log of the record given does not name this paper"]
    return []


def _revision_hashes(data: bytes) -> set[str]:
    """SHA-256 of the file as it stood at the end of each revision: signing only appends."""
    hashes, digest, start = set(), hashlib.sha256(), 0
    while (marker := data.find(b"%%EOF", start)) >= 0:
        end = marker + len(b"%%EOF")
        # Writers end a file with nothing, a newline, or carriage return and newline.
        for ending in (b"", b"\n", b"\r\n"):
            if data[end : end + len(ending)] == ending:
                copied = digest.copy()
                copied.update(data[start : end + len(ending)])
                hashes.add(copied.hexdigest())
        digest.update(data[start:end])
        start = end
    return hashes


def _summary(signatures: PaperSignatures, trust: bytes | None, given: Evidence | None) -> str:
    signers = ", ".join(signature.signer for signature in signatures.signatures)
    parts = [f"signed by {signers}"]
    if signatures.empty_fields:
        parts.append(f"not signed yet: {', '.join(signatures.empty_fields)}")
    parts.append(
        "issuers of the certificates were not judged (--trust)"
        if trust is None
        else "certificates are of the issuers given, at the time that the signer states"
    )
    if given is not None:
        parts.append("the attached record is a prefix of the one given")
    parts.append("every printed figure is the result's")
    return "; ".join(parts)
