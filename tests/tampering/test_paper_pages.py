"""Papers forged before they were issued, by whoever issues them: pages against records (V18)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pikepdf
import pytest

from services.minutes.model import (
    CountingGroup,
    CountingTable,
    MeetingTable,
    PaperContent,
    Paragraph,
)
from services.verifier.checks_anchor import Anchors
from services.verifier.verify import verify_bytes
from tests.fixtures.paper_builder import built_paper, content_of, counted_record, issue, sign_all
from tests.fixtures.record_builder import build_record
from tests.tampering.paper_attacks import reasons, redrawn, reprinted, with_block

Change = Callable[[PaperContent], PaperContent]


def texts(old: str, new: str) -> Change:
    """Another word in a sentence or in its bold beginning."""

    def change(content: PaperContent) -> PaperContent:
        blocks = tuple(
            msgspec.structs.replace(
                block, text=block.text.replace(old, new), lead=block.lead.replace(old, new)
            )
            if isinstance(block, Paragraph)
            else block
            for block in content.blocks
        )
        assert blocks != content.blocks
        return msgspec.structs.replace(content, blocks=blocks)

    return change


def table(change: Callable[[Any], Any]) -> Change:
    """Another table."""

    def changed(content: PaperContent) -> PaperContent:
        blocks = tuple(
            change(block) if isinstance(block, CountingTable | MeetingTable) else block
            for block in content.blocks
        )
        assert blocks != content.blocks
        return msgspec.structs.replace(content, blocks=blocks)

    return changed


def cell(position: int, value: str) -> Change:
    """Another cell in the first row of the meeting minute's table."""

    def change(block: MeetingTable) -> MeetingTable:
        first = list(block.rows[0])
        first[position] = value
        return msgspec.structs.replace(block, rows=(tuple(first), *block.rows[1:]))

    return table(change)


def mark(old: str, new: str) -> Change:
    """Another heading over the cases of an award in the counting minute's table."""

    def change(block: CountingTable) -> CountingTable:
        groups = tuple(
            CountingGroup(heading=group.heading, mark=group.mark.replace(old, new), rows=group.rows)
            for group in block.groups
        )
        return msgspec.structs.replace(block, groups=groups)

    return table(change)


def twice(content: PaperContent) -> PaperContent:
    """A second table of results, with other figures."""
    blocks = []
    for block in content.blocks:
        blocks.append(block)
        if isinstance(block, MeetingTable):
            blocks += [Paragraph(text="Kết quả đã sửa:"), block]
    return msgspec.structs.replace(content, blocks=tuple(blocks))


def without_rows(content: PaperContent) -> PaperContent:
    return table(lambda block: msgspec.structs.replace(block, rows=block.rows[:-1]))(content)


def reordered(content: PaperContent) -> PaperContent:
    return table(lambda block: msgspec.structs.replace(block, rows=block.rows[::-1]))(content)


def other_seal(key: str, value: str) -> Change:
    def change(content: PaperContent) -> PaperContent:
        (check,) = content.cross_checks
        other = msgspec.structs.replace(check, **{key: value})
        return msgspec.structs.replace(content, cross_checks=(other,))

    return change


def signer(name: str) -> Change:
    def change(content: PaperContent) -> PaperContent:
        (place,) = content.right.places
        places = (msgspec.structs.replace(place, name=name),)
        right = msgspec.structs.replace(content.right, places=places)
        return msgspec.structs.replace(content, right=right)

    return change


PRINTED: dict[str, tuple[str, Change, str]] = {
    "figure in the table": ("meeting", cell(4, "7"), "row 1 of a table should read"),
    "name in the table": ("meeting", cell(1, "Nguyễn Văn X"), "row 1 of a table should read"),
    "outcome in the table": ("meeting", cell(8, "Đạt"), "row 1 of a table should read"),
    "votes needed in the table": ("meeting", cell(3, "4/7"), "row 1 of a table should read"),
    "row left out": ("meeting", without_rows, "row 3 of a table should read"),
    "rows in another order": ("meeting", reordered, "not in the order of the list"),
    "second table": ("meeting", twice, "2 tables are printed, not 1"),
    "citation of the rule": ("counting", mark("Điều 5", "Điều 9"), "a heading of a table"),
    "votes needed": ("counting", mark("5/7", "4/7"), "a heading of a table"),
    "award in the conclusion": ("meeting", texts("Bằng khen: ", "Huân: "), "the record says"),
    "name in the conclusion": ("meeting", texts("Nguyễn Văn 2", "Nguyễn Văn 1"), "the record says"),
    "place of the meeting": ("meeting", texts("Hội trường A", "Hội trường B"), "the record says"),
    "teller": ("meeting", texts("Thành viên 2, Ủy viên; ", "Ông X, Ủy viên; "), "the record says"),
    "time of the ballot": ("meeting", texts("đến 09 giờ 30", "đến 10 giờ 30"), "the record says"),
    "who was absent": ("meeting", texts("Thành viên 7", "Thành viên 8"), "the record says"),
    "sentence that contradicts": (
        "meeting",
        with_block(10, "Kết quả: Nguyễn Văn 1 đạt 15/15 phiếu."),
        "the record says",
    ),
    "figure printed a second time": (
        "meeting",
        with_block(-3, "Số phiếu phát ra: 7; thu về: 7; hợp lệ: 7; không hợp lệ: 0."),
        "ballots: prints 7 / 7 / 7 / 0",
    ),
    "name under the signature": ("counting", signer("Thành viên 9"), "signatures, right"),
    "title": (
        "meeting",
        lambda content: msgspec.structs.replace(content, subject="Họp xét năm 2025"),
        "the record says",
    ),
    "issuer": (
        "meeting",
        lambda content: msgspec.structs.replace(content, issuer_line=("ỦY BAN", "KHÁC")),
        "heading, left",
    ),
    "seal code": (
        "meeting",
        other_seal("text", "Đối chiếu: mã niêm phong AAAA-AAAA-AAAA-AAAA-AAAA; không."),
        "cross-check",
    ),
    "QR code": ("meeting", other_seal("value", "ab" * 32), "the QR codes say abab"),
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_printed_otherwise(name: str) -> None:
    """What is printed is not the record's, though the right people signed it."""
    kind, change, reason = PRINTED[name]

    assert reason in reasons(reprinted(kind, change))


def contents(change: Callable[[bytes], bytes]) -> Callable[[pikepdf.Pdf], None]:
    def changed(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        before = page.Contents.read_bytes()
        after = change(before)
        assert after != before
        page.Contents = pdf.make_stream(after)

    return changed


def lying_font(pdf: pikepdf.Pdf) -> None:
    """Programs read “7” where “6” is drawn, and the other way round."""
    for font in pdf.pages[0].Resources.Font.values():
        maps = font.ToUnicode.read_bytes()
        swapped = maps.replace(b"<0036>", b"<zzzz>").replace(b"<0037>", b"<0036>")
        font.ToUnicode = pdf.make_stream(swapped.replace(b"<zzzz>", b"<0037>"))


def layer(pdf: pikepdf.Pdf) -> None:
    """The page stands on a layer that viewers may hide."""
    group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="result"))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(ON=[group]))
    page = pdf.pages[0]
    page.Resources.Properties = pikepdf.Dictionary(L=group)
    page.Contents = pdf.make_stream(b"/OC /L BDC\n" + page.Contents.read_bytes() + b"\nEMC")


def picture(pdf: pikepdf.Pdf) -> None:
    """A picture lies over a figure."""
    form = pdf.make_stream(b"0 g 0 0 40 12 re f")
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = [0, 0, 40, 12]
    pdf.pages[0].Resources.XObject = pikepdf.Dictionary(P=form)
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\nq 1 0 0 1 200 400 cm /P Do Q")


def note(pdf: pikepdf.Pdf) -> None:
    """A note was laid over the figures before the paper was issued."""
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.FreeText,
        Rect=[85, 300, 500, 500],
        Contents="15/15",
        DA="/Helv 12 Tf 0 g",
        F=4,
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(annotation)]))


def other_file(pdf: pikepdf.Pdf) -> None:
    """A file of another name is attached as well."""
    pdf.attachments["result.txt"] = b"15/15"


def cropped(pdf: pikepdf.Pdf) -> None:
    """The last lines of the page lie outside of what is shown."""
    pdf.pages[0].CropBox = pikepdf.Array([0, 400, 595, 842])


DRAWN: dict[str, tuple[Callable[[pikepdf.Pdf], None], str]] = {
    "white text": (
        contents(lambda data: data.replace(b"0 scn", b"1 scn", 60)),
        "does not show what its text says",
    ),
    "text under a white rectangle": (
        contents(lambda data: data + b"\nq 1 g 85 300 440 60 re f Q\n"),
        "does not show what its text says",
    ),
    "invisible text": (
        contents(lambda data: data.replace(b"0 Tr", b"3 Tr", 40)),
        "does not show what its text says",
    ),
    "drawn figure": (
        contents(lambda data: data + b"\nq 3 w 300 300 m 300 330 l S 310 300 20 30 re f Q\n"),
        "shows what its text does not say",
    ),
    "struck out": (
        contents(lambda data: data + b"\nq 1 w 85 420 m 540 420 l S 85 425 m 540 425 l S"
                 b" 85 430 m 540 430 l S 85 435 m 540 435 l S Q\n"),
        "a line goes through",
    ),
    "lying ToUnicode": (lying_font, "shows something else where its text says"),
    "layer": (layer, "has layers"),
    "picture over a figure": (picture, "uses /XObject"),
    "note over figures": (note, "lies over"),
    "another file": (other_file, "another file is attached: result.txt"),
    "cut off": (cropped, "is cut off"),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_otherwise(name: str) -> None:
    """The eye sees something else than programs read, or something beside it."""
    change, reason = DRAWN[name]

    assert reason in reasons(redrawn("counting", change))


def test_forged_record_attached() -> None:
    """A minute over a record whose result was changed: V15 or V16 refuse the record itself."""

    def more_agree(result: Any) -> Any:
        first = result.outcomes[0]
        forged = msgspec.structs.replace(
            first, agree=first.agree + 1, disagree=first.disagree - 1, passed=True
        )
        return msgspec.structs.replace(result, outcomes=(forged, *result.outcomes[1:]))

    record = build_record(changes={"result": more_agree})
    content = content_of("counting", record)
    report = verify_bytes(
        sign_all(issue(content, record), content), "paper.pdf", Anchors(shows_codes=False)
    )

    assert {"V15", "V16"} & set(report.failed)
    assert "V18" not in report.failed


def test_record_of_another_election_attached() -> None:
    """The pages are of one election, the attached record is of another."""
    other = build_record(
        changes={"terms": lambda terms: msgspec.structs.replace(terms, rp_id="x.example.vn")}
    )
    content = content_of("meeting", counted_record())

    assert "cross-check" in reasons(sign_all(issue(content, other), content))


def test_two_papers_at_once() -> None:
    """PDFium crashes the whole process when two threads use it: papers are drawn in turn."""
    paper = built_paper("counting").signed
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: verify_bytes(paper, "minute.pdf", processes=1), range(2)))
    assert all(report.ok for report in reports)
