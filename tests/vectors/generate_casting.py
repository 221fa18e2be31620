"""Vectors of the casting body and its length (protocol.md §11 "Casting body")."""

from typing import Any

from crypto.casting import build_casting_body, casting_length, parse_casting_body
from crypto.elections import parse_election
from tests.sample_elections import (
    GROUP_NAMES,
    agree_question,
    at_most_question,
    blank_question,
    make_election,
)
from tests.vectors.vector_file import VectorFile

TOKEN = "A" * 554 + "_"
BODY = '{"ballot":"{\\"a\\":1}","token":["' + TOKEN + '"]}'
LENGTH = len(BODY) + 10


def _casting_length(given: dict[str, Any]) -> Any:
    return {"length": casting_length(parse_election(given["election"]), given["issuers"])}


def _build(given: dict[str, Any]) -> Any:
    body = build_casting_body(given["ballot"], given["token"], given["length"])
    return {"body": body.decode()}


def _parse(given: dict[str, Any]) -> Any:
    ballot, token = parse_casting_body(given["body"].encode(), given["length"])
    return {"ballot": ballot, "token": list(token)}


OPERATIONS = {"casting_length": _casting_length, "build_body": _build, "parse_body": _parse}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "casting.json",
        "protocol.md §11 Casting body: one length and one form for all requests of an election",
        "tests/vectors/generate_casting.py",
        OPERATIONS,
    )
    for group_name in GROUP_NAMES:
        for count in (1, 30, 200):
            questions = [agree_question(number) for number in range(1, count + 1)]
            given = {"election": make_election(group_name, questions).text, "issuers": 1}
            file.positive("casting_length", f"{group_name}, {count} nominations", given)
        given = {"election": make_election(group_name, [at_most_question(6, 3)]).text, "issuers": 3}
        file.positive("casting_length", f"{group_name}, 3 of 6, three issuers", given)
    for label, token in (("one issuer", [TOKEN]), ("two issuers", [TOKEN, TOKEN[::-1]])):
        given = {"ballot": '{"a":1}', "token": token, "length": LENGTH + 558 * (len(token) - 1)}
        body = file.positive("build_body", label, given)["body"]
        file.positive("parse_body", label, {"body": body, "length": given["length"]})
    _add_negative(file)
    return file


def _add_negative(file: VectorFile) -> None:
    blank = make_election("Ed25519", [blank_question()]).text
    given: dict[str, Any] = {"election": blank, "issuers": 1}
    file.negative("casting_length", "an explicit blank has no length", given)
    agree = make_election("Ed25519", [agree_question()]).text
    for issuers in (0, 6):
        given = {"election": agree, "issuers": issuers}
        file.negative("casting_length", f"{issuers} issuers", given)
    for reason, ballot, token in (
        ("a ballot longer than the body", "1" * 100, [TOKEN]),
        ("a backslash in the ballot", "\\", [TOKEN]),
        ("another letter than ASCII", "Đ", [TOKEN]),
        ("no token", "{}", []),
        ("a token of 554 characters", "{}", [TOKEN[1:]]),
        ("a token in Base64", "{}", [TOKEN[:-1] + "/"]),
    ):
        given = {"ballot": ballot, "token": token, "length": LENGTH}
        file.negative("build_body", reason, given)
    padded = BODY.ljust(LENGTH)
    for reason, body in (
        ("one byte short", padded[:-1]),
        ("one byte long", padded + " "),
        ("no padding", BODY),
        ("padding before the body", BODY.rjust(LENGTH)),
        ("a newline in the padding", padded[:-1] + "\n"),
        ("a space in the body", BODY.replace(":", ": ", 1).ljust(LENGTH)),
        ("an escape that is not needed", BODY.replace("a", "\\u0061", 1).ljust(LENGTH)),
        ("a third field", (BODY[:-1] + ',"b":1}').ljust(LENGTH)),
        ("not JSON", BODY[:-1].ljust(LENGTH)),
        ("a ballot that is no string", BODY.replace('"{\\"a\\":1}"', "{}").ljust(LENGTH)),
        ("a token that is no array", BODY.replace("[", "").replace("]", "").ljust(LENGTH)),
    ):
        file.negative("parse_body", reason, {"body": body, "length": LENGTH})


if __name__ == "__main__":
    vectors().write()
