"""The record of an opened election: same log, same bytes, and a stranger's checks hold on it."""

import io
import zipfile

import pytest

from crypto.belenios_archive import read_archive
from schemas.entries import BallotEntry, Cancelled, MinuteEntry
from schemas.fields import GroupName
from schemas.record import FILE_ORDER
from services.board.errors import RecordNotReadyError
from services.board.log import append
from services.board.record import build_archive, build_record
from services.tally.party import Tally
from services.verifier.verify import verify_bytes
from tests.integration.board.sample_entries import AT
from tests.integration.tally.counting_team import (
    AGREE,
    BLANK,
    DISAGREE,
    CountingTeamRoom,
    open_room,
)

# Issuances, tokens and roster of these logs are placeholders: V4, V6 and V7 are not asked.
HOLDING = ("V0", "V1", "V2", "V3", "V5", "V8", "V9", "V10", "V12", "V13", "V14", "V15", "V17")


@pytest.fixture
async def counted(room: CountingTeamRoom) -> CountingTeamRoom:
    await room.until_closed([(AGREE,), (AGREE,), (BLANK,), (DISAGREE,)])
    await room.decrypt(1)
    await room.decrypt(3)
    return room


def names_of(record: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(record)) as archive:
        return archive.namelist()


def read_from(record: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(record)) as archive:
        return archive.read(name)


@pytest.mark.parametrize("group", ["Ed25519", "BELENIOS-2048"])
async def test_record_for_the_verifier(tally: Tally, group: GroupName) -> None:
    """All that the board and the tally made is what the verifier recomputes from the entries."""
    room = await open_room(tally, group)
    await room.until_closed([(AGREE,), (AGREE,), (BLANK,), (DISAGREE,)])
    await room.decrypt(1)
    await room.decrypt(3)
    record = await build_record(tally.board, room.uuid, "end")
    report = verify_bytes(record, "record.zip", processes=1)
    found = {check.id: (check.status, check.detail) for check in report.checks}
    assert {check: found[check] for check in HOLDING if found[check][0] != "holds"} == {}
    archive = verify_bytes(await build_archive(tally.board, room.uuid), "a.bel", processes=1)
    assert archive.ok


async def test_record_twice(counted: CountingTeamRoom) -> None:
    """Same log, same bytes: files stored, in their order, dated 1980-01-01."""
    board = counted.tally.board
    record = await build_record(board, counted.uuid, "end")
    assert await build_record(board, counted.uuid, "end") == record
    names = names_of(record)
    assert names == [name for name in FILE_ORDER if name != "checkpoints/minute"]
    with zipfile.ZipFile(io.BytesIO(record)) as archive:
        for info in archive.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
    bel = read_from(record, "election.bel")
    assert bel == await build_archive(board, counted.uuid)


async def test_archive(counted: CountingTeamRoom) -> None:
    """Ballots by tracker, credentials sorted, partial decryptions by owner, the meeting's time."""
    archive = read_archive(await build_archive(counted.tally.board, counted.uuid))
    ballots = [each.ballot for each in (await counted.log()).all_of(BallotEntry)]
    assert list(archive.ballots) == ballots
    assert [each.owner for each in archive.partial_decryptions] == [1, 3]
    assert (archive.num_tallied, archive.total_weight) == (4, 4)
    assert archive.timestamp == 1773280800  # 2026-03-12T09:00:00+07:00
    assert archive.result == '{"result":[[2,1]]}'


async def test_public_copy(counted: CountingTeamRoom) -> None:
    """A public copy differs from the whole one only by leaving out who was there."""
    board = counted.tally.board
    whole = await build_record(board, counted.uuid, "end")
    public = await build_record(board, counted.uuid, "end", public=True)
    assert set(names_of(whole)) - set(names_of(public)) == {"roster.json", "attendance.json"}
    for name in names_of(public):
        assert read_from(public, name) == read_from(whole, name)


async def test_record_of_a_paper(counted: CountingTeamRoom) -> None:
    """The record that a paper carries ends at the result, whatever the log says afterwards."""
    board, uuid = counted.tally.board, counted.uuid
    before = await build_record(board, uuid, "result")
    size = (await counted.log()).head.size
    minute = MinuteEntry(paper="counting", sha256="a" * 64)
    await append(board, uuid, size, [minute], "minute")
    assert await build_record(board, uuid, "result") == before
    whole = await build_record(board, uuid, "end")
    assert "checkpoints/minute" in names_of(whole)
    assert read_from(whole, "entries.jsonl").startswith(read_from(before, "entries.jsonl"))
    replacing = MinuteEntry(paper="counting", sha256="b" * 64, replaces="a" * 64)
    await append(board, uuid, size + 1, [replacing], "minute")
    latest = await build_record(board, uuid, "end")
    assert f"\n{size + 2}\n".encode() in read_from(latest, "checkpoints/minute")


async def test_record_before_the_end(room: CountingTeamRoom) -> None:
    """Before result or cancellation there is no record to take away."""
    with pytest.raises(RecordNotReadyError):
        await build_record(room.tally.board, room.uuid, "end")
    await room.until_closed([(AGREE,)] * 4)
    with pytest.raises(RecordNotReadyError):
        await build_record(room.tally.board, room.uuid, "end")
    with pytest.raises(RecordNotReadyError):
        await build_archive(room.tally.board, room.uuid)


async def test_record_of_an_election_cancelled_after_closing(room: CountingTeamRoom) -> None:
    """Of each ballot the record has the leaf hash, of the count nothing."""
    await room.until_closed([(AGREE,)] * 4)
    before = (await room.log()).leaves
    cancelled = Cancelled(at=AT, reason="too_few_ballots", text="Hủy")
    await append(room.tally.board, room.uuid, len(before), [cancelled], "result")
    for until in ("result", "end"):
        record = await build_record(room.tally.board, room.uuid, until)
        assert "election.bel" not in names_of(record)
        lines = read_from(record, "entries.jsonl").splitlines()
        assert sum(line.startswith(b'{"withheld":') for line in lines) == 4
        assert b"election_hash" not in record
        report = verify_bytes(record, "record.zip", processes=1)
        found = {check.id: (check.status, check.detail) for check in report.checks}
        for check in ("V0", "V1", "V2", "V3", "V5"):
            assert found[check][0] == "holds", found[check]


async def test_record_of_an_election_cancelled_in_its_ceremony(room: CountingTeamRoom) -> None:
    """An election without a fingerprint leaves no record, only its log."""
    await room.certify()
    cancelled = Cancelled(at=AT, reason="council_decision", text="Hủy")
    await append(room.tally.board, room.uuid, 3, [cancelled])
    with pytest.raises(RecordNotReadyError):
        await build_record(room.tally.board, room.uuid, "end")
