"""A whole paper as its records let it be, part by part."""

from dataclasses import dataclass

from services.verifier.wording import Piece


@dataclass(frozen=True)
class ExpectedPaper:
    """
    The parts of a paper; `tables` are heads and rows, a row over all columns has one cell.

    `left`, `right`: the two columns of signatures after the closing sentence.
    """

    parent_line: str
    issuer_line: str
    number_line: str
    body: Piece
    tables: tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...]
    left: Piece
    right: Piece
    recipients: Piece
