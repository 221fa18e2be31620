"""Where acts get the time from: an argument, so that a test can set it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the time now, with time zone UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def instant_text(moment: datetime) -> str:
    """The record's form of a time: RFC 3339, whole seconds, with its offset (schemas.fields)."""
    return moment.replace(microsecond=0).isoformat()
