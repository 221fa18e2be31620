"""What it looks like when a request asks for an open vote (protocol.md §2, "Only secret").

The one voting method is secret. Field names, values and flags that ask for another are recognised
whatever their case, accents, hyphens or Unicode form; people's own sentences are never judged.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

METHOD: Final = "secret"

FREE_TEXTS: Final = frozenset(
    {
        # council and its members
        *("name", "parent_line", "issuer_line", "symbol", "number", "issued_by", "about", "rules"),
        *("position", "council_role"),
        # meeting and attendance
        *("title", "venue", "reason", "absence_reason", "conflict_reason", "text"),
        # nominations and their rules
        *("unit", "award", "summary", "citation", "base_reason"),
        # papers
        *("year", "quorum_citation", "report", "discussion", "conclusion", "incidents"),
        *("receiving_authority", "standing_agency", "instead_of", "appointment", "recipients"),
        "votes_under",
    }
)
"""Fields whose text is people's own: a citation may say "không thực hiện biểu quyết"."""

# Longer names and values are no name of a method; the limit also bounds the expressions below.
_MAX_SQUASHED: Final = 80
_MAX_JUDGED: Final = 400
_MAX_FORM_BYTES: Final = 65_536

# Names are made of these words, and in one way only ("only" is on + ly, "openly" open + ly): a word
# that two others also make would let a hostile name keep the expressions busy for hours.
_SUBJECT = (
    "vot(?:e|es|ed|er|ers|ing)|ballot(?:s|ing)?|elections?|poll(?:s|ing)?|casting|decisions?"
    "|resolutions?|bophieu|phieu|bau|binhchon"
)
_AFFIX = (
    "is|are|be|x|use|uses|using|allow|allows|allowed|with|enabled?|enables|by|via|as|in|on|the|an?"
    "|has|make|force|want|like|mode|flag|method|type|kind|ly|hinhthuc|phuongthuc|cach|bang"
    f"|{_SUBJECT}"
)
_SECRET = (
    "secret|secrecy|anonym(?:ous|ity)|confidential(?:ity)?|private|privacy"
    "|hidden|blind|kin|bimat|andanh"
)
_OPEN = (
    "open(?:ed|ness)?|public(?:ity)?|transparent"
    "|show(?:of|ing)?(?:the)?hands?|hands?show(?:ing)?|rais(?:e|ed|ing)(?:of)?(?:the)?hands?"
    "|hands?rais(?:e|ed|ing)|hands?(?:up)?|rollcall|callof(?:the)?roll|vivavoce|voices?|oral"
    "|acclamation|acclaim|applause|nam(?:ed|es)|byname|nominal|nominative|recorded|rising"
    f"|signed(?:{_SUBJECT})"
    "|standing|divisions?|consensus|unanimousconsent|colou?redcards?|cards?"
    "|giotay|giothe|giophieu|bieuquyet|congkhai|minhbach|vobau|votay|dongthanh|ghiten|kyten|neuten"
    "|bophieumo|phieumo"
    f"|(?:non|not|no|un|in|disabled?|without|skip|khong)(?:{_SECRET})"
)
_OPEN_NAME: Final = re.compile(f"(?:{_AFFIX})*(?:{_OPEN})(?:{_AFFIX}|{_OPEN})*")
_SECRET_NAME: Final = re.compile(f"(?:{_AFFIX})*(?:{_SECRET})(?:{_AFFIX})*")
_METHOD_NAME: Final = re.compile(
    f"(?:{_AFFIX})*(?:methods?|modes?|secrecy|visibility|openness|hinhthuc|phuongthuc|cachthuc"
    f"|chedo)(?:of|for)?(?:the)?(?:{_SUBJECT}|bieuquyet)*"
    f"|(?:the|x)?(?:{_SUBJECT})+(?:types?|kinds?|forms?|formats?|styles?|ways?|manners?|procedures?"
    "|systems?|schemes?|options?|settings?|process|privacy|access)"
    "|(?:types?|kinds?|forms?|formats?|styles?|ways?|manners?|procedures?|systems?|schemes?)"
    f"(?:of|for)(?:the)?(?:{_SUBJECT})+"
    "|how(?:to)?(?:vote|cast)?|(?:cach|kieu|loai|dang)(?:thuc)?(?:bophieu|phieu|bau|bieuquyet)"
)
_OPEN_PHRASE: Final = re.compile(
    r"\b(?:shows? of hands?|hand(?:s)? (?:up|vote)|rais(?:e|ed|ing) hands?|roll call|viva voce"
    r"|(?:open|public|voice|oral|named|recorded|standing)(?:ly)? (?:vot\w*|ballot\w*|poll\w*)"
    r"|(?:vot\w*|ballot\w*) (?:open|public)(?:ly)?|by name|gio tay|gio the|bieu quyet|cong khai)\b"
)
_REFUSALS: Final = frozenset({"", "false", "no", "off", "0", "none", "null", "n", "khong", "sai"})


class _Pairs(tuple[tuple[str, Any], ...]):
    """An object as it was written: a field that comes twice is seen twice."""


def fold(text: str) -> str:
    """Lower-case words without accents, whatever the Unicode form: "Giơ_Tay" → "gio tay"."""
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", letters)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.casefold()))


def names_open_vote(text: str) -> bool:
    """Whether a field's name or a value, as a whole or in its words, names an open vote."""
    if len(text) > _MAX_JUDGED:
        return False
    words = fold(text)
    squashed = words.replace(" ", "")
    if len(squashed) <= _MAX_SQUASHED and _OPEN_NAME.fullmatch(squashed):
        return True
    return _OPEN_PHRASE.search(words) is not None


def names_method(name: str) -> bool:
    """Whether a field of this name would say how the vote is held."""
    if len(name) > _MAX_JUDGED:
        return False
    squashed = fold(name).replace(" ", "")
    return len(squashed) <= _MAX_SQUASHED and _METHOD_NAME.fullmatch(squashed) is not None


def asks_open_vote(document: object) -> bool:
    """
    Whether JSON asks for another method than secret: by a name, a value or a flag, at any depth.

    `document` is made of dicts, lists and scalars. A field that says how the vote is held has the
    one value "secret"; a value outside people's own texts names no open vote; a flag `secret` is
    not false.
    """
    waiting: list[tuple[str | None, object]] = [(None, document)]
    while waiting:
        name, value = waiting.pop()
        if name is not None and _asks_by_field(name, value):
            return True
        match value:
            case _Pairs():
                waiting.extend(value)
            case Mapping():
                waiting.extend((str(key), item) for key, item in value.items())
            case list() | tuple():
                waiting.extend((name, item) for item in value)
            case str() if name not in FREE_TEXTS and names_open_vote(value):
                return True
            case _:
                pass
    return False


def asks_open_vote_in_body(body: bytes) -> bool:
    """
    The same for a request's body as it came: JSON, or else fields of a form.

    What is neither is left to the reader of the request, who refuses it.
    """
    if not body:
        return False
    try:
        document: object = json.loads(body, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        form = parse_qsl(body[:_MAX_FORM_BYTES].decode(errors="replace"), keep_blank_values=True)
        return asks_open_vote_in_fields(form)
    return asks_open_vote(document)


def asks_open_vote_in_fields(fields: Iterable[tuple[str, str]]) -> bool:
    """The same for names and values of a query or a form."""
    return asks_open_vote(_Pairs(fields))


def asks_open_vote_in_headers(headers: Iterable[tuple[str, str]]) -> bool:
    """The same for a request's headers, by their names only: values are others' business."""
    for name, value in headers:
        own = re.sub(r"^(?:x-|phieukin-)+", "", name.lower())
        if names_method(own) and value.strip() != METHOD:
            return True
        if names_open_vote(own) or _is_secret_switched_off(own, value):
            return True
    return False


def _asks_by_field(name: str, value: object) -> bool:
    if name in FREE_TEXTS:
        return False
    if names_method(name):
        return value != METHOD
    return names_open_vote(name) or _is_secret_switched_off(name, value)


def _is_secret_switched_off(name: str, value: object) -> bool:
    squashed = fold(name[:_MAX_JUDGED]).replace(" ", "")
    if len(squashed) > _MAX_SQUASHED or _SECRET_NAME.fullmatch(squashed) is None:
        return False
    return not value or (isinstance(value, str) and fold(value) in _REFUSALS)
