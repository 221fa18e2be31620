"""A log as it stands, and the rules of what may be done with it."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from crypto.merkle import TreeHead, leaf_hash, tree_head
from schemas import canonical
from schemas.entries import (
    BallotEntry,
    Cancelled,
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    Closed,
    Entry,
    PartialDecryption,
    TrusteeConfirms,
    decode_entry,
    encode_entry,
)
from schemas.grammar import RecordedEntry, Withheld
from schemas.record import ATTENDANCE, ROSTER
from schemas.terms import Terms

CheckpointName = Literal["opening", "closing", "result", "minute"]
CHECKPOINT_NAMES: Final[tuple[CheckpointName, ...]] = ("opening", "closing", "result", "minute")
BALLOT_TYPE: Final = "ballot"
CONTRIBUTION_KINDS: Final = tuple(
    str(entry_type.__struct_config__.tag)
    for entry_type in (
        CeremonyCertificate,
        CeremonyCommitment,
        CeremonyReveal,
        CeremonyKey,
        TrusteeConfirms,
        PartialDecryption,
    )
)
"""What the counting team's devices send."""
FILE_NAMES: Final = (ROSTER, ATTENDANCE)

EntryType = TypeVar("EntryType")


@dataclass(frozen=True)
class PreparedEntry:
    """An entry with the exact bytes that will be its leaf."""

    entry: Entry
    kind: str
    data: bytes
    leaf: bytes


@dataclass(frozen=True)
class StoredEntry:
    """A row of the log; `data` is None for a withheld ballot, or where it was not asked for."""

    position: int
    kind: str
    leaf: bytes
    data: bytes | None


@dataclass(frozen=True)
class BoardLog:
    """All entries of a log in order: decoded, as bytes, as leaf hashes; `head` is of the whole."""

    entries: tuple[RecordedEntry, ...]
    raw: tuple[bytes, ...]
    leaves: tuple[bytes, ...]
    head: TreeHead

    def all_of(self, entry_type: type[EntryType]) -> tuple[EntryType, ...]:
        """The entries of one type, in the order of the log."""
        return tuple(entry for entry in self.entries if isinstance(entry, entry_type))

    def first_of(self, entry_type: type[EntryType]) -> EntryType | None:
        """The first entry of one type, or None."""
        return next((entry for entry in self.entries if isinstance(entry, entry_type)), None)

    def head_after(self, entry_type: type[Entry]) -> TreeHead | None:
        """The tree up to and with the last entry of one type (T(n) of protocol.md §11)."""
        positions = [
            position for position, entry in enumerate(self.entries) if isinstance(entry, entry_type)
        ]
        return tree_head(self.leaves[: positions[-1] + 1]) if positions else None

    def accepts_claims(self) -> bool:
        """Between closing and the first partial decryption (protocol.md §7)."""
        return self.first_of(Closed) is not None and not any(
            isinstance(entry, PartialDecryption | Cancelled) for entry in self.entries
        )


def prepare(entry: Entry) -> PreparedEntry:
    """Encode an entry and read it back as any reader of the record will (V1); EntryError."""
    data = encode_entry(entry)
    decode_entry(data)
    return PreparedEntry(entry, str(entry.__struct_config__.tag), data, leaf_hash(data))


def withheld_line(leaf: bytes) -> bytes:
    """What stands in a record for a ballot of an election cancelled after closing."""
    return canonical.encode({"withheld": leaf.hex()})


def recorded_entry(row: StoredEntry) -> RecordedEntry:
    """Decode a row; a ballot without data is withheld."""
    return Withheld(withheld=row.leaf.hex()) if row.data is None else decode_entry(row.data)


def recorded_line(row: StoredEntry) -> bytes:
    return withheld_line(row.leaf) if row.data is None else row.data


def log_of(rows: list[StoredEntry]) -> BoardLog:
    """Decode the rows of a whole log, in order."""
    leaves = tuple(row.leaf for row in rows)
    return BoardLog(
        entries=tuple(map(recorded_entry, rows)),
        raw=tuple(map(recorded_line, rows)),
        leaves=leaves,
        head=tree_head(leaves),
    )


def tracker_of(ballot: BallotEntry) -> bytes:
    """SHA-256 of the ballot's exact bytes (belenios-format §6)."""
    return hashlib.sha256(ballot.ballot.encode()).digest()


def commitment_of(name: str, entry: RecordedEntry) -> str | None:
    """The hash that `entry` commits to for the file `name`, hex; None for other entries."""
    if name == ROSTER and isinstance(entry, Terms):
        return entry.roster_commitment
    if name == ATTENDANCE and isinstance(entry, Closed):
        return entry.attendance_commitment
    return None
