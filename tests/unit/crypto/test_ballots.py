"""Ballots of belenios-tool and our own: form (V8), proofs (V9), signature (V10)."""

import base64
import copy
import functools
import hashlib
import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crypto.ballot_encryption import encrypt_ballot
from crypto.ballots import (
    check_ballot_elements,
    parse_ballot,
    parse_ballot_form,
    smart_tracker,
    verify_ballot,
    verify_ballot_proofs,
    verify_ballot_signature,
)
from crypto.belenios_json import dumps
from crypto.errors import (
    CryptoError,
    ElectionMismatchError,
    MalformedError,
    MembershipError,
    ProofError,
    ScalarRangeError,
    SignatureError,
)
from tests.sample_elections import (
    GROUP_NAMES,
    MARKS,
    SHAPES,
    TOOL_FOLDERS,
    make_election,
    sample_election,
    tool_election,
)

SEED = bytes(range(32))
EXPONENT, NONCE = 424242, 171717


def _sample_ballot(group_name: str, shape: str) -> str:
    election = sample_election(group_name, shape)
    return encrypt_ballot(election, EXPONENT, MARKS[shape], SEED, NONCE)


@pytest.mark.parametrize("folder", TOOL_FOLDERS)
def test_ballots_of_the_tool(folder: str) -> None:
    """Every ballot of every archive holds, and its tracker is the hash of its bytes."""
    tool = tool_election(folder)
    assert tool.archive.ballots
    for text in tool.archive.ballots:
        ballot = verify_ballot(tool.election, text)
        assert ballot.tracker == hashlib.sha256(text.encode()).digest()
        assert ballot.tracker == parse_ballot_form(tool.election, text).tracker
        assert ballot.credential == json.loads(text)["credential"]
        assert f"{smart_tracker(ballot.tracker)}=" == _base64(ballot.tracker)
        choices = [choice for answer in json.loads(text)["answers"] for choice in answer["choices"]]
        assert list(ballot.ciphertext_texts) == [(each["alpha"], each["beta"]) for each in choices]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to every string in a JSON value."""
    if isinstance(value, str):
        yield path
        return
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _paths(child, (*path, key))


def _with(value: Any, path: tuple[str | int, ...], change: Callable[[Any], Any]) -> str:
    """The text of a ballot with one value in it changed."""
    changed = copy.deepcopy(value)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = change(parent[path[-1]])
    return dumps(changed)


def _third_changed(text: str, third: int) -> str:
    """The first, middle or last character changed."""
    return _other_digit(text, third * (len(text) - 1) // 2)


def _other_digit(text: str, position: int) -> str:
    return text[:position] + ("1" if text[position] != "1" else "2") + text[position + 1 :]


@pytest.mark.parametrize("folder", TOOL_FOLDERS)
def test_one_changed_character_in_every_field(folder: str) -> None:
    """Wherever a ballot is changed, it does not verify any more."""
    tool = tool_election(folder)
    text = tool.archive.ballots[0]
    value = json.loads(text)
    paths = list(_paths(value))
    assert len(paths) >= 50
    for number, path in enumerate(paths):
        changed = _with(value, path, functools.partial(_third_changed, third=number % 3))
        assert changed != text
        with pytest.raises(CryptoError):
            verify_ballot(tool.election, changed)


@pytest.mark.parametrize("folder", TOOL_FOLDERS)
def test_one_changed_digit_anywhere(folder: str) -> None:
    """Digits are changed at a spread of places over the whole text."""
    tool = tool_election(folder)
    text = tool.archive.ballots[-1]
    places = [place for place, character in enumerate(text) if character in "0123456789abcdef"]
    for place in places[:: len(places) // 150]:
        with pytest.raises(CryptoError):
            verify_ballot(tool.election, _other_digit(text, place))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("group_name", GROUP_NAMES)
def test_proof_of_another_place(group_name: str, shape: str) -> None:
    """A proof that holds for one ciphertext holds for no other; nothing is taken for another."""
    election = sample_election(group_name, shape)
    value = json.loads(_sample_ballot(group_name, shape))
    answer = value["answers"][0]
    swaps: list[tuple[Any, int, int]] = [
        (answer["individual_proofs"], 0, 1),
        (answer["individual_proofs"][0], 0, 1),
        (answer["overall_proof"], 0, 1),
        (answer["choices"], 0, 1),
    ]
    if "blank_proof" in answer:
        swaps.append((answer["blank_proof"], 0, 1))
    for values, first, second in swaps:
        values[first], values[second] = values[second], values[first]
        ballot = parse_ballot(election, dumps(value))
        with pytest.raises(ProofError):
            verify_ballot_proofs(election, ballot)
        with pytest.raises(SignatureError):
            verify_ballot_signature(election, ballot)
        values[first], values[second] = values[second], values[first]
    assert dumps(value) == _sample_ballot(group_name, shape)


@pytest.mark.parametrize("group_name", GROUP_NAMES)
def test_credential_of_another_voter(group_name: str) -> None:
    """A ballot cannot be taken over under another credential."""
    election = sample_election(group_name, "agree")
    value = json.loads(_sample_ballot(group_name, "agree"))
    value["credential"] = election.group.element_to_text(election.group.power_of_generator(5))
    ballot = parse_ballot(election, dumps(value))
    with pytest.raises(ProofError):
        verify_ballot_proofs(election, ballot)
    with pytest.raises(SignatureError):
        verify_ballot_signature(election, ballot)


@pytest.mark.parametrize("group_name", GROUP_NAMES)
def test_signature_of_another_ballot(group_name: str) -> None:
    """The signature covers all bytes; proofs are checked apart from it."""
    election = sample_election(group_name, "agree")
    value = json.loads(_sample_ballot(group_name, "agree"))
    other = json.loads(encrypt_ballot(election, EXPONENT, [[0, 1], [1, 0]], SEED[::-1], NONCE))
    for replaced in (
        other["signature"],
        value["signature"] | {"proof": other["signature"]["proof"]},
        value["signature"] | {"hash": other["signature"]["hash"]},
    ):
        ballot = parse_ballot(election, dumps(value | {"signature": replaced}))
        verify_ballot_proofs(election, ballot)
        with pytest.raises(SignatureError):
            verify_ballot_signature(election, ballot)


FIRST_CHOICE = ("answers", 0, "choices", 0)


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@pytest.mark.parametrize(
    ("path", "neutral_refused"),
    [
        (("credential",), True),
        ((*FIRST_CHOICE, "alpha"), True),
        ((*FIRST_CHOICE, "beta"), False),
    ],
)
def test_neutral_element(group_name: str, path: tuple[str, ...], neutral_refused: bool) -> None:
    """The neutral element is refused as credential and alpha, in archives of others it is read."""
    election = sample_election(group_name, "agree")
    neutral = election.group.element_to_text(election.group.identity)
    value = json.loads(_sample_ballot(group_name, "agree"))
    changed = _with(value, path, lambda _: neutral)
    if neutral_refused:
        with pytest.raises(MembershipError):
            parse_ballot(election, changed)
    ballot = parse_ballot(election, changed, strict=not neutral_refused)
    with pytest.raises(ProofError):
        verify_ballot_proofs(election, ballot)


OUTSIDE = {"Ed25519": "00" * 32, "BELENIOS-2048": "2"}


@pytest.mark.parametrize("group_name", GROUP_NAMES)
def test_elements_and_scalars_out_of_range(group_name: str) -> None:
    """Every element must be in the group, every scalar below q."""
    election = sample_election(group_name, "blank")
    value = json.loads(_sample_ballot(group_name, "blank"))
    for path in _paths(value):
        if path[-1] in ("challenge", "response"):
            changed = _with(value, path, lambda old: str(int(old) + election.group.q))
            error: type[Exception] = ScalarRangeError
        elif path[-1] in ("alpha", "beta", "credential"):
            changed = _with(value, path, lambda _: OUTSIDE[group_name])
            error = MembershipError
        else:
            continue
        submission = parse_ballot_form(election, changed)
        with pytest.raises(error):
            check_ballot_elements(election, submission)


@pytest.mark.parametrize(
    ("path", "replacement", "error"),
    [
        (("election_uuid",), "2MoJPRgWzLnoyG", ElectionMismatchError),
        (("election_hash",), "A" * 43, ElectionMismatchError),
        (("election_uuid",), None, MalformedError),
        (("credential",), 5, MalformedError),
        (("credential",), "x", MalformedError),
        (("answers",), {}, MalformedError),
        (("answers",), [], MalformedError),
        (("answers", 0), [], MalformedError),
        (("answers", 0, "choices"), [], MalformedError),
        (("answers", 0, "choices"), {}, MalformedError),
        (("answers", 0, "choices", 0), {"alpha": "1"}, MalformedError),
        (("answers", 0, "choices", 0), {"beta": "1", "alpha": "1"}, MalformedError),
        (("answers", 0, "choices", 0, "alpha"), 1, MalformedError),
        (("answers", 0, "individual_proofs"), [], MalformedError),
        (("answers", 0, "individual_proofs", 0), [], MalformedError),
        (("answers", 0, "overall_proof"), [], MalformedError),
        (("answers", 0, "overall_proof", 0), {}, MalformedError),
        (("answers", 0, "overall_proof", 0, "challenge"), "01", MalformedError),
        (("answers", 0, "overall_proof", 0, "response"), 7, MalformedError),
        (("signature",), {}, MalformedError),
        (("signature", "hash"), "A" * 42, MalformedError),
        (("signature", "hash"), "\ud800" + "A" * 42, MalformedError),
        (("signature", "proof"), None, MalformedError),
    ],
)
def test_other_values(
    path: tuple[str | int, ...], replacement: Any, error: type[Exception]
) -> None:
    """Other elections, types and lengths are refused before anything is computed."""
    election = sample_election("Ed25519", "agree")
    value = json.loads(_sample_ballot("Ed25519", "agree"))
    with pytest.raises(error):
        parse_ballot(election, _with(value, path, lambda _: replacement))


def test_lengths_of_lists() -> None:
    """One answer, choice or proof more than the election asks for is refused."""
    for shape in SHAPES:
        election = sample_election("Ed25519", shape)
        value = json.loads(_sample_ballot("Ed25519", shape))
        for path in [
            ("answers",),
            ("answers", 0, "choices"),
            ("answers", 0, "individual_proofs"),
            ("answers", 0, "individual_proofs", 0),
            ("answers", 0, "overall_proof"),
            *([("answers", 0, "blank_proof")] if shape == "blank" else []),
        ]:
            for change in (lambda old: [*old, old[-1]], lambda old: old[:-1]):
                with pytest.raises(MalformedError):
                    parse_ballot_form(election, _with(value, path, change))


def test_blank_proof_where_none_is_due() -> None:
    """A blank proof stands with questions that have an explicit blank, and only there."""
    agree = json.loads(_sample_ballot("Ed25519", "agree"))
    blank = json.loads(_sample_ballot("Ed25519", "blank"))
    agree["answers"][0]["blank_proof"] = blank["answers"][0].pop("blank_proof")
    for shape, value in (("agree", agree), ("blank", blank)):
        with pytest.raises(MalformedError):
            parse_ballot_form(sample_election("Ed25519", shape), dumps(value))


def test_bytes_that_are_not_canonical() -> None:
    """The same value in other bytes would be another tracker for the same ballot."""
    election = sample_election("Ed25519", "blank")
    text = _sample_ballot("Ed25519", "blank")
    value = json.loads(text)
    reordered = {"credential": value["credential"]} | value
    proof = value["signature"]["proof"]
    for other in (
        text + " ",
        text + "\n",
        text.replace(":", ": ", 1),
        text.replace('"alpha"', '"\\u0061lpha"', 1),
        text.replace(proof["response"], "0" + proof["response"]),
        dumps(reordered),
        dumps(value | {"extra": 1}),
        text[:-1] + ',"credential":"x"}',
        text[:-1],
        "",
        "null",
        "[]",
    ):
        with pytest.raises(MalformedError):
            parse_ballot(election, other)


def test_ballot_under_another_question() -> None:
    """A ballot binds phi: the same ciphertexts prove nothing in another election."""
    questions = json.loads(sample_election("Ed25519", "agree").text)["questions"]
    questions[0]["question"] += "!"
    other = make_election("Ed25519", questions)
    value = json.loads(_sample_ballot("Ed25519", "agree"))
    with pytest.raises(ElectionMismatchError):
        parse_ballot(other, dumps(value))
    ballot = parse_ballot(other, dumps(value | {"election_hash": other.fingerprint}))
    with pytest.raises(ProofError):
        verify_ballot_proofs(other, ballot)


@pytest.mark.parametrize("group_name", GROUP_NAMES)
def test_ballot_in_another_process(group_name: str) -> None:
    """A parsed ballot travels between processes and still verifies."""
    election = sample_election(group_name, "agree")
    ballot = parse_ballot(election, _sample_ballot(group_name, "agree"))
    again = pickle.loads(pickle.dumps(ballot))  # noqa: S301 (our own bytes)
    assert again == ballot
    verify_ballot_proofs(election, again)
    verify_ballot_signature(election, again)
