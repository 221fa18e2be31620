"""The `.bel` archive of Belenios protocol 1: reader and byte-exact writer (belenios-format §8).

The bytes of the tar file are part of the format: belenios-tool makes the archive anew and
compares.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from crypto.belenios_json import dumps, fields, integer_field, loads, require_exact, text_field
from crypto.errors import ArchiveError, MalformedError

BLOCK: Final = 512
MAX_ARCHIVE_BYTES: Final = 1024 * 1024 * 1024
MAX_MEMBERS: Final = 100_000
TIMESTAMP_LIMIT: Final = 8**11  # eleven octal digits
HEADER_NAME: Final = "BELENIOS"

_MEMBER: Final = re.compile(r"([0-9a-f]{64})\.(data|event)\.json", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TIMESTAMP: Final = re.compile(r"0|[1-9][0-9]{0,10}", re.ASCII)
_WITHOUT_PAYLOAD: Final = ("EndBallots", "EndShuffles")
_ORDER: Final = ("Setup", "Ballot", "EndBallots", "EncryptedTally", "PartialDecryption", "Result")


@dataclass(frozen=True)
class OwnedPartialDecryption:
    """A partial decryption and its trustee, counted from 1 over the flattened list."""

    owner: int
    text: str


@dataclass(frozen=True)
class Archive:
    """What an archive holds, in its order; texts are exact bytes. The count may be unfinished."""

    timestamp: int
    election: str
    trustees: str
    public_credentials: str
    ballots: tuple[str, ...]
    is_closed: bool = True
    num_tallied: int | None = None
    total_weight: int | None = None
    encrypted_tally: str | None = None
    partial_decryptions: tuple[OwnedPartialDecryption, ...] = ()
    result: str | None = None


class _Writer:
    def __init__(self, timestamp: int) -> None:
        self._timestamp = timestamp
        self._members: list[bytes] = []
        self._parent: str | None = None
        self._height = 0
        self._add(HEADER_NAME, dumps({"version": 1, "timestamp": str(timestamp)}))

    def data(self, text: str) -> str:
        """Add an object and return the hash by which others name it."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        self._add(f"{digest}.data.json", text)
        return digest

    def event(self, kind: str, payload: str | None = None) -> None:
        event: dict[str, object] = {} if self._parent is None else {"parent": self._parent}
        event |= {"height": self._height, "type": kind}
        if payload is not None:
            event["payload"] = payload
        text = dumps(event)
        self._parent = hashlib.sha256(text.encode()).hexdigest()
        self._height += 1
        self._add(f"{self._parent}.event.json", text)

    def to_bytes(self) -> bytes:
        # No end-of-archive blocks: belenios-tool 2.0 fails on them.
        return b"".join(self._members)

    def _add(self, name: str, text: str) -> None:
        content = text.encode()
        self._members.append(_tar_header(name, len(content), self._timestamp))
        self._members.append(content.ljust(-(-len(content) // BLOCK) * BLOCK, b"\0"))


def write_archive(archive: Archive) -> bytes:
    """
    Write the archive, byte for byte as belenios-tool does (belenios-format §8).

    Raises ArchiveError for a time that the format cannot hold, or a tally without its sizes.
    """
    if not 0 <= archive.timestamp < TIMESTAMP_LIMIT:
        raise ArchiveError("the time does not fit into the archive's headers")
    if (archive.encrypted_tally is None) != (archive.num_tallied is None) or (
        archive.encrypted_tally is None
    ) != (archive.total_weight is None):
        raise ArchiveError("an encrypted tally stands with its number and weight of ballots")
    writer = _Writer(archive.timestamp)
    setup = {
        "election": writer.data(archive.election),
        "trustees": writer.data(archive.trustees),
        "credentials": writer.data(archive.public_credentials),
    }
    writer.event("Setup", writer.data(dumps(setup)))
    for ballot in archive.ballots:
        writer.event("Ballot", writer.data(ballot))
    if archive.is_closed:
        writer.event("EndBallots")
    if archive.encrypted_tally is not None:
        sized = {
            "num_tallied": archive.num_tallied,
            "total_weight": archive.total_weight,
            "encrypted_tally": writer.data(archive.encrypted_tally),
        }
        writer.event("EncryptedTally", writer.data(dumps(sized)))
    for partial in archive.partial_decryptions:
        owned = {"owner": partial.owner, "payload": writer.data(partial.text)}
        writer.event("PartialDecryption", writer.data(dumps(owned)))
    if archive.result is not None:
        writer.event("Result", writer.data(archive.result))
    return writer.to_bytes()


def read_archive(data: bytes) -> Archive:
    """
    Read an archive of a homomorphic election; every hash, the chain of events and the bytes hold.

    The objects themselves are not checked here. Raises ArchiveError.
    """
    if len(data) > MAX_ARCHIVE_BYTES:
        raise ArchiveError("the archive is larger than any that is read")
    try:
        archive = _read(data)
    except MalformedError as error:
        raise ArchiveError(f"an object of the archive is malformed: {error}") from None
    if write_archive(archive) != data:
        raise ArchiveError("the archive is not byte for byte what its contents give")
    return archive


def _read(data: bytes) -> Archive:
    members = read_members(data)
    if not members or members[0][0] != HEADER_NAME:
        raise ArchiveError("the archive does not begin with its header")
    version, timestamp = fields(loads(members[0][1]), ("version", "timestamp"))
    if integer_field(version) != 1 or not _TIMESTAMP.fullmatch(text_field(timestamp)):
        raise ArchiveError("the header is not of Belenios protocol 1")
    # Headers, padding and order are compared whole when the archive is written anew.
    events, objects = _sort_members(members[1:])
    reader = _Reader(objects)
    for event in events:
        reader.take(event)
    return reader.finish(int(timestamp))


def _sort_members(members: Sequence[tuple[str, str]]) -> tuple[list[Any], dict[str, str]]:
    objects: dict[str, str] = {}
    events: list[Any] = []
    parent: str | None = None
    for name, text in members:
        match = _MEMBER.fullmatch(name)
        if match is None or hashlib.sha256(text.encode()).hexdigest() != match[1]:
            raise ArchiveError("a member is not named by the hash of its content")
        if match[2] == "data":
            objects[match[1]] = text
            continue
        event = loads(text)
        claimed_parent, payload, height, kind = (
            (event.get("parent"), event.get("payload"), event.get("height"), event.get("type"))
            if isinstance(event, dict)
            else (None, None, None, None)
        )
        if claimed_parent != parent or height != len(events):
            raise ArchiveError("the chain of events is broken")
        events.append((kind, payload))
        parent = match[1]
    return events, objects


class _Reader:
    """Follows the events of an archive in their order."""

    def __init__(self, objects: dict[str, str]) -> None:
        self._objects = objects
        self._position = 0
        self._setup: list[str] = []
        self._ballots: list[str] = []
        self._tally: tuple[int, int, str] | None = None
        self._partial: list[OwnedPartialDecryption] = []
        self._result: str | None = None
        self._is_closed = False

    def take(self, event: tuple[object, object]) -> None:
        kind, payload = event
        if kind not in _ORDER:
            raise ArchiveError("an event is of a kind that homomorphic elections do not have")
        position = _ORDER.index(kind)
        repeats = kind in ("Ballot", "PartialDecryption")
        if position < self._position or (
            position == self._position and not repeats and self._setup
        ):
            raise ArchiveError("the events stand in another order")
        self._position = position
        if kind in _WITHOUT_PAYLOAD:
            if payload is not None:
                raise ArchiveError("the end of the ballots has no payload")
            self._is_closed = True
            return
        self._take_payload(kind, self._object(payload))

    def _take_payload(self, kind: object, text: str) -> None:
        match kind:
            case "Setup":
                names = ("election", "trustees", "credentials")
                self._setup = [self._object(name) for name in fields(loads(text), names)]
            case "Ballot":
                self._ballots.append(text)
            case "EncryptedTally":
                value = loads(text)
                names = ("num_tallied", "total_weight", "encrypted_tally")
                tallied, weight, tally = fields(value, names)
                require_exact(text, {name: value[name] for name in names})
                self._tally = integer_field(tallied), integer_field(weight), self._object(tally)
            case "PartialDecryption":
                owner, partial = fields(loads(text), ("owner", "payload"))
                self._partial.append(
                    OwnedPartialDecryption(integer_field(owner), self._object(partial))
                )
            case _:
                self._result = text

    def finish(self, timestamp: int) -> Archive:
        if not self._setup:
            raise ArchiveError("the archive has no set-up")
        tallied, weight, tally = self._tally or (None, None, None)
        return Archive(
            timestamp=timestamp,
            election=self._setup[0],
            trustees=self._setup[1],
            public_credentials=self._setup[2],
            ballots=tuple(self._ballots),
            is_closed=self._is_closed,
            num_tallied=tallied,
            total_weight=weight,
            encrypted_tally=tally,
            partial_decryptions=tuple(self._partial),
            result=self._result,
        )

    def _object(self, digest: object) -> str:
        if not isinstance(digest, str) or not _HASH.fullmatch(digest):
            raise ArchiveError("an object is named by its hash in hex")
        if digest not in self._objects:
            raise ArchiveError("an object that is named is missing")
        return self._objects[digest]


def _tar_header(name: str, size: int, timestamp: int) -> bytes:
    """One header of 512 bytes with the checksum in Belenios' form (belenios-format §8)."""
    header = bytearray(BLOCK)
    for offset, value in (
        (0, name.encode()),
        (100, b"0000644\0"),
        (108, b"0000000\0"),
        (116, b"0000000\0"),
        (124, f"{size:011o}\0".encode()),
        (136, f"{timestamp:011o}\0".encode()),
        (148, b" " * 8),
        (156, b"0"),
    ):
        header[offset : offset + len(value)] = value
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    return bytes(header)


def read_members(data: bytes) -> list[tuple[str, str]]:
    """
    Names and contents of all members in order, as they stand; `read_archive` checks them.

    Raises ArchiveError.
    """
    members: list[tuple[str, str]] = []
    position = 0
    while position < len(data):
        header = data[position : position + BLOCK]
        size_text = header[124:135]
        if len(header) < BLOCK or not re.fullmatch(rb"[0-7]{11}", size_text):
            raise ArchiveError("a member has no header of the archive's form")
        size, start = int(size_text, 8), position + BLOCK
        try:
            name = header[:100].rstrip(b"\0").decode("ascii")
            text = data[start : start + size].decode()
        except UnicodeDecodeError:
            raise ArchiveError("a member is not text") from None
        if start + size > len(data) or len(members) >= MAX_MEMBERS:
            raise ArchiveError("the archive is cut off or has too many members")
        members.append((name, text))
        position = start + -(-size // BLOCK) * BLOCK
    return members
