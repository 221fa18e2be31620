"""Where acts get the time from: an argument, so that a test can set it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the time now, with time zone UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def instant_text(moment: datetime) -> str:
    """The record's form of a time: RFC 3339, whole seconds, with its offset (schemas.fields)."""
    return moment.replace(microsecond=0).isoformat()


def next_instant_text(moment: datetime) -> str:
    """The same, rounded up: whoever waits until then is not a second too early."""
    return instant_text(moment + timedelta(seconds=1) - timedelta(microseconds=1))
