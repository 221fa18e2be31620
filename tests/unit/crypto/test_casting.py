"""The one length and form of all casting bodies (protocol.md §5, §11)."""

import json
from typing import Any

import pytest

from crypto.ballot_encryption import encrypt_ballot
from crypto.casting import build_casting_body, casting_length, parse_casting_body
from crypto.elections import Election
from crypto.errors import MalformedError
from tests.sample_elections import (
    GROUP_NAMES,
    MARKS,
    SHAPES,
    agree_question,
    at_most_question,
    make_election,
    sample_election,
)

TOKEN = "A" * 555
SEED = bytes(range(32))
CONTROL_VALUES = {
    "Ed25519": {1: 2_585, 30: 46_897, 200: 306_657},
    "BELENIOS-2048": {1: 5_364, 30: 114_172, 200: 752_012},
}


def _agree_election(group_name: str, nominations: int) -> Election:
    return make_election(
        group_name, [agree_question(number) for number in range(1, nominations + 1)]
    )


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@pytest.mark.parametrize("nominations", [1, 30, 200])
def test_control_values(group_name: str, nominations: int) -> None:
    """The lengths that protocol.md §11 gives for a uuid of 14 characters and one issuer."""
    election = _agree_election(group_name, nominations)
    assert casting_length(election) == CONTROL_VALUES[group_name][nominations]


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@pytest.mark.parametrize("nominations", [1, 30])
def test_real_ballot_fits(group_name: str, nominations: int) -> None:
    """A real ballot with its token fits, and comes back."""
    election = _agree_election(group_name, nominations)
    ballot = encrypt_ballot(election, 5, [[1, 0]] * nominations, SEED, 7)
    length = casting_length(election)
    body = build_casting_body(ballot, [TOKEN], length)
    assert len(body) == length
    assert json.loads(body) == {"ballot": ballot, "token": [TOKEN]}
    assert parse_casting_body(body, length) == (ballot, (TOKEN,))


def _longest(value: Any, group_name: str, order: int) -> Any:
    """The same ballot with every element and scalar as long as any can be."""
    if isinstance(value, list):
        return [_longest(child, group_name, order) for child in value]
    if not isinstance(value, dict):
        return value
    longest = {
        "challenge": str(order - 1),
        "response": str(order - 1),
        "alpha": "9" * (64 if group_name == "Ed25519" else 617),
        "beta": "9" * (64 if group_name == "Ed25519" else 617),
        "credential": "9" * (64 if group_name == "Ed25519" else 617),
    }
    return {key: longest.get(key) or _longest(value[key], group_name, order) for key in value}


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@pytest.mark.parametrize("shape", ["agree", "at most"])
@pytest.mark.parametrize("issuers", [1, 3])
def test_longest_ballot_fits_exactly(group_name: str, shape: str, issuers: int) -> None:
    """With the longest numbers there is no padding left, so Λ is no longer than it must be."""
    election = sample_election(group_name, shape)
    ballot = json.loads(encrypt_ballot(election, 5, MARKS[shape], SEED, 7))
    longest = json.dumps(_longest(ballot, group_name, election.group.q), separators=(",", ":"))
    length = casting_length(election, issuers)
    body = build_casting_body(longest, [TOKEN] * issuers, length)
    assert not body.endswith(b" ")
    with pytest.raises(MalformedError):
        build_casting_body(longest + "1", [TOKEN] * issuers, length)


def test_all_requests_of_an_election_have_one_length() -> None:
    """Whatever the marks and the length of the numbers in the ballot."""
    election = make_election("Ed25519", [agree_question(), at_most_question()])
    length = casting_length(election)
    ballots = [
        encrypt_ballot(election, 5 + number, [[1, 0], [number % 2, 0, 1]], bytes([number]) * 32, 7)
        for number in range(12)
    ]
    assert len({len(ballot) for ballot in ballots}) > 1
    assert {len(build_casting_body(ballot, [TOKEN], length)) for ballot in ballots} == {length}


def test_election_without_a_length() -> None:
    """Λ says nothing of an explicit blank, nor of a number of issuers that nobody has."""
    with pytest.raises(MalformedError):
        casting_length(sample_election("Ed25519", "blank"))
    for issuers in (0, 6):
        with pytest.raises(MalformedError):
            casting_length(sample_election("Ed25519", "agree"), issuers)
    assert set(SHAPES) == {"agree", "at most", "blank"}


BODY = b'{"ballot":"{\\"a\\":1}","token":["' + TOKEN.encode() + b'"]}'
LENGTH = len(BODY) + 10


def test_body_as_written() -> None:
    """Quotes are escaped, spaces follow to the length."""
    assert build_casting_body('{"a":1}', [TOKEN], LENGTH) == BODY.ljust(LENGTH)
    assert parse_casting_body(BODY.ljust(LENGTH), LENGTH) == ('{"a":1}', (TOKEN,))


@pytest.mark.parametrize(
    "body",
    [
        BODY.ljust(LENGTH - 1) + b"\n",
        BODY.ljust(LENGTH - 1) + b"\0",
        b" " + BODY,
        BODY.rjust(LENGTH),
        BODY.replace(b'"token"', b' "token"'),
        b"\xef\xbb\xbf" + BODY,
        BODY[:-1],
        b'{"ballot":1,"token":["' + TOKEN.encode() + b'"]}',
        b'{"ballot":"1","token":"' + TOKEN.encode() + b'"}',
        b'{"ballot":"1","token":[1]}',
        b'{"ballot":"1","token":[]}',
        b'{"ballot":"1"}',
        b'{"ballot":"1","token":["' + TOKEN.encode() + b'"],"ip":"1"}',
        b'{"token":["' + TOKEN.encode() + b'"],"ballot":"{\\"a\\":1}"}',
        b'{"ballot":"\\u007b\\"a\\":1}","token":["' + TOKEN.encode() + b'"]}',
        b'{"ballot":"\\ud800","token":["' + TOKEN.encode() + b'"]}',
        b'{"ballot":"\xc4\x90","token":["' + TOKEN.encode() + b'"]}',
        b'{"ballot":"1","ballot":"1","token":["' + TOKEN.encode() + b'"]}',
        b"[" * 500,
        b"9" * 565,
        b"",
    ],
)
def test_body_that_is_refused(body: bytes) -> None:
    """Another spelling, field or type is refused, also where the JSON would say the same."""
    padded = body.ljust(LENGTH)
    assert len(padded) == LENGTH
    with pytest.raises(MalformedError):
        parse_casting_body(padded, LENGTH)


@pytest.mark.parametrize("length", [0, len(BODY), LENGTH - 1, LENGTH + 1, LENGTH * 2])
def test_body_of_another_length(length: int) -> None:
    """One length is taken, before anything is read."""
    with pytest.raises(MalformedError):
        parse_casting_body(BODY.ljust(length)[:length], LENGTH)


@pytest.mark.parametrize(
    ("ballot", "token"),
    [
        ("Đ", [TOKEN]),
        ("a\\b", [TOKEN]),
        ("a\nb", [TOKEN]),
        ("a\x7fb", [TOKEN]),
        ("a", []),
        ("a", [TOKEN] * 6),
        ("a", [TOKEN[:-1]]),
        ("a", [TOKEN[:-1] + "="]),
        ("a", [TOKEN[:-1] + "+"]),
        ("a" * 700, [TOKEN]),
    ],
)
def test_parts_that_no_body_is_made_of(ballot: str, token: list[str]) -> None:
    """A ballot needs no other escape than that of quotes; a token has its one form."""
    with pytest.raises(MalformedError):
        build_casting_body(ballot, token, 4000 if len(token) > 1 else 1000)
