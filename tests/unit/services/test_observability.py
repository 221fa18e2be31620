"""Logs by allow-list (protocol.md §2: no log line joins a person and a ballot)."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from services.observability import ALLOWED_FIELDS, configure_logging


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    configure_logging()
    yield
    structlog.contextvars.clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    written = capsys.readouterr()
    assert written.out == ""
    return [json.loads(line) for line in written.err.splitlines()]


def test_ballot_line_says_nothing_of_anybody(capsys: pytest.CaptureFixture[str]) -> None:
    """A line about ballots keeps election and count: no person, address, tracker or time."""
    structlog.contextvars.bind_contextvars(member=7, ip="192.0.2.7")
    structlog.get_logger().info(
        "ballot.counted", election="e", count=9, tracker="9f2c", member=7, token="secret"
    )
    assert lines(capsys) == [
        {"event": "ballot.counted", "level": "info", "election": "e", "count": 9}
    ]


def test_unknown_event_is_reduced(capsys: pytest.CaptureFixture[str]) -> None:
    """An event of no known family keeps its level only: its name may hold a secret."""
    log = structlog.get_logger()
    for event in ("spent token secret", "other.event", "ballot.spent secret", "ballot"):
        log.warning(event, token="secret")
    found = lines(capsys)
    assert "secret" not in json.dumps(found)
    assert [each["event"] for each in found] == ["unlisted", "unlisted", "unlisted", "ballot"]


def test_traceback_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback shows values; only the exception's type may be given, by name."""
    try:
        raise ValueError("a member's mark")
    except ValueError:
        structlog.get_logger().exception("http.crash", kind="ValueError")
    (line,) = lines(capsys)
    assert line["kind"] == "ValueError"
    assert "mark" not in json.dumps(line)
    assert "exc_info" not in line


def test_libraries_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """httpx would log whole addresses at INFO."""
    logging.getLogger("httpx").info("GET https://phieukin.example/?token=secret")
    assert lines(capsys) == []


@pytest.mark.parametrize("family", ["ballot", "registrar"])
def test_fields_that_no_line_about_ballots_may_have(family: str) -> None:
    """Neither people nor times stand in the lists of the families about ballots."""
    assert not ALLOWED_FIELDS[family] & {"member", "account", "timestamp", "address", "tracker"}


def test_no_family_may_say_a_secret() -> None:
    """No allow-list holds a name that secrets have."""
    words = ("token", "cookie", "code", "nonce", "password", "key", "mark", "ballot", "name_of")
    for fields in ALLOWED_FIELDS.values():
        assert not [field for field in fields for word in words if word in field]
