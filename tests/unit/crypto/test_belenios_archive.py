"""`.bel` archives, byte for byte (belenios-format §8)."""

import dataclasses
import hashlib
import json
from collections.abc import Callable

import pytest

from crypto.belenios_archive import (
    Archive,
    OwnedPartialDecryption,
    read_archive,
    read_members,
    write_archive,
)
from crypto.errors import ArchiveError
from tests.sample_elections import BELENIOS, TOOL_FOLDERS, tool_election

FOLDER = "tool-3.3.0-ed25519-agree"


@pytest.mark.parametrize("folder", TOOL_FOLDERS)
def test_archive_of_the_tool(folder: str) -> None:
    """All objects are found, and written again they give the same bytes."""
    tool = tool_election(folder)
    archive = tool.archive
    assert write_archive(archive) == tool.data
    assert len(set(archive.ballots)) == len(archive.ballots) >= len(tool.credentials)
    assert archive.is_closed
    assert archive.num_tallied == archive.total_weight == len(tool.credentials)
    assert len({each.owner for each in archive.partial_decryptions}) >= 2
    expected = json.loads((BELENIOS / folder / "expected-result.json").read_text())
    assert archive.result is not None
    assert json.loads(archive.result) == expected
    members = read_members(tool.data)
    assert members[0] == ("BELENIOS", f'{{"version":1,"timestamp":"{archive.timestamp}"}}')
    for name, text in members[1:]:
        assert name.split(".")[0] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("until", range(5))
def test_archive_of_an_unfinished_count(until: int) -> None:
    """An archive may end at any event; it is read and written as well."""
    whole = tool_election(FOLDER).archive
    cut = dataclasses.replace(whole, result=None)
    if until < 4:
        cut = dataclasses.replace(cut, partial_decryptions=())
    if until < 3:
        cut = dataclasses.replace(cut, encrypted_tally=None, num_tallied=None, total_weight=None)
    if until < 2:
        cut = dataclasses.replace(cut, is_closed=False)
    if until < 1:
        cut = dataclasses.replace(cut, ballots=())
    assert read_archive(write_archive(cut)) == cut
    assert tool_election(FOLDER).data.startswith(write_archive(cut))


def test_every_byte_counts() -> None:
    """One changed byte anywhere, one more, or one less is refused."""
    data = tool_election(FOLDER).data
    for place in range(0, len(data), len(data) // 500):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(ArchiveError):
            read_archive(bytes(changed))
    for other in (
        data[:-1],
        data + b"\0",
        data + bytes(1024),
        b"\0" * 1024 + data,
        data[512:],
        b"",
    ):
        with pytest.raises(ArchiveError):
            read_archive(other)


def _member(name: str, text: str, timestamp: int = 1) -> bytes:
    """A member with a right header, whatever stands in it."""
    content = text.encode()
    header = bytearray(512)
    header[: len(name)] = name.encode()
    header[100:108] = b"0000644\0"
    header[108:124] = b"0000000\x000000000\0"
    header[124:136] = b"%011o\0" % len(content)
    header[136:148] = b"%011o\0" % timestamp
    header[148:156] = b" " * 8
    header[156:157] = b"0"
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + content + bytes(-len(content) % 512)


class _Maker:
    """Writes archives that the writer would never write."""

    def __init__(self) -> None:
        self.data = _member("BELENIOS", '{"version":1,"timestamp":"1"}')
        self.parent: str | None = None
        self.height = 0

    def add(self, text: str) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.data += _member(f"{digest}.data.json", text)
        return digest

    def event(self, kind: object, payload: object = None, **changes: object) -> None:
        value: dict[str, object] = {} if self.parent is None else {"parent": self.parent}
        value |= {"height": self.height, "type": kind}
        if payload is not None:
            value["payload"] = payload
        text = json.dumps(value | changes, separators=(",", ":"))
        self.parent = hashlib.sha256(text.encode()).hexdigest()
        self.data += _member(f"{self.parent}.event.json", text)
        self.height += 1

    def set_up(self) -> None:
        names = {name: self.add(f'"{name}"') for name in ("election", "trustees", "credentials")}
        self.event("Setup", self.add(json.dumps(names, separators=(",", ":"))))


def test_smallest_archive() -> None:
    """A set-up alone is an archive: the maker of the wrong ones can make a right one."""
    maker = _Maker()
    maker.set_up()
    assert read_archive(maker.data) == Archive(
        1, '"election"', '"trustees"', '"credentials"', (), is_closed=False
    )


def _second_set_up(maker: _Maker) -> None:
    maker.set_up()
    maker.set_up()


def _ballot_before_set_up(maker: _Maker) -> None:
    maker.event("Ballot", maker.add("{}"))
    maker.set_up()


def _ballot_after_the_end(maker: _Maker) -> None:
    maker.set_up()
    maker.event("EndBallots")
    maker.event("Ballot", maker.add("{}"))


def _end_twice(maker: _Maker) -> None:
    maker.set_up()
    maker.event("EndBallots")
    maker.event("EndBallots")


def _end_with_payload(maker: _Maker) -> None:
    maker.set_up()
    maker.event("EndBallots", maker.add("{}"))


def _unknown_event(maker: _Maker) -> None:
    maker.set_up()
    maker.event("Shuffle", maker.add("{}"))


def _event_of_a_list(maker: _Maker) -> None:
    maker.set_up()
    maker.event(["Ballot"], maker.add("{}"))


def _event_that_is_no_object(maker: _Maker) -> None:
    maker.set_up()
    text = "[]"
    maker.data += _member(f"{hashlib.sha256(text.encode()).hexdigest()}.event.json", text)


def _ballot_without_payload(maker: _Maker) -> None:
    maker.set_up()
    maker.event("Ballot")


def _missing_object(maker: _Maker) -> None:
    maker.set_up()
    maker.event("Ballot", "0" * 64)


def _object_named_otherwise(maker: _Maker) -> None:
    maker.set_up()
    maker.event("Ballot", maker.add("{}").upper())


def _object_that_nobody_names(maker: _Maker) -> None:
    maker.set_up()
    maker.add('"extra"')


def _wrong_height(maker: _Maker) -> None:
    maker.set_up()
    maker.event("Ballot", maker.add("{}"), height=2)


def _wrong_parent(maker: _Maker) -> None:
    maker.set_up()
    maker.event("Ballot", maker.add("{}"), parent="0" * 64)


def _more_in_an_event(maker: _Maker) -> None:
    maker.set_up()
    maker.event("Ballot", maker.add("{}"), extra=1)


def _name_of_another_hash(maker: _Maker) -> None:
    maker.set_up()
    maker.data += _member("0" * 64 + ".data.json", "{}")


def _name_of_another_form(maker: _Maker) -> None:
    maker.set_up()
    maker.data += _member("README", "{}")


def _malformed_set_up(maker: _Maker) -> None:
    maker.event("Setup", maker.add("{}"))


def _malformed_sizes(maker: _Maker) -> None:
    maker.set_up()
    maker.event("EndBallots")
    sized = {"num_tallied": "1", "total_weight": 1, "encrypted_tally": maker.add("[]")}
    maker.event("EncryptedTally", maker.add(json.dumps(sized, separators=(",", ":"))))


def _owner_that_is_no_number(maker: _Maker) -> None:
    maker.set_up()
    owned = {"owner": "1", "payload": maker.add("{}")}
    maker.event("PartialDecryption", maker.add(json.dumps(owned, separators=(",", ":"))))


def _member_of_other_bytes(maker: _Maker) -> None:
    maker.set_up()
    header = _member("0" * 64 + ".data.json", "xx")[:512]
    maker.data += header + b"\xff\xfe" + bytes(510)


@pytest.mark.parametrize(
    "make",
    [
        _second_set_up,
        _ballot_before_set_up,
        _ballot_after_the_end,
        _end_twice,
        _end_with_payload,
        _unknown_event,
        _event_of_a_list,
        _event_that_is_no_object,
        _ballot_without_payload,
        _missing_object,
        _object_named_otherwise,
        _object_that_nobody_names,
        _wrong_height,
        _wrong_parent,
        _more_in_an_event,
        _name_of_another_hash,
        _name_of_another_form,
        _malformed_set_up,
        _malformed_sizes,
        _owner_that_is_no_number,
        _member_of_other_bytes,
    ],
)
def test_archive_that_is_refused(make: Callable[[_Maker], None]) -> None:
    """Headers and hashes are right, what they say is not."""
    maker = _Maker()
    make(maker)
    with pytest.raises(ArchiveError):
        read_archive(maker.data)


@pytest.mark.parametrize(
    "header",
    [
        '{"version":2,"timestamp":"1"}',
        '{"version":1,"timestamp":1}',
        '{"version":1,"timestamp":"01"}',
        '{"timestamp":"1","version":1}',
        '{"version":1}',
        "",
    ],
)
def test_header_that_is_refused(header: str) -> None:
    """Protocol 1 and its one spelling."""
    maker = _Maker()
    maker.data = _member("BELENIOS", header)
    maker.set_up()
    with pytest.raises(ArchiveError):
        read_archive(maker.data)


def test_header_alone() -> None:
    """Without a set-up there is no election."""
    with pytest.raises(ArchiveError):
        read_archive(_Maker().data)


def test_archive_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Size and number of members are bounded."""
    data = tool_election(FOLDER).data
    for limit, value in (("MAX_ARCHIVE_BYTES", len(data) - 1), ("MAX_MEMBERS", 3)):
        with monkeypatch.context() as patched:
            patched.setattr(f"crypto.belenios_archive.{limit}", value)
            with pytest.raises(ArchiveError):
                read_archive(data)


def test_contents_that_cannot_be_written() -> None:
    """A time must fit into eleven octal digits; a tally stands with its sizes."""
    whole = tool_election(FOLDER).archive
    latest = dataclasses.replace(whole, timestamp=8**11 - 1)
    assert read_archive(write_archive(latest)) == latest
    for wrong in (
        dataclasses.replace(whole, timestamp=8**11),
        dataclasses.replace(whole, timestamp=-1),
        dataclasses.replace(whole, num_tallied=None),
        dataclasses.replace(whole, total_weight=None),
        dataclasses.replace(whole, encrypted_tally=None),
    ):
        with pytest.raises(ArchiveError):
            write_archive(wrong)


def test_partial_decryptions_keep_their_order() -> None:
    """Any trustees in any order; which of them suffice is not the archive's business."""
    whole = tool_election(FOLDER).archive
    partial = (OwnedPartialDecryption(3, "{}"), OwnedPartialDecryption(1, "[]"))
    changed = dataclasses.replace(whole, partial_decryptions=partial)
    assert read_archive(write_archive(changed)).partial_decryptions == partial
