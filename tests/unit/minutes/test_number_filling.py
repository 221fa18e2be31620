"""Number and date of a minute: how they are written, and the one update that fills them."""

import datetime
import io

import pikepdf
import pytest

from services.minutes.errors import PaperNumberInvalidError
from services.minutes.number_filling import (
    fill_number_and_date,
    number_text,
    read_printed_date,
)
from tests.unit.minutes.test_signature_check import signed
from tests.unit.pades.pdfa_rules import broken_rules

DAY = datetime.date(2027, 1, 5)


@pytest.mark.parametrize(
    ("given", "written"),
    [("7", "07"), ("07", "07"), ("007", "07"), ("12", "12"), (" 120 ", "120"), ("7a", "07a")],
)
def test_leading_zero(given: str, written: str) -> None:
    """Annex I: numbers below 10 take a zero; one number has one spelling."""
    assert number_text(given) == written


@pytest.mark.parametrize("given", ["", "0", "00", "-1", "07/BB", "12345", "7abc", "٧", "7 1"])
def test_no_number(given: str) -> None:
    """What does not fit the field or is no number."""
    with pytest.raises(PaperNumberInvalidError):
        number_text(given)


@pytest.mark.parametrize("text", ["ngày 05 tháng 01 năm 2027", "05/01/2027", "5-1-2027"])
def test_date_of_another_program(text: str) -> None:
    """In the decree's words or in figures."""
    assert read_printed_date(text) == DAY


@pytest.mark.parametrize("text", ["", "31/02/2027", "2027-01-05", "hôm nay"])
def test_no_date(text: str) -> None:
    """A day that does not exist or is written in another order is refused."""
    with pytest.raises(PaperNumberInvalidError):
        read_printed_date(text)


def test_fields_are_filled() -> None:
    """Value and look agree, the font is the paper's own, and nothing asks a viewer to redraw."""
    held = signed("meeting", "secretary", "presiding")
    filled = fill_number_and_date(held, "07", DAY)
    assert filled.startswith(held)
    assert fill_number_and_date(held, "07", DAY) == filled
    assert broken_rules(filled) == []
    with pikepdf.open(io.BytesIO(filled)) as pdf:
        form = pdf.Root.AcroForm
        assert "/NeedAppearances" not in form
        fields = {str(field.T): field for field in form.Fields}
        assert str(fields["number"].V) == "07"
        assert str(fields["date"].V) == "ngày 05 tháng 01 năm 2027"
        for name in ("number", "date"):
            look = fields[name].AP.N
            font = look.Resources.Font.Tinos
            assert font.objgen == form.DR.Font.Tinos.objgen
            assert "/FontFile2" in font.FontDescriptor
            assert b" Tj " in look.read_bytes()
