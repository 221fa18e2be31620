"""Logs by allow-list: no line can join a person and a ballot (protocol.md §2).

Requests are not logged at all. An event is named `family.event` and keeps only the fields that its
family may have. Lines about ballots have no time, address, person or tracker; and no line is
written for a single ballot, since the order of lines tells as much as a time.
"""

import logging
import sys
from collections.abc import Mapping
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

ALLOWED_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "service": frozenset({"address", "kind", "timestamp", "version"}),
    "http": frozenset({"kind", "status", "timestamp"}),
    "transaction": frozenset({"name", "attempt", "sqlstate"}),
    "council": frozenset({"council", "count", "timestamp"}),
    "meeting": frozenset({"meeting", "count", "timestamp"}),
    "election": frozenset({"election", "state", "step", "timestamp"}),
    "registrar": frozenset({"election", "count"}),
    "ballot": frozenset({"election", "count"}),  # who, from where, when and which: never
    "board": frozenset({"election", "size", "checkpoint", "timestamp"}),
    "tally": frozenset({"election", "trustee", "step", "timestamp"}),
    "minutes": frozenset({"election", "meeting", "paper", "step", "timestamp"}),
}


def keep_allowed_fields(_: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
    """
    Drop whatever the event's family may not say.

    An event of no known family is reduced to its level: even its name may be an f-string with a
    token in it.
    """
    event = str(event_dict["event"])
    level = event_dict.get("level", "")
    allowed = ALLOWED_FIELDS.get(event.partition(".")[0]) if event.isascii() else None
    if allowed is None or " " in event:
        return {"event": "unlisted", "level": level}
    kept = {name: value for name, value in event_dict.items() if name in allowed}
    return {"event": event, "level": level, **kept}


class LineLogger:
    """Writes to what is the standard error stream at that moment; a test may have replaced it."""

    def msg(self, line: str) -> None:
        stream: TextIO = sys.stderr
        stream.write(line + "\n")
        stream.flush()

    debug = info = warning = error = critical = exception = fatal = msg


PROCESSORS: Final[list[Processor]] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # After everything that adds fields, before everything that renders them. Tracebacks hold
    # values too: they are not formatted, and `exc_info` is in no allow-list.
    keep_allowed_fields,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]


def configure_logging() -> None:
    """Set up the process's logs. Libraries speak at WARNING only: httpx would log whole URLs."""
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: LineLogger(),
        cache_logger_on_first_use=False,
    )
    logging.getLogger().setLevel(logging.WARNING)
