"""`election.json` and its fingerprint (belenios-format §3)."""

import base64
import hashlib
import json
import pickle
from typing import Any

import pytest

from crypto.belenios_json import dumps
from crypto.elections import (
    election_to_text,
    fingerprint,
    parse_election,
    raw_fingerprint,
)
from crypto.errors import MalformedError, MembershipError
from tests.sample_elections import (
    GROUP_NAMES,
    SHAPES,
    TOOL_FOLDERS,
    agree_question,
    blank_question,
    election_value,
    make_election,
    sample_election,
    tool_election,
)


@pytest.mark.parametrize("folder", TOOL_FOLDERS)
def test_election_of_the_tool(folder: str) -> None:
    """What belenios-tool wrote is read, and written again byte for byte."""
    tool = tool_election(folder)
    assert election_to_text(tool.election) == tool.archive.election
    phi = tool.election.fingerprint
    assert phi == json.loads(tool.archive.ballots[0])["election_hash"]
    assert raw_fingerprint(phi) == hashlib.sha256(tool.archive.election.encode()).digest()


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_election_of_every_shape(group_name: str, shape: str) -> None:
    """Parsed values are those of the text; an explicit blank is one more choice."""
    election = sample_election(group_name, shape)
    assert election_to_text(election) == election.text
    assert election.fingerprint == fingerprint(election.text)
    assert election.key.element == election.public_key
    for question, value in zip(election.questions, SHAPES[shape], strict=True):
        assert question.choices == len(value["answers"]) + ("blank" in value)
        assert (question.min, question.max) == (value["min"], value["max"])


def test_optional_fields() -> None:
    """Administrator and credential authority may be named, after the uuid."""
    value = election_value("Ed25519", [agree_question()])
    named = value | {"administrator": "An", "credential_authority": "Bình"}
    election = parse_election(dumps(named))
    assert (election.administrator, election.credential_authority) == ("An", "Bình")
    assert election_to_text(election) == election.text


def test_pickled_election() -> None:
    """Only the text travels; a process parses it once."""
    election = make_election("BELENIOS-2048", [agree_question()])
    assert election.key.power(2) == election.group.power(election.public_key, 2)
    pickled = pickle.dumps(election)
    assert len(pickled) < len(election.text) + 300
    first, second = pickle.loads(pickled), pickle.loads(pickled)  # noqa: S301 (our own bytes)
    assert first is second
    assert first == election


def _question(**changes: Any) -> dict[str, Any]:
    return {"questions": [agree_question() | changes]}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"version": 2}, MalformedError),
        ({"version": True}, MalformedError),
        ({"version": "1"}, MalformedError),
        ({"group": "RFC-3526-2048"}, MalformedError),
        ({"group": 5}, MalformedError),
        ({"name": None}, MalformedError),
        ({"description": 1}, MalformedError),
        ({"uuid": "short"}, MalformedError),
        ({"uuid": "2MoJPRgWzLnoy0"}, MalformedError),
        ({"uuid": "2" * 65}, MalformedError),
        ({"public_key": "00" * 31 + "01"}, MembershipError),
        ({"public_key": "00" * 32}, MembershipError),
        ({"public_key": 5}, MalformedError),
        ({"questions": []}, MalformedError),
        ({"questions": {}}, MalformedError),
        ({"questions": [agree_question()] * 1001}, MalformedError),
        ({"questions": [[]]}, MalformedError),
        (_question(answers=[]), MalformedError),
        (_question(answers=["x"] * 1001), MalformedError),
        (_question(answers=[1, 2]), MalformedError),
        (_question(min=-1), MalformedError),
        (_question(min=2), MalformedError),
        (_question(max=3), MalformedError),
        (_question(max=True), MalformedError),
        (_question(min="0"), MalformedError),
        (_question(question=None), MalformedError),
        (_question(extra=1), MalformedError),
        # in its right place, blank must be true
        ({"questions": [blank_question() | {"blank": False}]}, MalformedError),
        ({"questions": [blank_question() | {"blank": 1}]}, MalformedError),
        ({"questions": [blank_question() | {"blank": None}]}, MalformedError),
        ({"questions": [{"type": "Lists", "value": {}}]}, MalformedError),
        # behind the other fields, blank is in the wrong place
        (_question(blank=True), MalformedError),
        ({"extra": 1}, MalformedError),
        ({"administrator": None}, MalformedError),
        ({"administrator": 5}, MalformedError),
        ({"credential_authority": []}, MalformedError),
    ],
)
def test_election_that_is_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    """Other versions, groups, types, orders and limits are refused."""
    value = election_value("Ed25519", [agree_question()])
    with pytest.raises(error):
        parse_election(dumps(value | changes))


def test_bytes_that_are_not_canonical() -> None:
    """Order of fields, white space and escapes belong to the fingerprint."""
    value = election_value("Ed25519", [agree_question()])
    text = dumps(value)
    parse_election(text)
    reordered = {"uuid": value["uuid"]} | value
    for other in (text + "\n", text.replace(":1,", ": 1,"), dumps(reordered), json.dumps(value)):
        with pytest.raises(MalformedError):
            parse_election(other)


def test_texts_of_phi() -> None:
    """phi has one spelling: 43 characters of Base64, unused bits zero."""
    phi = sample_election("Ed25519", "agree").fingerprint
    assert base64.b64decode(phi + "=") == raw_fingerprint(phi)
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = last[(last.index(phi[-1]) | 1)]
    for wrong in (phi[:-1], phi + "=", phi[:-1] + other, "-" + phi[1:], ""):
        with pytest.raises(MalformedError):
            raw_fingerprint(wrong)
