"""What must hold for texts and times before they may stand in a record."""

from datetime import datetime

import msgspec

from crypto.belenios_archive import TIMESTAMP_LIMIT
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
    """
    Read a time of the form of `schemas.fields.Instant`, from 1970 to 2242.

    The archive can hold no other (belenios-format §8), and would be refused only after the count.
    Raises TimeInvalidError.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise TimeInvalidError from None
    if not 0 <= moment.timestamp() < TIMESTAMP_LIMIT:
        raise TimeInvalidError
    return moment


def instant_of(at: str | None, clock: Clock) -> str:
    """The time that the secretary states, or now. Raises TimeInvalidError."""
    if at is None:
        return instant_text(clock())
    check_instant(at)
    return at
