"""The client's own texts by key: a test names what a person reads, and follows its changes."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Final, Literal

Language = Literal["vi", "en"]
FOLDER: Final = Path(__file__).parents[2] / "services/web/src/words"
PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


def text(key: str, language: Language = "vi", **values: object) -> str:
    """The text of `key`; every placeholder must be given."""

    def value_of(match: re.Match[str]) -> str:
        return str(values[match[1]])

    return PLACEHOLDER.sub(value_of, _texts(language)[key])


def like(key: str, language: Language = "vi", **values: object) -> re.Pattern[str]:
    """The text of `key` wherever it stands; a placeholder that is not given matches anything."""
    parts = []
    # With one group in the pattern, texts and placeholder names alternate.
    for index, part in enumerate(PLACEHOLDER.split(_texts(language)[key])):
        if index % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(re.escape(str(values[part])) if part in values else ".+?")
    return re.compile("".join(parts))


def keys(language: Language = "vi") -> frozenset[str]:
    return frozenset(_texts(language))


def texts(language: Language) -> frozenset[str]:
    """Every text of a language, places unfilled."""
    return frozenset(_texts(language).values())


@cache
def _texts(language: Language) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*.{language}.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found
