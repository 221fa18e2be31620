"""What a record says, read once for all checks; nothing here is believed yet (protocol.md §7, §9).

Properties that need another part of the record raise DependsOnError with the number of the check
that says why the part cannot be read.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import Final, TypeVar

import msgspec

from crypto.checkpoints import Checkpoint, parse_checkpoint_text, parse_note
from crypto.elections import Election, parse_election
from crypto.errors import CryptoError
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
    ElectionEntry,
    EntryError,
    Issuance,
    PartialDecryption,
    Result,
    VotingOpened,
    decode_entry,
)
from schemas.grammar import RecordedEntry, Withheld
from schemas.roster import Attendance, Roster
from schemas.terms import Part, Terms
from services.verifier.record_files import RecordFiles
from services.verifier.report import DependsOnError, NotApplicableError

MAX_ENTRIES: Final = 2000
MAX_WITHHELD_BYTES: Final = 128
MAX_FILE_BYTES: Final = 4 * 1024 * 1024
WITHHELD_REASON: Final = "cancelled after closing: the record withholds the ballots"

_EntryType = TypeVar("_EntryType")
_FileType = TypeVar("_FileType", bound=Part)


@dataclass(frozen=True)
class PlacedEntry:
    """One line of `entries.jsonl`: its bytes and what they say, or why they say nothing."""

    position: int
    line: bytes
    entry: RecordedEntry | None
    problem: str | None = None

    @property
    def leaf(self) -> bytes:
        """Hash of the entry in the log; of a withheld ballot the hash that stands for it (§1)."""
        if isinstance(self.entry, Withheld):
            return bytes.fromhex(self.entry.withheld)
        return leaf_hash(self.line)


@dataclass(frozen=True)
class Ceremony:
    """The ceremony's entries by trustee index; the order of dictionaries is that of the indices."""

    certificates: Mapping[int, str]
    commitments: Mapping[int, str]
    reveals: Mapping[int, CeremonyReveal]
    keys: Mapping[int, str]


@dataclass(frozen=True)
class Evidence:
    """
    A record's entries and files.

    `ends_at_closing`: a board as it stands before it is opened, not a finished record.
    """

    placed: tuple[PlacedEntry, ...]
    files: RecordFiles
    ends_with_newline: bool = True
    ends_at_closing: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)

    def all_of(self, kind: type[_EntryType]) -> list[_EntryType]:
        """All entries of a type, in order."""
        return [placed.entry for placed in self.placed if isinstance(placed.entry, kind)]

    def placed_of(self, kind: type | UnionType) -> list[PlacedEntry]:
        """All entries of a type with their positions, in order."""
        return [placed for placed in self.placed if isinstance(placed.entry, kind)]

    def find(self, kind: type[_EntryType]) -> _EntryType | None:
        """The first entry of a type (V0 sees to it that there is no second)."""
        return next(iter(self.all_of(kind)), None)

    @functools.cached_property
    def leaves(self) -> tuple[bytes, ...]:
        return tuple(placed.leaf for placed in self.placed)

    def head_after(self, kind: type | UnionType) -> TreeHead | None:
        """Head of the tree up to and with the last entry of a type; None where there is none."""
        found = self.placed_of(kind)
        return tree_head(self.leaves[: found[-1].position + 1]) if found else None

    @functools.cached_property
    def cancelled(self) -> Cancelled | None:
        return self.find(Cancelled)

    @functools.cached_property
    def withholds_ballots(self) -> bool:
        """Cancelled after closing: checks of ballots and sum do not apply (protocol.md §1)."""
        return self.cancelled is not None and self.find(Closed) is not None

    @functools.cached_property
    def terms(self) -> Terms:
        """The terms. Raises DependsOnError("V1"), or NotApplicableError where none are due."""
        return self._due(Terms)

    @functools.cached_property
    def opened(self) -> VotingOpened:
        return self._due(VotingOpened)

    @functools.cached_property
    def closed(self) -> Closed:
        return self._due(Closed)

    @functools.cached_property
    def result(self) -> Result:
        """The result entry. Raises NotApplicableError for a board before its opening."""
        if self.ends_at_closing:
            raise NotApplicableError("not opened yet")
        return self._due(Result)

    @functools.cached_property
    def election(self) -> Election:
        """`election.json` as the entry gives it. Raises DependsOnError("V4")."""
        entry = self._due(ElectionEntry)
        try:
            return parse_election(entry.election)
        except CryptoError as error:
            raise DependsOnError("V4") from error

    @functools.cached_property
    def ceremony(self) -> Ceremony:
        """The ceremony, complete for n trustees. Raises DependsOnError("V0")."""
        certificates = {each.index: each.certificate for each in self.all_of(CeremonyCertificate)}
        commitments = {each.index: each.commitment for each in self.all_of(CeremonyCommitment)}
        reveals = {each.index: each for each in self.all_of(CeremonyReveal)}
        keys = {each.index: each.verification_key for each in self.all_of(CeremonyKey)}
        due = list(range(1, len(certificates) + 1))
        for part in (certificates, commitments, reveals, keys):
            if sorted(part) != due or not due:
                raise DependsOnError("V0")
        return Ceremony(
            dict(sorted(certificates.items())),
            dict(sorted(commitments.items())),
            dict(sorted(reveals.items())),
            dict(sorted(keys.items())),
        )

    @functools.cached_property
    def ballots(self) -> tuple[BallotEntry, ...]:
        """The ballots. Raises NotApplicableError where the record withholds or never had them."""
        self.require_ballots()
        return tuple(self.all_of(BallotEntry))

    @functools.cached_property
    def issuances(self) -> tuple[Issuance, ...]:
        return tuple(self.all_of(Issuance))

    @functools.cached_property
    def partial_decryptions(self) -> tuple[PartialDecryption, ...]:
        return tuple(self.all_of(PartialDecryption))

    def require_ballots(self) -> None:
        """Raise NotApplicableError for an election that was cancelled (protocol.md §1)."""
        if self.withholds_ballots:
            raise NotApplicableError(WITHHELD_REASON)
        if self.cancelled is not None:
            raise NotApplicableError("cancelled before closing: there are no ballots")

    @functools.cached_property
    def closing_root(self) -> bytes:
        """R of protocol.md §3: root of the tree at closing, computed from the entries."""
        head = self.head_after(Closed)
        if head is None:
            raise DependsOnError("V0")
        return head.root

    @functools.cached_property
    def roster(self) -> Roster | None:
        """The roster where it is given. Raises DependsOnError("V4") when it is malformed."""
        return _read_file(self.files.roster, Roster)

    @functools.cached_property
    def attendance(self) -> Attendance | None:
        """The attendance where it is given. Raises DependsOnError("V4") when it is malformed."""
        return _read_file(self.files.attendance, Attendance)

    def checkpoint(self, name: str) -> Checkpoint | None:
        """What a checkpoint says, its signature unjudged. Raises DependsOnError("V2")."""
        note = self.notes.get(name)
        if note is None:
            return None
        try:
            return parse_checkpoint_text(parse_note(note).text)
        except CryptoError as error:
            raise DependsOnError("V2") from error

    def _due(self, kind: type[_EntryType]) -> _EntryType:
        found = self.find(kind)
        if found is not None:
            return found
        if any(placed.entry is None for placed in self.placed):
            raise DependsOnError("V1")
        if self.cancelled is not None:
            raise NotApplicableError("cancelled before it came to that")
        raise DependsOnError("V0")


def read_evidence(files: RecordFiles) -> Evidence:
    """Read a finished record's entries (protocol.md §11); whatever cannot be read says why."""
    return Evidence(
        placed=_place(files.entries.split(b"\n")[: MAX_ENTRIES + 1]),
        files=files,
        ends_with_newline=files.entries.endswith(b"\n"),
        notes={name: data.decode(errors="replace") for name, data in files.checkpoints.items()},
    )


def board_evidence(
    entries: Sequence[bytes], notes: Mapping[str, str], roster: bytes, attendance: bytes
) -> Evidence:
    """A board as a teller's device downloads it, before it is opened (protocol.md §3)."""
    joined = b"".join(entry + b"\n" for entry in entries)
    files = RecordFiles(
        entries=joined,
        checkpoints={name: note.encode() for name, note in notes.items()},
        roster=roster,
        attendance=attendance,
    )
    placed = _place([*entries[: MAX_ENTRIES + 1], b""])
    return Evidence(placed=placed, files=files, ends_at_closing=True, notes=dict(notes))


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lowercase hex."""
    return hashlib.sha256(data).hexdigest()


def _place(lines: Sequence[bytes]) -> tuple[PlacedEntry, ...]:
    # The part after the last newline is empty in a well-formed file; V1 refuses any other.
    kept = lines[:-1] if lines and lines[-1] == b"" else lines
    return tuple(_read_line(position, line) for position, line in enumerate(kept))


def _read_line(position: int, line: bytes) -> PlacedEntry:
    try:
        if line.startswith(b'{"withheld":'):
            value = canonical.decode(line, MAX_WITHHELD_BYTES)
            return PlacedEntry(position, line, msgspec.convert(value, Withheld))
        return PlacedEntry(position, line, decode_entry(line))
    except (EntryError, canonical.NotCanonicalError, msgspec.ValidationError) as error:
        return PlacedEntry(position, line, None, str(error))


def _read_file(data: bytes | None, kind: type[_FileType]) -> _FileType | None:
    if data is None:
        return None
    try:
        return msgspec.convert(canonical.decode(data, MAX_FILE_BYTES), kind)
    except (canonical.NotCanonicalError, msgspec.ValidationError) as error:
        raise DependsOnError("V4") from error
