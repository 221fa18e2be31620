"""The record of an election as files: `record.zip` and the Belenios archive (protocol.md §9)."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeVar

import msgspec

from crypto.ballots import parse_ballot
from crypto.belenios_archive import Archive, OwnedPartialDecryption, write_archive
from crypto.belenios_json import dumps
from crypto.ceremony import verify_ceremony
from crypto.elections import fingerprint, parse_election
from crypto.tally import encrypt_tally, tally_to_text
from crypto.trustees import trustees_to_text
from schemas import canonical
from schemas.entries import (
    BallotEntry,
    Cancelled,
    ElectionEntry,
    MinuteEntry,
    PartialDecryption,
    Result,
)
from schemas.record import (
    ARCHIVE,
    ATTENDANCE,
    CHECKPOINTS,
    ENTRIES,
    FILE_ORDER,
    MANIFEST,
    ROSTER,
    Manifest,
    RecordedFile,
)
from schemas.terms import Terms
from services.board.ceremony_log import ceremony_of
from services.board.errors import (
    CheckpointNotFoundError,
    RecordFileNotFoundError,
    RecordNotReadyError,
)
from services.board.log import read_checkpoint, read_file, read_log
from services.board.model import BoardLog
from services.board.party import Board

DATE: Final = (1980, 1, 1, 0, 0, 0)
FILE_MODE: Final = 0o100644 << 16
UNIX: Final = 3
EntryType = TypeVar("EntryType")
_CHECKPOINT_OF: Final = {name.rpartition("/")[2]: name for name in CHECKPOINTS}


async def build_record(
    board: Board, uuid: str, until: Literal["result", "end"], public: bool = False
) -> bytes:
    """
    Write `record.zip` up to the result, as papers carry it, or to the end of the log.

    Same log, same bytes. A public copy leaves roster and attendance out. A cancelled election has
    no result: its record goes to its end, and of each ballot it has the leaf hash only.
    Raises RecordNotReadyError, LogNotFoundError.
    """
    log = await read_log(board, uuid)
    check_ready(log)
    if until == "result":
        log = up_to_result(log)
    wanted = ["opening", "closing", "result"]
    if log.first_of(MinuteEntry) is not None:
        wanted.append("minute")
    files: dict[str, bytes] = {ENTRIES: b"".join(line + b"\n" for line in log.raw)}
    for name in wanted:
        try:
            note = await read_checkpoint(board, uuid, name)
        except CheckpointNotFoundError:
            continue  # cancelled before it came to this
        files[_CHECKPOINT_OF[name]] = note.encode()
    if log.first_of(Result) is not None:
        files[ARCHIVE] = await asyncio.to_thread(archive_of, log)
    files[MANIFEST] = manifest_of(log, uuid, files)
    if not public:
        for name in (ROSTER, ATTENDANCE):
            try:
                files[name] = await read_file(board, uuid, name)
            except RecordFileNotFoundError:
                continue  # cancelled before it came to this
    return zip_of(files)


async def build_archive(board: Board, uuid: str) -> bytes:
    """Write `<uuid>.bel`, as belenios-tool would (belenios-format §8). RecordNotReadyError."""
    log = await read_log(board, uuid)
    if log.first_of(Result) is None:
        raise RecordNotReadyError
    return await asyncio.to_thread(archive_of, log)


def check_ready(log: BoardLog) -> None:
    """A record is of an election with a fingerprint that has come to an end."""
    has_ended = log.first_of(Result) is not None or log.first_of(Cancelled) is not None
    if not has_ended or log.first_of(ElectionEntry) is None:
        raise RecordNotReadyError


def up_to_result(log: BoardLog) -> BoardLog:
    """The log as it stood at the `result` checkpoint; a cancelled one as it is."""
    head = log.head_after(Result)
    if head is None:
        return log
    return BoardLog(
        entries=log.entries[: head.size],
        raw=log.raw[: head.size],
        leaves=log.leaves[: head.size],
        head=head,
    )


def manifest_of(log: BoardLog, uuid: str, files: Mapping[str, bytes]) -> bytes:
    """`manifest.json`: what the record is of, and the hashes of its files."""
    election = _entry(log, ElectionEntry)
    manifest = Manifest(
        format="phieukin/record/1",
        uuid=uuid,
        phi=fingerprint(election.election),
        size=log.head.size,
        files=tuple(
            RecordedFile(name=name, sha256=hashlib.sha256(files[name]).hexdigest())
            for name in FILE_ORDER
            if name in files
        ),
    )
    return canonical.encode(msgspec.to_builtins(manifest))


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Stored, in the order of `FILE_ORDER`, dated 1980-01-01: same files, same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in FILE_ORDER:
            if name in files:
                info = zipfile.ZipInfo(name, DATE)
                info.create_system = UNIX
                info.external_attr = FILE_MODE
                archive.writestr(info, files[name], zipfile.ZIP_STORED)
    return buffer.getvalue()


def archive_of(log: BoardLog) -> bytes:
    """The Belenios archive of a log with a result (protocol.md §9)."""
    terms = _entry(log, Terms)
    election = parse_election(_entry(log, ElectionEntry).election)
    threshold = terms.counting_team.trustee_threshold
    team = verify_ceremony(election.group, ceremony_of(log, terms.uuid, threshold))
    # They stand in the log in the order of their trackers, which the archive keeps.
    ballots = [parse_ballot(election, entry.ballot) for entry in log.all_of(BallotEntry)]
    partial_decryptions = sorted(log.all_of(PartialDecryption), key=lambda entry: entry.index)
    return write_archive(
        Archive(
            timestamp=int(datetime.fromisoformat(terms.meeting.starts_at).timestamp()),
            election=election.text,
            trustees=trustees_to_text(election.group, (team,)),
            public_credentials=dumps(sorted(ballot.credential for ballot in ballots)),
            ballots=tuple(ballot.text for ballot in ballots),
            num_tallied=len(ballots),
            total_weight=len(ballots),
            encrypted_tally=tally_to_text(election.group, encrypt_tally(election, ballots)),
            partial_decryptions=tuple(
                OwnedPartialDecryption(entry.index, entry.partial_decryption)
                for entry in partial_decryptions
            ),
            result=_entry(log, Result).result,
        )
    )


def _entry(log: BoardLog, entry_type: type[EntryType]) -> EntryType:
    found = log.first_of(entry_type)
    if found is None:
        raise RecordNotReadyError
    return found
