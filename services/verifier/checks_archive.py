"""V17: the files that follow from the entries: the Belenios archive and the manifest."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from crypto.belenios_archive import (
    Archive,
    OwnedPartialDecryption,
    read_archive,
    write_archive,
)
from crypto.belenios_json import dumps
from crypto.errors import CryptoError
from crypto.tally import tally_to_text
from crypto.trustees import trustees_to_text
from schemas import canonical
from schemas.record import ARCHIVE, ENTRIES, FILE_ORDER, Manifest, RecordedFile
from services.verifier.ballot_verdicts import Judgement
from services.verifier.checks_election import team_of
from services.verifier.checks_tally import tally_of
from services.verifier.evidence import Evidence, sha256_hex
from services.verifier.report import refuse_if_any

MAX_MANIFEST_BYTES = 16_384
_PARTS = (
    "timestamp",
    "election",
    "trustees",
    "public_credentials",
    "ballots",
    "encrypted_tally",
    "partial_decryptions",
    "result",
)


def check_archive(evidence: Evidence, judgement: Judgement) -> str:
    """
    V17: `election.bel` byte-exact, of the entries' election, ballots, decryptions and result.

    Its public credentials are exactly the ballots', sorted. The manifest names these files.
    """
    _ = evidence.result  # before the result there is no archive
    expected = _expected_archive(evidence, judgement)
    data = evidence.files.archive
    problems = list(_manifest_problems(evidence))
    if data is None:
        problems.append("election.bel is missing")
    elif data != write_archive(expected):
        problems += _differences(expected, data)
    refuse_if_any(problems)
    return f"byte for byte what the entries make, {len(expected.ballots)} credentials"


def _expected_archive(evidence: Evidence, judgement: Judgement) -> Archive:
    tally, group = tally_of(judgement), evidence.election.group
    credentials = [verdict.credential for verdict in judgement.verdicts]
    partial = sorted(evidence.partial_decryptions, key=lambda entry: entry.index)
    return Archive(
        timestamp=int(datetime.fromisoformat(evidence.terms.meeting.starts_at).timestamp()),
        election=evidence.election.text,
        trustees=trustees_to_text(group, (team_of(evidence),)),
        public_credentials=dumps(sorted(each for each in credentials if each is not None)),
        ballots=tuple(entry.ballot for entry in evidence.ballots),
        num_tallied=len(evidence.ballots),
        total_weight=len(evidence.ballots),
        encrypted_tally=tally_to_text(group, tally),
        partial_decryptions=tuple(
            OwnedPartialDecryption(entry.index, entry.partial_decryption) for entry in partial
        ),
        result=evidence.result.result,
    )


def _differences(expected: Archive, data: bytes) -> list[str]:
    try:
        archive = read_archive(data)
    except CryptoError as error:
        return [f"election.bel: {error}"]
    parts = [part for part in _PARTS if getattr(archive, part) != getattr(expected, part)]
    return [f"election.bel holds other {part} than the entries" for part in parts] or [
        "election.bel is not byte for byte what the entries make"
    ]


def _manifest_problems(evidence: Evidence) -> Iterator[str]:
    data = evidence.files.manifest
    if data is None:
        yield "manifest.json is missing"
        return
    try:
        manifest = msgspec.convert(canonical.decode(data, MAX_MANIFEST_BYTES), Manifest)
    except (canonical.NotCanonicalError, msgspec.ValidationError) as error:
        yield f"manifest.json: {error}"
        return
    expected = Manifest(
        format="phieukin/record/1",
        uuid=evidence.terms.uuid,
        phi=evidence.election.fingerprint,
        size=len(evidence.placed),
        files=tuple(_recorded_files(evidence)),
    )
    if manifest != expected:
        parts = [
            part
            for part in ("uuid", "phi", "size", "files")
            if getattr(manifest, part) != getattr(expected, part)
        ]
        yield f"manifest.json names other {', '.join(parts)} than the record has"


def _recorded_files(evidence: Evidence) -> Iterator[RecordedFile]:
    files = evidence.files
    contents = {ENTRIES: files.entries, ARCHIVE: files.archive}
    contents |= {f"checkpoints/{name}": data for name, data in files.checkpoints.items()}
    for name in FILE_ORDER:
        data = contents.get(name)
        if data is not None:
            yield RecordedFile(name=name, sha256=sha256_hex(data))
