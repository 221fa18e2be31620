"""The papers as files: same bytes, fonts, record attached, room to sign, text that can be read."""

import io
import os
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from services.minutes.counting_minute import counting_minute
from services.minutes.fields import FieldsError, put_fields
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import AttachedRecord, PaperContent
from services.minutes.rendering import RenderedPaper, qr_svg, render_paper
from tests.unit.minutes.paper_samples import (
    SAMPLES,
    SECOND_UUID,
    SOFTWARE,
    UUID,
    attached,
    counted,
    read_scenario,
    texts_of,
    with_nominations,
)

A4 = (595, 842)


def drawn(name: str, kind: str) -> tuple[PaperContent, AttachedRecord]:
    scenario = read_scenario(name)
    election = counted(scenario)
    record, texts = attached(election), texts_of(scenario)
    if kind == "counting":
        return counting_minute(election, texts, record, SOFTWARE), record
    return meeting_minute([election], texts, [record], SOFTWARE), record


def issued(name: str, kind: str) -> bytes:
    content, record = drawn(name, kind)
    return put_fields(render_paper(content, [record]), content)


def text_of_pages(paper: bytes, folder: Path, *options: str) -> str:
    if shutil.which("pdftotext") is None:
        assert os.environ.get("CI") != "true", "pdftotext is missing"
        pytest.skip("pdftotext is not installed")
    (folder / "paper.pdf").write_bytes(paper)
    done = subprocess.run(
        ["pdftotext", *options, str(folder / "paper.pdf"), "-"], capture_output=True, check=True
    )
    return done.stdout.decode()


def attachments_of(paper: bytes) -> dict[str, bytes]:
    root: Any = PdfFileReader(io.BytesIO(paper)).root
    names = root["/Names"]["/EmbeddedFiles"]["/Names"]
    files = [each.get_object() for each in names]
    return {str(spec["/F"]): spec["/EF"]["/F"].data for spec in files if not isinstance(spec, str)}


@pytest.mark.parametrize("kind", ["counting", "meeting"])
@pytest.mark.parametrize("name", SAMPLES)
def test_same_input_twice(name: str, kind: str) -> None:
    """The same record and texts give the same bytes, fields included."""
    assert issued(name, kind) == issued(name, kind)


def test_other_record() -> None:
    """Another record is another paper."""
    content, record = drawn("doi-thong-school", "counting")
    other = AttachedRecord(UUID, record.name, record.data + b" ", record.seal_value, "")
    assert render_paper(content, [record]).pdf != render_paper(content, [other]).pdf


def test_archival_format() -> None:
    """The file says of itself that it is PDF/A-3b (ISO 19005-3)."""
    paper = issued("doi-thong-school", "meeting")
    assert b"<pdfaid:part>3</pdfaid:part>" in paper
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in paper


def test_record_attached() -> None:
    """The record is in the file byte for byte, as the data that the paper was made from."""
    content, record = drawn("doi-thong-school", "counting")
    paper = put_fields(render_paper(content, [record]), content)
    assert attachments_of(paper) == {"record.zip": record.data}
    assert b"/AFRelationship /Data" in paper or b"/AFRelationship/Data" in paper


def test_two_records_attached() -> None:
    """A meeting with a second ballot carries both records, by uuid."""
    scenario = read_scenario("doi-thong-school")
    elections = [counted(scenario), counted(scenario, SECOND_UUID, 2, [0])]
    records = [attached(each, f"record-{each.terms.uuid}.zip") for each in elections]
    content = meeting_minute(elections, texts_of(scenario), records, SOFTWARE)
    paper = put_fields(render_paper(content, records), content)
    assert set(attachments_of(paper)) == {f"record-{UUID}.zip", f"record-{SECOND_UUID}.zip"}


@pytest.mark.parametrize("kind", ["counting", "meeting"])
@pytest.mark.parametrize("name", SAMPLES)
def test_vietnamese_text(name: str, kind: str, tmp_path: Path) -> None:
    """Poppler reads every sentence back, in NFC."""
    content, _ = drawn(name, kind)
    text = text_of_pages(issued(name, kind), tmp_path, "-raw")
    assert unicodedata.is_normalized("NFC", text)
    squeezed = re.sub(r"\s+", "", text)
    for block in msgspec.to_builtins(content)["blocks"]:
        sentence = re.sub(r"\s+", "", block.get("lead", "") + block.get("text", ""))
        if block["kind"] == "paragraph" and len(sentence) < 60:  # may stand on two pages else
            assert sentence in squeezed
    assert "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM" in squeezed
    assert "Độclập-Tựdo-Hạnhphúc" in squeezed


def test_page_numbers(tmp_path: Path) -> None:
    """Pages are numbered from the second on (Annex I)."""
    paper = issued("lam-giang-province", "meeting")
    pages = text_of_pages(paper, tmp_path, "-layout").split("\f")
    numbers = [page.strip().splitlines()[0].strip() for page in pages if page.strip()]
    assert not numbers[0].isdigit()
    assert numbers[1:] == [str(number) for number in range(2, len(numbers) + 1)]


def test_name_that_looks_like_markup(tmp_path: Path) -> None:
    """A name is printed as it is written: typst does not run it."""
    scenario = read_scenario("doi-thong-school")
    evil = '#panic("x") *A* $b$ @c <d> \\u{41}'
    first = msgspec.structs.replace(scenario.nominations[0], name=evil)
    scenario = msgspec.structs.replace(scenario, nominations=(first, *scenario.nominations[1:]))
    election = counted(scenario)
    record = attached(election)
    content = counting_minute(election, texts_of(scenario), record, SOFTWARE)
    text = text_of_pages(render_paper(content, [record]).pdf, tmp_path, "-raw")
    assert re.sub(r"\s+", "", evil) in re.sub(r"\s+", "", text)


@pytest.mark.parametrize("kind", ["counting", "meeting"])
def test_many_nominations(kind: str, tmp_path: Path) -> None:
    """Of 200 cases every row is there, and each page of the table repeats its heads."""
    scenario = with_nominations(read_scenario("lam-giang-province"), 200)
    election = counted(scenario)
    record, texts = attached(election), texts_of(scenario)
    content = (
        counting_minute(election, texts, record, SOFTWARE)
        if kind == "counting"
        else meeting_minute([election], texts, [record], SOFTWARE)
    )
    pages = text_of_pages(render_paper(content, [record]).pdf, tmp_path, "-layout").split("\f")
    rows = [line for page in pages for line in page.splitlines() if re.search(r"\d+,\d\d +", line)]
    with_rows = [page for page in pages if re.search(r"\d+,\d\d +(Đạt|Không đạt)", page)]
    assert len(rows) >= 200
    assert len(with_rows) > 5
    assert all("Kết quả" in page for page in with_rows)


@pytest.mark.parametrize("kind", ["counting", "meeting"])
@pytest.mark.parametrize("name", SAMPLES)
def test_room_for_signatures(name: str, kind: str) -> None:
    """Every person has an empty field on the paper, which readers name in Vietnamese."""
    content, record = drawn(name, kind)
    rendered = render_paper(content, [record])
    reader = PdfFileReader(io.BytesIO(put_fields(rendered, content)))
    found = {
        name: reference.get_object()
        for name, value, reference in enumerate_sig_fields(reader)
        if value is None
    }
    assert {name: str(field["/TU"]) for name, field in found.items()} == {
        place.field: place.title for place in content.places
    }
    for field in found.values():
        left, bottom, right, top = (float(number) for number in field["/Rect"])
        assert 0 < left < right < A4[0]
        assert 0 < bottom < top < A4[1]
    signatures = {each.page for each in rendered.fields if each.kind == "signature"}
    assert len(signatures) == 1, "signatures stay together"


def test_twenty_tellers() -> None:
    """A large team has room too, on as many pages as it needs."""
    scenario = read_scenario("lam-giang-province")
    scenario = msgspec.structs.replace(scenario, tellers=tuple(range(1, 16)), trustee_threshold=8)
    election = counted(scenario)
    record = attached(election)
    content = counting_minute(election, texts_of(scenario), record, SOFTWARE)
    assert len(render_paper(content, [record]).fields) == 15


def test_fields_that_the_content_does_not_name() -> None:
    """A template that leaves room for somebody else is refused."""
    content, record = drawn("doi-thong-school", "meeting")
    rendered = render_paper(content, [record])
    with pytest.raises(FieldsError):
        put_fields(RenderedPaper(rendered.pdf, rendered.fields[:1]), content)


def test_qr_code() -> None:
    """The code is drawn as shapes, so it stays sharp and needs no font."""
    svg = qr_svg("ab" * 32)
    assert svg.startswith("<svg")
    assert "<path" in svg
    assert qr_svg("ab" * 32) == svg


@pytest.mark.parametrize("name", SAMPLES)
def test_fields_of_the_clerk(name: str) -> None:
    """Number and date are empty, drawn by an embedded font, each with a title to be heard."""
    root: Any = PdfFileReader(io.BytesIO(issued(name, "meeting"))).root
    form = root["/AcroForm"]
    found = [each.get_object() for each in form["/Fields"]]
    texts = {str(each["/T"]): each for each in found if each["/FT"] == "/Tx"}
    assert sorted(texts) == ["date", "number"]
    for field in texts.values():
        assert "/V" not in field
        assert field["/TU"]
        assert field["/AP"]["/N"].data == b""
        assert str(field["/DA"]).startswith("/Tinos ")
    assert "/FontFile2" in form["/DR"]["/Font"]["/Tinos"]["/FontDescriptor"]
    assert "/NeedAppearances" not in form
    counting: Any = PdfFileReader(io.BytesIO(issued(name, "counting"))).root
    assert "/DR" not in counting["/AcroForm"]
