"""Laws of encryption and ballots: homomorphism, completeness, soundness under any mutation."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.ballot_encryption import encrypt_ballot, encrypt_choices
from crypto.ballots import (
    Ballot,
    parse_ballot,
    verify_ballot,
    verify_ballot_proofs,
    verify_ballot_signature,
)
from crypto.belenios_json import dumps
from crypto.casting import build_casting_body, casting_length, parse_casting_body
from crypto.elections import Election
from crypto.elgamal import encrypt, multiply_ciphertexts
from crypto.errors import CryptoError, ElectionMismatchError, ProofError, SignatureError
from crypto.groups import GROUPS, Group
from tests.sample_elections import (
    GROUP_NAMES,
    MARKS,
    SECRET_KEY,
    agree_question,
    at_most_question,
    blank_question,
    make_election,
    sample_election,
)

groups = pytest.mark.parametrize("group", GROUPS.values(), ids=GROUP_NAMES)
scalars = st.integers(min_value=0, max_value=2**256)
SEED, EXPONENT, NONCE = bytes(range(32)), 424242, 171717
few = settings(deadline=None, max_examples=25)
many = settings(deadline=None, max_examples=80)


@groups
@few
@given(first=scalars, second=scalars)
def test_exponents_add_up(group: Group, first: int, second: int) -> None:
    """g^a g^b = g^(a+b), (g^a)^b = g^(ab), g^a / g^b = g^(a-b)."""
    left, right = group.power_of_generator(first), group.power_of_generator(second)
    assert group.multiply(left, right) == group.power_of_generator(first + second)
    assert group.power(left, second) == group.power_of_generator(first * second)
    assert group.divide(left, right) == group.power_of_generator(first - second)
    assert group.multiply(left, group.invert(left)) == group.identity


@groups
@few
@given(exponent=scalars)
def test_elements_keep_their_text(group: Group, exponent: int) -> None:
    """One element, one text; every power is a member."""
    element = group.power_of_generator(exponent)
    assert group.is_member(element)
    assert group.element_from_text(group.element_to_text(element)) == element


@groups
@few
@given(st.lists(st.tuples(st.integers(0, 5), scalars), min_size=1, max_size=6))
def test_product_encrypts_the_sum(group: Group, parts: list[tuple[int, int]]) -> None:
    """The product of encryptions is the encryption of the sum, under the sum of the randomness."""
    key = group.fixed_base(group.power_of_generator(SECRET_KEY))
    total = multiply_ciphertexts(group, [encrypt(group, key, *part) for part in parts])
    plain = sum(plaintext for plaintext, _ in parts)
    assert total == encrypt(group, key, plain, sum(randomness for _, randomness in parts))
    mask = group.power(total.alpha, SECRET_KEY)
    assert group.divide(total.beta, mask) == group.power_of_generator(plain)


@st.composite
def _answers(draw: st.DrawFn) -> tuple[dict[str, Any], list[int]]:
    """A question of either form, and marks that it allows."""
    kind = draw(st.sampled_from(["agree", "at most", "blank"]))
    if kind == "agree":
        return agree_question(), draw(st.sampled_from([[0, 0], [1, 0], [0, 1]]))
    if kind == "blank":
        question = blank_question(draw(st.integers(0, 2)), 2)
        allowed = [[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1]]
        return question, draw(
            st.sampled_from(
                [each for each in allowed if each[0] or sum(each) >= int(question["min"])]
            )
        )
    answers = draw(st.integers(1, 4))
    most = draw(st.integers(0, answers))
    marks = draw(
        st.lists(st.integers(0, 1), min_size=answers, max_size=answers).filter(
            lambda chosen: sum(chosen) <= most
        )
    )
    return at_most_question(answers, most), marks


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@few
@given(
    st.lists(_answers(), min_size=1, max_size=3),
    st.binary(min_size=32, max_size=32),
    st.integers(1, 2**250),
)
def test_every_allowed_ballot_verifies(
    group_name: str, answers: list[tuple[dict[str, Any], list[int]]], seed: bytes, exponent: int
) -> None:
    """Completeness: any questions, any allowed marks, any seed."""
    election = make_election(group_name, [question for question, _ in answers])
    marks = [chosen for _, chosen in answers]
    ballot = verify_ballot(election, encrypt_ballot(election, exponent, marks, seed, NONCE))
    assert list(ballot.ciphertext_texts) == encrypt_choices(election, marks, seed)
    if not any(question.blank for question in election.questions):
        length = casting_length(election)
        body = build_casting_body(ballot.text, ["A" * 555], length)
        assert parse_casting_body(body, length) == (ballot.text, ("A" * 555,))


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, str):
        return [path]
    children = value.items() if isinstance(value, dict) else enumerate(value)
    return [found for key, child in children for found in _paths(child, (*path, key))]


def _sample(group_name: str, shape: str) -> tuple[Election, Ballot]:
    election = sample_election(group_name, shape)
    text = encrypt_ballot(election, EXPONENT, MARKS[shape], SEED, NONCE)
    return election, parse_ballot(election, text)


def _other_value(group: Group, field: str | int, old: str, change: int) -> str:
    """Another value of the same kind: a member of the group, a scalar in range, or a text."""
    if field in ("alpha", "beta", "credential"):
        element = group.element_from_text(old)
        return group.element_to_text(group.multiply(element, group.power_of_generator(change)))
    if field in ("challenge", "response"):
        return str((int(old) + change) % group.q)
    place = change % len(old)
    return old[:place] + ("B" if old[place] != "B" else "C") + old[place + 1 :]


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@pytest.mark.parametrize("shape", MARKS)
@many
@given(st.data())
def test_any_field_mutated_within_its_range(
    group_name: str, shape: str, data: st.DataObject
) -> None:
    """Soundness: a member in place of a member, a scalar in place of a scalar, still fails."""
    election, ballot = _sample(group_name, shape)
    value = json.loads(ballot.text)
    path = data.draw(st.sampled_from(_paths(value)))
    change = data.draw(st.integers(1, election.group.q - 1))
    parent = value
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = _other_value(election.group, path[-1], parent[path[-1]], change)
    changed = dumps(value)
    assert changed != ballot.text
    if path[0] in ("election_uuid", "election_hash"):
        with pytest.raises(ElectionMismatchError):
            parse_ballot(election, changed)
        return
    mutated = parse_ballot(election, changed)
    with pytest.raises(SignatureError):
        verify_ballot_signature(election, mutated)
    # The proofs stand on their own: they do not need the signature to show a change in them.
    if path[0] != "signature":
        with pytest.raises(ProofError):
            verify_ballot_proofs(election, mutated)


@pytest.mark.parametrize("group_name", GROUP_NAMES)
@many
@given(st.data())
def test_any_character_replaced(group_name: str, data: st.DataObject) -> None:
    """No character of a ballot is idle."""
    election, ballot = _sample(group_name, "agree")
    place = data.draw(st.integers(0, len(ballot.text) - 1))
    character = data.draw(st.characters(codec="ascii").filter(lambda c: c != ballot.text[place]))
    with pytest.raises(CryptoError):
        verify_ballot(election, ballot.text[:place] + character + ballot.text[place + 1 :])


@many
@given(
    st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(dumps)
)
def test_arbitrary_text_is_refused_as_malformed(text: str) -> None:
    """Whatever comes in, the only errors are those of this library."""
    with pytest.raises(CryptoError):
        parse_ballot(sample_election("Ed25519", "agree"), text)
