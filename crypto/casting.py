"""The one length and form of all casting requests of an election (protocol.md §5, §11).

Decimal scalars have varying length; without padding a ballot could be recognised on the wire.
"""

import json
import re
from collections.abc import Sequence
from typing import Final

from crypto.elections import Election
from crypto.errors import MalformedError

_ELEMENT_CHARACTERS: Final = {"Ed25519": 64, "BELENIOS-2048": 617}
_SCALAR_CHARACTERS: Final = {"Ed25519": 76, "BELENIOS-2048": 77}
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{555}", re.ASCII)
_MAX_ISSUERS: Final = 5


def casting_length(election: Election, issuers: int = 1) -> int:
    """
    Λ: the length in bytes of every casting body of this election (protocol.md §11).

    Raises MalformedError for questions with an explicit blank, whose extra proof Λ leaves out, and
    for a number of issuers that no election has.
    """
    if not 1 <= issuers <= _MAX_ISSUERS:
        raise MalformedError("a ballot has a token of one issuer or more, within the limit")
    if any(question.blank for question in election.questions):
        raise MalformedError("councils' elections have no explicit blank")
    element = _ELEMENT_CHARACTERS[election.group.name]
    proof = 38 + 2 * _SCALAR_CHARACTERS[election.group.name]
    length = 789 + len(election.uuid) + element + proof + 558 * (issuers - 1)
    for question in election.questions:
        branches = question.max - question.min + 1
        length += 60 + question.choices * (35 + 2 * element + 2 * proof) + branches * (proof + 1)
    return length


def build_casting_body(ballot: str, token: Sequence[str], length: int) -> bytes:
    """
    Write `{"ballot":…,"token":[…]}` and pad it with spaces to `length` (protocol.md §11).

    Raises MalformedError when the parts do not fit or would need escapes of another kind.
    """
    if not ballot.isascii() or "\\" in ballot or not ballot.isprintable():
        raise MalformedError("a ballot is printable ASCII without a backslash")
    if not 1 <= len(token) <= _MAX_ISSUERS or not all(map(_TOKEN.fullmatch, token)):
        raise MalformedError("a token has 555 characters of base64url")
    escaped = ballot.replace('"', '\\"')
    tokens = ",".join(f'"{text}"' for text in token)
    body = f'{{"ballot":"{escaped}","token":[{tokens}]}}'.encode()
    if len(body) > length:
        raise MalformedError("the ballot is longer than any ballot of this election")
    return body.ljust(length, b" ")


def parse_casting_body(body: bytes, length: int) -> tuple[str, tuple[str, ...]]:
    """
    Read ballot and tokens from a body of exactly `length` bytes (protocol.md §5, §11).

    Body and padding are rebuilt from both values and compared byte by byte. Raises MalformedError.
    """
    if len(body) != length:
        raise MalformedError("the request has not the one length of this election")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedError("the request is not JSON") from None
    if not isinstance(value, dict) or set(value) != {"ballot", "token"}:
        raise MalformedError("the request holds a ballot and a token, and nothing else")
    ballot, token = value["ballot"], value["token"]
    if not isinstance(ballot, str) or not isinstance(token, list):
        raise MalformedError("the ballot is a string, the token an array of strings")
    if not all(isinstance(text, str) for text in token):
        raise MalformedError("the token is an array of strings")
    if build_casting_body(ballot, token, length) != body:
        raise MalformedError("the request is not in its canonical form")
    return ballot, tuple(token)
