"""What a record file and a receipt file hold (protocol.md §9)."""

from typing import Annotated, Final, Literal

import msgspec

from schemas.fields import ElectionUuid, Fingerprint, Hash, LongText
from schemas.terms import Part

ENTRIES: Final = "entries.jsonl"
CHECKPOINTS: Final = (
    "checkpoints/opening",
    "checkpoints/closing",
    "checkpoints/result",
    "checkpoints/minute",
)
ARCHIVE: Final = "election.bel"
MANIFEST: Final = "manifest.json"
ROSTER: Final = "roster.json"
ATTENDANCE: Final = "attendance.json"
FILE_ORDER: Final = (ENTRIES, *CHECKPOINTS, ARCHIVE, MANIFEST, ROSTER, ATTENDANCE)
"""Order of the files in `record.zip`; absent ones are left out. Stored, dated 1980-01-01."""

MAX_RECORD_BYTES: Final = 1024 * 1024 * 1024
RECORD_IN_PAPER: Final = "record.zip"
"""Name of the attachment of a paper over one election; `record-<uuid>.zip` over several."""


class RecordedFile(Part, frozen=True, kw_only=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    sha256: Hash


class Manifest(Part, frozen=True, kw_only=True):
    """
    `manifest.json`: what the record is of. `files` lists all files but the manifest itself and
    `roster.json`, `attendance.json`, which a public copy may leave out.
    """

    format: Literal["phieukin/record/1"]
    uuid: ElectionUuid
    phi: Fingerprint
    size: Annotated[int, msgspec.Meta(ge=1, le=2000)]
    files: tuple[RecordedFile, ...]


class ReceiptFile(Part, frozen=True, kw_only=True):
    """
    `<tracker in hex>.json`: verifiable alone (V19).

    `promise` is the box's signed note, `entry` the exact entry of the ballot on the board, without
    which nothing would join the promised tracker and the leaf; `leaf` its hash, `proof` a C2SP
    tlog-proof whose checkpoint is the closing one, `election` the exact election.json, `terms`
    the exact terms entry, `receipt` the value whose code the phone showed.
    """

    format: Literal["phieukin/receipt/1"]
    uuid: ElectionUuid
    phi: Fingerprint
    tracker: Hash
    receipt: Hash
    receipt_code: Annotated[str, msgspec.Meta(min_length=24, max_length=24)]
    promise: LongText
    entry: Annotated[str, msgspec.Meta(min_length=2, max_length=1_048_576)]
    leaf: Hash
    proof: LongText
    terms: Annotated[str, msgspec.Meta(min_length=2, max_length=2_097_152)]
    election: Annotated[str, msgspec.Meta(min_length=2, max_length=524_288)]
