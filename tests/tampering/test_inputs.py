"""Files that cannot be read at all, and the command's exit codes (protocol.md §9)."""

import argparse
import io
import json
import zipfile
import zlib
from pathlib import Path

import pytest

from services.cli import verify as command
from services.verifier.record_files import (
    MalformedInputError,
    attached_records,
    kind_of,
    read_record_files,
)
from services.verifier.report import TITLES
from services.verifier.verify import verify_bytes
from tests.fixtures.record_builder import build_record, zip_of


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


UNREADABLE = {
    "nothing": b"",
    "a text": b"hello",
    "a broken zip": b"PK\x03\x04 and no more",
    "a zip without entries": zipped({"manifest.json": b"{}"}),
    "a zip bomb": zipped({"entries.jsonl": bytes(10_000_000)}, zipfile.ZIP_DEFLATED),
    "an unknown file": zipped({"entries.jsonl": b"", "../secret": b""}),
    "a broken archive": b"BELENIOS\0" + bytes(600),
    "a PDF without a record": b"%PDF-1.7\n%%EOF\n",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_input(name: str) -> None:
    """What is no record, archive, paper or receipt is malformed."""
    with pytest.raises(MalformedInputError):
        verify_bytes(UNREADABLE[name], "input")


def test_kinds() -> None:
    """The first bytes tell what a file is."""
    assert kind_of(b"PK\x03\x04") == "record"
    assert kind_of(b"BELENIOS\0") == "archive"
    assert kind_of(b"\n%PDF-1.7") == "paper"
    assert kind_of(b" {}") == "receipt"


def test_file_twice_in_a_record() -> None:
    """A second file of the same name could show other readers something else."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("entries.jsonl", b"one\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("entries.jsonl", b"two\n")
    with pytest.raises(MalformedInputError, match="twice"):
        read_record_files(buffer.getvalue())


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"{}\n", b"\xff\xfe\n", b"null\n", b"[" * 5000 + b"\n"]
)
def test_entries_that_are_none(data: bytes) -> None:
    """A record of nonsense fails its checks; none of them stumbles."""
    report = verify_bytes(zip_of({"entries.jsonl": data}), "record.zip")

    assert "V1" in report.failed
    assert not report.ok
    assert not any("cannot be judged: At" in check.detail for check in report.checks)


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    return parser.parse_args(["verify", *words])


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 for a record that holds, a line a check, a verdict at the end."""
    path = tmp_path / "record.zip"
    path.write_bytes(build_record().to_zip())

    assert command.run(arguments(str(path))) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[: len(TITLES)]] == list(TITLES)
    assert "V7   holds  Ballot tokens: 5 of 5 valid" in lines[7]
    assert lines[-1].startswith("VERIFIED: record.zip: 18 checks hold")


def test_command_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has input, ok and the checks, nothing else; a failing check exits with 1."""
    path = tmp_path / "record.zip"
    changed = build_record(changes={"archive": lambda data: data[:-512]})
    path.write_bytes(changed.to_zip())

    assert command.run(arguments(str(path), "--json", "--strict")) == 1
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"input", "ok", "checks"}
    assert all(set(check) == {"id", "status", "detail"} for check in answer["checks"])
    failing = [check["id"] for check in answer["checks"] if check["status"] == "fails"]
    assert (answer["ok"], failing) == (False, ["V17", "V20"])


@pytest.mark.parametrize("content", [None, b"hello"])
def test_command_on_a_malformed_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    """A missing or malformed file exits with 2 and one sentence."""
    path = tmp_path / "input"
    if content is not None:
        path.write_bytes(content)

    assert command.run(arguments(str(path))) == 2
    assert capsys.readouterr().err.startswith("phieukin verify: ")


def test_command_with_other_certificates(tmp_path: Path) -> None:
    """--trust that is no PEM is malformed usage."""
    path = tmp_path / "record.zip"
    path.write_bytes(build_record().to_zip())

    assert command.run(arguments(str(path), "--trust", str(path))) == 2


def test_attachment_by_references() -> None:
    """A writer of PDF may put every value into an object of its own."""
    content = zlib.compress(b"the record")
    objects = [
        b"<</Type/Catalog/Names 2 0 R>>",
        b"<</EmbeddedFiles 3 0 R>>",
        b"<</Kids 4 0 R>>",
        b"[5 0 R]",
        b"<</Names 6 0 R>>",
        b"[(record.zip) 7 0 R]",
        b"<</Type/Filespec/UF 8 0 R/EF 9 0 R>>",
        b"(record.zip)",
        b"<</F 10 0 R>>",
        b"<</Filter 11 0 R/Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"/FlateDecode",
    ]
    data, places = b"%PDF-1.7\n", [b"0000000000 65535 f \n"]
    for number, value in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    end = b"xref\n0 12\n%strailer\n<</Size 12/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    data += end % (b"".join(places), len(data))

    assert attached_records(data) == {"record.zip": b"the record"}
