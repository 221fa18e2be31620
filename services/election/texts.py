"""What must hold for texts and times before they may stand in a record."""

from datetime import datetime

import msgspec

from schemas import canonical
from services.clock import Clock, instant_text
from services.election.errors import TextNotCanonicalError, TimeInvalidError


def check_texts(document: object) -> None:
    """
    Refuse texts that the record could not hold (protocol.md §11 "JSON").

    `document` is a struct or a tuple of structs. Raises TextNotCanonicalError.
    """
    try:
        canonical.encode(msgspec.to_builtins(document))
    except canonical.NotCanonicalError:
        raise TextNotCanonicalError from None


def check_instant(text: str) -> datetime:
    """Read a time of the form of `schemas.fields.Instant`. Raises TimeInvalidError."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise TimeInvalidError from None


def instant_of(at: str | None, clock: Clock) -> str:
    """The time that the secretary states, or now. Raises TimeInvalidError."""
    if at is None:
        return instant_text(clock())
    check_instant(at)
    return at
