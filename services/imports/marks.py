"""The mark that a nomination must reach, as people write it: "từ 90% trở lên", "2/3", a preset."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from schemas.rules import Base, Comparator, ShareError, parse_share
from services.council.presets import PRESETS
from services.imports import sentences

RULES: Final = {each.name: each for each in PRESETS.presets if each.rule is not None}

_MARK: Final = re.compile(
    r"(?:(?P<more>tren|qua|hon|lon hon|>(?!=))|tu|it nhat|toi thieu|dat|>=|≥)?\s*"
    r"(?P<share>[0-9]{1,3}(?:[.,][0-9]{1,4})?\s?%|[0-9]{1,4}\s?/\s?[0-9]{1,4}|nua|ban)"
    r"(?:\s*tro len)?(?:\s*(?:tren\s+)?tong so thanh vien(?: hoi dong)?)?"
)


class MarkError(ValueError):
    """`sentence` says in Vietnamese what to write."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Mark:
    """A share with its comparator; `citation` where the preset names the text that sets it."""

    share: str
    comparator: Comparator
    base: Base
    citation: str | None = None


def read_mark(text: str) -> Mark:
    """
    Read a preset's name or a share of all members; without a word for it, "at least".

    Raises MarkError.
    """
    plain = _without_accents(text)
    if (preset := RULES.get(plain.replace(" ", ""))) is not None and preset.rule is not None:
        rule = preset.rule
        return Mark(rule.share, rule.comparator, rule.base, preset.citation)
    if re.fullmatch(r"[0-9]{1,3}", plain):
        raise MarkError(sentences.NO_PERCENT.format(share=plain))
    match = _MARK.fullmatch(plain)
    if match is None:
        raise MarkError(sentences.NOT_A_MARK.format(presets=", ".join(RULES)))
    share = match["share"].replace(" ", "").replace(",", ".")
    if share in ("nua", "ban"):
        # "quá nửa", "quá bán": never the half itself.
        if match["more"] is None:
            raise MarkError(sentences.NOT_A_MARK.format(presets=", ".join(RULES)))
        share = "50%"
    try:
        parse_share(share)
    except ShareError:
        raise MarkError(sentences.NOT_A_MARK.format(presets=", ".join(RULES))) from None
    return Mark(share, "at_least" if match["more"] is None else "more_than", "all_members")


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(each for each in decomposed if not unicodedata.combining(each)).strip()
