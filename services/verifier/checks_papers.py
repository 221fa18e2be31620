"""V18: a paper's pages, its signatures, and the record attached to it (protocol.md §9)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from schemas.entries import MinuteEntry
from schemas.record import RECORD_IN_PAPER
from services.verifier.counted import AttachedRecord
from services.verifier.evidence import Evidence, read_evidence, sha256_hex
from services.verifier.extract_pages import NOT_A_MINUTE, extract_problems
from services.verifier.paper_revisions import (
    PaperForm,
    change_problems,
    judge_form,
    read_strictly,
)
from services.verifier.paper_signatures import PaperSignature, PaperSignatures, judge_signatures
from services.verifier.printed_figures import Printed, judge_printed
from services.verifier.printed_pages import read_pages
from services.verifier.record_files import (
    MalformedInputError,
    attached_names,
    attached_records,
    read_record_files,
)
from services.verifier.report import CheckFailedError, NotApplicableError, refuse_if_any
from services.verifier.visible_pages import visible_problems

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")


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
    reader = read_strictly(paper.data)
    signatures = judge_signatures(paper.data, reader, trust)
    problems = _signature_problems(signatures)
    if given is not None:
        problems += _prefix_problems(paper, given)
    problems += _attachment_problems(paper)
    try:
        pages = read_pages(paper.data)
    except MalformedInputError as error:
        raise CheckFailedError(
            *problems, *change_problems(paper.data, reader), str(error)
        ) from error
    if pages.is_extract:
        problems += change_problems(paper.data, reader)
        problems += extract_problems(pages, list(paper.attached.values()))
        refuse_if_any(problems)
        signers = ", ".join(each.signer for each in signatures.signatures)
        raise NotApplicableError(f"signed by {signers}; {NOT_A_MINUTE}")
    form = judge_form(paper.data, reader, _tellers(paper) if pages.is_counting_minute else None)
    printed = judge_printed(pages, list(paper.attached.values()))
    problems += [*form.problems, *printed.problems]
    values = {} if pages.is_counting_minute else {"number": form.number, "date": form.date}
    codes = [each.seal_value for each in printed.counted]
    problems += visible_problems(paper.data, codes, values)
    refuse_if_any(problems)
    return _summary(signatures, form, printed, trust, given)


def _tellers(paper: Paper) -> int:
    """How many tellers sign a counting minute."""
    return max(
        (len(each.terms.counting_team.trustees) for each in paper.records.values()), default=0
    )


def _signature_problems(signatures: PaperSignatures) -> list[str]:
    if not signatures.signatures:
        return ["nobody has signed this paper"]
    return [
        *signatures.problems,
        *(
            f"signature of {signature.signer} ({signature.field}): {problem}"
            for signature in signatures.signatures
            for problem in signature.problems
        ),
    ]


def _attachment_problems(paper: Paper) -> Iterator[str]:
    """Exactly the records are attached, each under its own name."""
    for name in attached_names(paper.data):
        if name not in paper.attached:
            yield f"another file is attached: {name[:60]}"
    for name, evidence in paper.records.items():
        due = RECORD_IN_PAPER if len(paper.records) == 1 else f"record-{evidence.terms.uuid}.zip"
        if name != due:
            yield f"the attachment {name[:60]} is not named {due}"


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


def _summary(
    signatures: PaperSignatures,
    form: PaperForm,
    printed: Printed,
    trust: bytes | None,
    given: Evidence | None,
) -> str:
    parts = [_signed(signature, printed) for signature in signatures.signatures]
    if form.empty_fields:
        parts.append(f"not signed yet: {', '.join(form.empty_fields)}")
    if form.number:
        parts.append(f"number {form.number}, {form.date} (filled in after the officers signed)")
    if not signatures.is_last:
        parts.append("what was added after the last signature is permitted, and nobody signed it")
    parts.append(
        "issuers of the certificates were not judged (--trust)"
        if trust is None
        else "certificates are of the issuers given, at the time stated"
    )
    if given is not None:
        parts.append("the attached record is a prefix of the one given")
    parts.append("every printed figure, name and outcome is the record's")
    if words := sorted({each.name for each in printed.own_words}):
        parts.append(f"the secretary's own words, which no record shows: {', '.join(words)}")
    parts += [f"CAUTION: {caution}" for caution in printed.cautions]
    return "; ".join(parts)


def _signed(signature: PaperSignature, printed: Printed) -> str:
    """Who signed where, when by whose clock, at which level; and where the names differ."""
    when = "at an unknown time"
    if signature.at is not None:
        when = f"{signature.at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S %z}"
    text = (
        f"{signature.field} signed by {signature.signer}, {when} by {signature.clock},"
        f" {signature.level}"
    )
    name = printed.signers.get(signature.field)
    if name is not None and name.casefold() != signature.signer.casefold():
        text += f" (CAUTION: the paper prints {name} there)"
    return text
