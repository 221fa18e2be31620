"""Whole meetings by `phieukin demo`: the samples in both groups, and what strangers say of them."""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.cli.main import main

SCENARIOS = Path(__file__).parents[1] / "fixtures" / "scenarios"
SAMPLES = ["doi-thong-school", "lam-giang-construction-department", "lam-giang-province"]
GROUPS = ["Ed25519", "BELENIOS-2048"]
MEETINGS = [(sample, group) for group in reversed(GROUPS) for sample in SAMPLES]
IN_2048 = [meeting for meeting in MEETINGS if meeting[1] == "BELENIOS-2048"]
IN_ED25519 = [meeting for meeting in MEETINGS if meeting[1] == "Ed25519"]
ONE_OF_EACH_GROUP = [IN_2048[0], IN_ED25519[0]]
ONE_MEETING = [MEETINGS[-1]]

Held = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """
    The folder that a demo of a sample has left: played once, whichever worker comes first.

    A lock and not xdist's groups: version 3.8 loses them under pytest 9.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def play(sample: str, group: str) -> Path:
        out = shared / f"meeting-{sample}-{group}"
        with (shared / f"{out.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (out / "result.json").exists():
                scenario = SCENARIOS / f"{sample}.json"
                arguments = ["--scenario", str(scenario), "--group", group, "--out", str(out)]
                assert main(["demo", *arguments]) == 0
        return out

    return play


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        assert os.environ.get("CI") != "true", f"{name} is missing"
        pytest.skip(f"{name} is not installed")
    return found


def output_of(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """`phieukin verify … --json`: its exit code and what it says."""
    capsys.readouterr()
    code = main(["verify", *arguments, "--json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, report


def failing(report: dict[str, Any]) -> set[str]:
    return {check["id"] for check in report["checks"] if check["status"] == "fails"}


@pytest.mark.parametrize(("sample", "group"), MEETINGS)
def test_a_sample_gives_exactly_what_it_expects(held: Held, sample: str, group: str) -> None:
    """The figures of the service are those that a person computed by hand."""
    scenario = json.loads((SCENARIOS / f"{sample}.json").read_bytes())
    result = json.loads((held(sample, group) / "result.json").read_bytes())
    assert result == scenario["expected"]


@pytest.mark.parametrize(("sample", "group"), ONE_OF_EACH_GROUP)
def test_record_archive_papers_and_receipts_verify(
    held: Held, sample: str, group: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file that a meeting leaves passes all of its checks, as `demo` itself has said."""
    out = held(sample, group)
    files = [out / "record.zip", *out.glob("*.bel"), *out.glob("*.pdf")]
    receipts = sorted((out / "receipts").glob("*.json"))
    for path in [*files, receipts[0], receipts[-1]]:
        code, report = verify(capsys, str(path))
        assert (code, failing(report), report["ok"]) == (0, set(), True), path.name
    assert len(files) == 4


@pytest.mark.parametrize(("sample", "group"), IN_2048)
def test_belenios_tool_passes_the_archive(held: Held, sample: str, group: str) -> None:
    """A stranger's program verifies the archive unmodified."""
    tool = program("belenios-tool")
    (archive,) = held(sample, group).glob("*.bel")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(archive, folder)
        assert "all checks passed" in output_of(tool, "election", "verify", "--dir", folder)


@pytest.mark.parametrize(("sample", "group"), IN_ED25519)
def test_poppler_judges_every_signature_valid(held: Held, sample: str, group: str) -> None:
    """Three tellers on the counting minute, two officers on the meeting minute."""
    tool = program("pdfsig")
    for name, signatures in (("counting-minute.pdf", 3), ("meeting-minute.pdf", 3)):
        said = output_of(tool, "-nocert", str(held(sample, group) / name))
        assert said.count("Signature is Valid") == signatures
        assert said.count("Total document signed") >= 1


@pytest.mark.parametrize(("sample", "group"), IN_ED25519)
def test_papers_give_their_text_in_vietnamese(held: Held, sample: str, group: str) -> None:
    """Text can be copied and searched: composed letters, names whole."""
    tool = program("pdftotext")
    out = held(sample, group)
    scenario = json.loads((SCENARIOS / f"{sample}.json").read_bytes())
    for name, title in (
        ("counting-minute.pdf", "BIÊN BẢN KIỂM PHIẾU"),
        ("meeting-minute.pdf", "BIÊN BẢN"),
    ):
        text = output_of(tool, "-layout", str(out / name), "-")
        assert unicodedata.is_normalized("NFC", text)
        assert title in text
        assert "Độc lập - Tự do - Hạnh phúc" in text
        assert "nhất trí" not in text
        squeezed = " ".join(text.split())
        for member in scenario["tellers"]:
            assert next(m["name"] for m in scenario["members"] if m["no"] == member) in squeezed


@pytest.mark.parametrize(("sample", "group"), ONE_MEETING)
def test_papers_can_be_turned_into_pictures(
    held: Held, sample: str, group: str, tmp_path: Path
) -> None:
    """A reader of PDF that is not ours draws every page."""
    tool = program("pdftoppm")
    for name in ("counting-minute", "meeting-minute"):
        paper = held(sample, group) / f"{name}.pdf"
        assert output_of(tool, "-r", "40", "-png", str(paper), str(tmp_path / name)) == ""
        pages = sorted(tmp_path.glob(f"{name}*.png"))
        assert pages
        assert all(page.stat().st_size > 1000 for page in pages)


def with_changed_figure(record: Path, changed: Path) -> None:
    """Copy a record with one more vote for the first nomination, in its result entry."""
    with zipfile.ZipFile(record) as source, zipfile.ZipFile(changed, "w") as target:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "entries.jsonl":
                lines = data.splitlines(keepends=True)
                at = next(i for i, line in enumerate(lines) if b'"type":"result"' in line)
                lines[at] = lines[at].replace(b'"disagree":0', b'"disagree":1', 1)
                assert data != b"".join(lines)
                data = b"".join(lines)
            target.writestr(item, data)


@pytest.mark.parametrize(("sample", "group"), ONE_MEETING)
def test_a_changed_figure_is_named_by_its_check(
    held: Held, sample: str, group: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """V16 recomputes the outcome, V2 sees that the log is another."""
    with_changed_figure(held(sample, group) / "record.zip", tmp_path / "record.zip")
    code, report = verify(capsys, str(tmp_path / "record.zip"))
    assert code == 1
    assert {"V2", "V16"} <= failing(report)


@pytest.mark.parametrize(("sample", "group"), ONE_MEETING)
def test_a_code_from_the_hall_anchors_the_record(
    held: Held, sample: str, group: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an anchor a record is only consistent; another code fails."""
    record = str(held(sample, group) / "record.zip")
    code, report = verify(capsys, record, "--strict")
    assert (code, failing(report)) == (1, {"V20"})
    code, report = verify(capsys, record, "--code", "0000-0000-0000-0000-0000")
    assert (code, failing(report)) == (1, {"V20"})


@pytest.mark.parametrize(("sample", "group"), ONE_MEETING)
def test_a_changed_receipt_fails(
    held: Held, sample: str, group: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A receipt is verifiable alone (V19)."""
    receipt = sorted((held(sample, group) / "receipts").glob("*.json"))[0]
    document = json.loads(receipt.read_bytes())
    leaf = document["leaf"]
    document["leaf"] = ("1" if leaf[0] == "0" else "0") + leaf[1:]
    (tmp_path / "receipt.json").write_text(json.dumps(document))
    code, report = verify(capsys, str(tmp_path / "receipt.json"))
    assert (code, failing(report)) == (1, {"V19"})


@pytest.mark.parametrize(("sample", "group"), ONE_MEETING)
def test_verify_refuses_what_is_malformed(
    held: Held, sample: str, group: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2: not a check that fails, but no input at all."""
    (tmp_path / "nothing.zip").write_bytes(b"PK")
    assert main(["verify", str(tmp_path / "nothing.zip")]) == 2
    assert main(["verify", str(tmp_path / "missing.zip")]) == 2
    truncated = (held(sample, group) / "record.zip").read_bytes()[:-100]
    (tmp_path / "truncated.zip").write_bytes(truncated)
    assert main(["verify", str(tmp_path / "truncated.zip")]) == 2
