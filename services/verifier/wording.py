"""Matching a paper's whole text with what its record lets it say: a small grammar over text.

Spaces are left out on both sides, since justified text and line breaks put them where they like.
The matcher follows all readings at once, so its time does not explode on hostile pages.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

TABLE_MARK: Final = "\uf8ff"
"""Stands in the text where a table stands; no paper may print it (private use)."""
_SPACES: Final = re.compile(r"\s+")
SHOWN: Final = 60
MAX_SLOT: Final = 60


def squeeze(text: str) -> str:
    """NFC without spaces: what is compared."""
    return _SPACES.sub("", unicodedata.normalize("NFC", text))


@dataclass(frozen=True)
class Words:
    """Exactly this text, as the record says it."""

    text: str

    @functools.cached_property
    def squeezed(self) -> str:
        return squeeze(self.text)


@dataclass(frozen=True)
class Slot:
    """Something of a known form that the record does not hold: a time, a date, a count."""

    pattern: str
    name: str

    @functools.cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(squeeze(self.pattern))


@dataclass(frozen=True)
class Free:
    """The secretary's own words, up to where what follows is found; never a table."""

    name: str
    longest: int = 20_000  # characters without spaces


@dataclass(frozen=True)
class Table:
    """A table stands here; what it prints is compared by its cells."""


@dataclass(frozen=True)
class Sequenced:
    parts: tuple["Piece", ...]


@dataclass(frozen=True)
class Either:
    """One of several; an empty sequence among them makes it optional."""

    choices: tuple["Piece", ...]


@dataclass(frozen=True)
class Repeated:
    """One or more times."""

    piece: "Piece"


Piece = Words | Slot | Free | Table | Sequenced | Either | Repeated


def seq(*parts: "Piece | str") -> Sequenced:
    """Parts one after the other; a string is exact words."""
    return Sequenced(tuple(_piece(part) for part in parts))


def either(*choices: "Piece | str") -> Either:
    return Either(tuple(_piece(choice) for choice in choices))


def maybe(*parts: "Piece | str") -> Either:
    return Either((seq(*parts), Sequenced(())))


def _piece(part: "Piece | str") -> "Piece":
    return Words(part) if isinstance(part, str) else part


def fill(template: str, values: Mapping[str, "Piece | str"]) -> Sequenced:
    """`"từ {start} đến {end}"` with a piece or words for every name in braces."""
    parts: list[Piece] = []
    for position, text in enumerate(re.split(r"\{([a-z_]+)\}", template)):
        parts.append(_piece(values[text]) if position % 2 else Words(text))
    return Sequenced(tuple(parts))


@dataclass(frozen=True)
class Captured:
    """What stands in the free places and slots of a text, in order."""

    name: str
    text: str


class WordingError(Exception):
    """The text is not one that the grammar lets be; says where and what should stand there."""


@dataclass
class _Reading:
    """Where readings of the text stand, each with what it captured on its way (newest first)."""

    text: str
    furthest: int = -1
    expected: list[str] = field(default_factory=list)

    def failed(self, position: int, expected: str) -> None:
        # The reading that came furthest tells best what is wrong.
        if position > self.furthest:
            self.furthest, self.expected = position, []
        if position == self.furthest and expected not in self.expected:
            self.expected.append(expected)


@dataclass(frozen=True)
class _Step:
    """What a reading captured on its way, newest first; `free`: length of the words of others."""

    before: "_Step | None"
    captured: Captured
    free: int


_Trail = _Step | None


def _step(before: _Trail, captured: Captured, is_free: bool = True) -> _Step:
    return _Step(before, captured, _free(before) + (len(captured.text) if is_free else 0))


def _free(trail: _Trail) -> int:
    return 0 if trail is None else trail.free


def _put(at: dict[int, _Trail], position: int, trail: _Trail) -> None:
    """Of two readings up to one place the one that leaves less to others is taken."""
    if position not in at or _free(trail) < _free(at[position]):
        at[position] = trail


@dataclass(frozen=True)
class _Places:
    """Positions reached; `free`: a free place that began there has not ended yet."""

    at: dict[int, _Trail]
    free: tuple[tuple[int, _Trail, Free], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.at or self.free)


def match(piece: Piece, text: str) -> list[Captured]:
    """
    Match the squeezed `text` as a whole; returns what the free places hold.

    Raises WordingError, whose message shows the place and what may stand there.
    """
    reading = _Reading(text)
    places = _advance(piece, _Places({0: None}), reading)
    end = len(text)
    if end in places.at:
        return _captured(places.at[end])
    for start, trail, words in places.free:
        if _limit(text, start, words) == end:
            return _captured(_step(trail, Captured(words.name, text[start:])))
    for position in places.at:
        reading.failed(position, "the end")
    raise WordingError(_told(reading))


def _told(reading: _Reading) -> str:
    position, text = max(reading.furthest, 0), reading.text.replace(TABLE_MARK, "[table]")
    expected = " or ".join(f"“{each}”" for each in reading.expected[:3]) or "something else"
    before, found = text[max(0, position - 30) : position], text[position : position + SHOWN]
    return f"after “{before}” stands “{found}”, where the record says {expected}"


def _captured(trail: _Trail) -> list[Captured]:
    found = []
    while trail is not None:
        found.append(trail.captured)
        trail = trail.before
    return [each for each in reversed(found) if each.text]


def _advance(piece: Piece, places: _Places, reading: _Reading) -> _Places:
    match piece:
        case Words():
            return _exact(piece.squeezed, places, reading)
        case Table():
            return _exact(TABLE_MARK, places, reading)
        case Slot():
            return _slot(piece, places, reading)
        case Free():
            begun = [(at, trail, piece) for at, trail in places.at.items()]
            return _Places({}, (*places.free, *begun))
        case Sequenced():
            for part in piece.parts:
                places = _advance(part, places, reading)
                if not places:
                    return places
            return places
        case Either():
            return _joined([_advance(choice, places, reading) for choice in piece.choices])
        case Repeated():
            reached = [_advance(piece.piece, places, reading)]
            seen = set(reached[0].at)
            while reached[-1].at:
                new = _advance(piece.piece, _Places(reached[-1].at), reading)
                reached.append(_Places({at: t for at, t in new.at.items() if at not in seen}))
                seen |= set(new.at)
            return _joined(reached)


def _joined(reached: Iterable[_Places]) -> _Places:
    at: dict[int, _Trail] = {}
    free: list[tuple[int, _Trail, Free]] = []
    for places in reached:
        for position, trail in places.at.items():
            _put(at, position, trail)
        free += [each for each in places.free if each not in free]
    return _Places(at, tuple(free))


def _exact(words: str, places: _Places, reading: _Reading) -> _Places:
    if not words:
        return places
    text = reading.text
    at: dict[int, _Trail] = {}
    for position, trail in places.at.items():
        if text.startswith(words, position):
            _put(at, position + len(words), trail)
        else:
            same = _common(text, position, words)
            reading.failed(position + same, words[same : same + SHOWN])
    for start, trail, free in places.free:
        limit = _limit(text, start, free) + len(words)
        found = text.find(words, start, limit)
        if found < 0:
            reading.failed(start, f"{words[:SHOWN]} (after {free.name})")
        while found >= 0:
            _put(at, found + len(words), _step(trail, Captured(free.name, text[start:found])))
            found = text.find(words, found + 1, limit)
    return _Places(at)


def _slot(slot: Slot, places: _Places, reading: _Reading) -> _Places:
    text = reading.text
    at: dict[int, _Trail] = {}
    for position, trail in places.at.items():
        found = slot.compiled.match(text, position)
        if found is None:
            reading.failed(position, f"a {slot.name}")
        else:
            _put(at, found.end(), _step(trail, Captured(slot.name, found[0]), False))
    for start, trail, free in places.free:
        for found in slot.compiled.finditer(text, start, _limit(text, start, free) + MAX_SLOT):
            before = _step(trail, Captured(free.name, text[start : found.start()]))
            _put(at, found.end(), _step(before, Captured(slot.name, found[0]), False))
    return _Places(at)


def _limit(text: str, start: int, free: Free) -> int:
    """Where the secretary's words end at the latest: they hold no table and have a length."""
    found = text.find(TABLE_MARK, start)
    return min(len(text) if found < 0 else found, start + free.longest)


def _common(text: str, position: int, words: str) -> int:
    """How many characters agree, so that a message can show the first that does not."""
    same = 0
    while same < len(words) and text[position + same : position + same + 1] == words[same]:
        same += 1
    return same


def listed(pieces: Sequence["Piece | str"], separator: str) -> Sequenced:
    """Pieces with a separator between them."""
    parts: list[Piece | str] = []
    for position, piece in enumerate(pieces):
        parts += [separator, piece] if position else [piece]
    return seq(*parts)
