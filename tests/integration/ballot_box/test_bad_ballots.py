"""Whatever is wrong with a casting request: its own refusal, nothing stored (protocol.md §5)."""

from collections.abc import Callable
from typing import Any

import pytest

from crypto.belenios_json import dumps
from services.ballot_box.casting import cast_ballot
from services.ballot_box.errors import (
    BallotElementInvalidError,
    BallotLengthError,
    BallotNotCanonicalError,
    BallotOtherElectionError,
    BallotProofInvalidError,
    BallotScalarInvalidError,
    BallotSignatureInvalidError,
    TokenInvalidError,
)
from services.ballot_box.party import BallotBox
from services.ballot_box.store import metadata
from services.errors import PartyError
from tests.sample_ballots import (
    Voter,
    make_box_election,
    make_token,
    make_voter,
    open_sample_box,
    other_token_private_key,
)
from tests.stored_rows import stored_rows

SMALL_ORDER = "00" * 32  # a point of order 4 on the curve
OFF_THE_CURVE = "00" * 31 + "02"
NEUTRAL = "00" * 31 + "01"


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """The same length, other bytes."""

    def change(body: bytes) -> bytes:
        assert body.count(old) >= 1
        changed = body.replace(old, new, 1)
        return changed.rstrip(b" ").ljust(len(body), b" ")

    return change


BODIES: dict[str, tuple[Callable[[bytes], bytes], type[PartyError]]] = {
    "empty": (lambda body: b"", BallotLengthError),
    "unpadded": (lambda body: body.rstrip(b" "), BallotLengthError),
    "truncated": (lambda body: body[:-1], BallotLengthError),
    "oversized": (lambda body: body + b" ", BallotLengthError),
    "padded with tabs": (
        lambda body: body.rstrip(b" ").ljust(len(body), b"\t"),
        BallotNotCanonicalError,
    ),
    "padded with newlines": (
        lambda body: body.rstrip(b" ").ljust(len(body), b"\n"),
        BallotNotCanonicalError,
    ),
    "padded in front": (
        lambda body: body.rstrip(b" ").rjust(len(body), b" "),
        BallotNotCanonicalError,
    ),
    "only spaces": (lambda body: b" " * len(body), BallotNotCanonicalError),
    "space inside": (replaced(b'","token"', b'", "token"'), BallotNotCanonicalError),
    "unknown field": (
        lambda body: b'{"ballot":"{}","token":[],"no":1}'.ljust(len(body), b" "),
        BallotNotCanonicalError,
    ),
    "missing field": (replaced(b',"token":', b',"tokem":'), BallotNotCanonicalError),
    "token a string": (
        lambda body: replaced(b'"]}', b'"}')(replaced(b'"token":["', b'"token":"')(body)),
        BallotNotCanonicalError,
    ),
    "ballot an object": (
        lambda body: replaced(b'}","token"', b'},"token"')(
            replaced(b'{"ballot":"{', b'{"ballot":{')(body.replace(b'\\"', b'"'))
        ).ljust(len(body), b" "),
        BallotNotCanonicalError,
    ),
    "another escape": (
        lambda body: (b'{"ballot":"\\u007b}",' + body[body.index(b'"token"') :].rstrip()).ljust(
            len(body), b" "
        ),
        BallotNotCanonicalError,
    ),
    "not UTF-8": (replaced(b"  ", b"\xff "), BallotNotCanonicalError),
    "ballot with spaces": (
        replaced(b'\\"answers\\":', b'\\"answers\\": '),
        BallotNotCanonicalError,
    ),
    "ballot no JSON": (
        replaced(b'{\\"election_uuid', b'(\\"election_uuid'),
        BallotNotCanonicalError,
    ),
}


def padded_body(voter: Voter) -> bytes:
    """A body with two spaces at least: now and then all scalars are of full length."""
    while not (body := voter.body()).endswith(b"  "):
        pass
    return body


async def assert_refused(box: BallotBox, uuid: str, body: bytes, error: type[PartyError]) -> None:
    before = await stored_rows(box.database, metadata)
    with pytest.raises(error) as refusal:
        await cast_ballot(box, uuid, body)
    assert type(refusal.value) is error
    assert not refusal.value.facts  # nothing about this or other ballots
    assert await stored_rows(box.database, metadata) == before


@pytest.mark.parametrize("name", BODIES)
async def test_body_out_of_form(box: BallotBox, name: str) -> None:
    """Body, padding and escapes have one spelling."""
    election = await open_sample_box(box)
    spoil, error = BODIES[name]
    body = padded_body(make_voter(election))
    assert spoil(body) != body
    await assert_refused(box, election.uuid, spoil(body), error)


def reorder(value: dict[str, Any]) -> None:
    value["answers"] = value.pop("answers")


def reorder_answer(value: dict[str, Any]) -> None:
    answer = value["answers"][0]
    answer["choices"] = answer.pop("choices")


def put_element(field: str, text: str) -> Callable[[Any], None]:
    def spoil(value: Any) -> None:
        value["answers"][1]["choices"][0][field] = text

    return spoil


def put_scalar(field: str, text: str) -> Callable[[Any], None]:
    def spoil(value: Any) -> None:
        value["answers"][0]["individual_proofs"][1][0][field] = text

    return spoil


def swap_proofs(kind: str) -> Callable[[Any], None]:
    def spoil(value: Any) -> None:
        proofs = value["answers"][0][kind]
        proofs.reverse()

    return spoil


def change_signature(value: Any) -> None:
    proof = value["signature"]["proof"]
    proof["response"] = str(max(0, int(proof["response"]) - 1))


def put(path: str, content: object) -> Callable[[Any], None]:
    def spoil(value: Any) -> None:
        value[path] = content

    return spoil


Q = 2**252 + 27742317777372353535851937790883648493
BALLOTS: dict[str, tuple[Callable[[Any], object], type[PartyError]]] = {
    "fields in another order": (reorder, BallotNotCanonicalError),
    "answer in another order": (reorder_answer, BallotNotCanonicalError),
    "unknown field": (
        lambda value: value.update(answers=[], comment="x"),
        BallotNotCanonicalError,
    ),
    "answers a string": (put("answers", "x"), BallotNotCanonicalError),
    "uuid a number": (put("election_uuid", 1), BallotOtherElectionError),
    "answer missing": (lambda value: value["answers"].pop(), BallotNotCanonicalError),
    "another uuid": (put("election_uuid", "2MoJPRgWzLnoyF"), BallotOtherElectionError),
    "another fingerprint": (put("election_hash", "A" * 43), BallotOtherElectionError),
    "alpha of small order": (put_element("alpha", SMALL_ORDER), BallotElementInvalidError),
    "beta of small order": (put_element("beta", SMALL_ORDER), BallotElementInvalidError),
    "alpha off the curve": (put_element("alpha", OFF_THE_CURVE), BallotElementInvalidError),
    "alpha neutral": (put_element("alpha", NEUTRAL), BallotElementInvalidError),
    "alpha in capitals": (put_element("alpha", "AB" * 32), BallotNotCanonicalError),
    "alpha a number": (put_element("alpha", 5), BallotNotCanonicalError),  # type: ignore[arg-type]
    "challenge q": (put_scalar("challenge", str(Q)), BallotScalarInvalidError),
    "response over q": (put_scalar("response", str(Q + 5)), BallotScalarInvalidError),
    "negative response": (put_scalar("response", "-1"), BallotNotCanonicalError),
    "response with a zero in front": (put_scalar("response", "01"), BallotNotCanonicalError),
    "individual proofs exchanged": (swap_proofs("individual_proofs"), BallotProofInvalidError),
    "overall proof exchanged": (swap_proofs("overall_proof"), BallotProofInvalidError),
    "ciphertext exchanged": (
        lambda value: value["answers"][0]["choices"].reverse(),
        BallotProofInvalidError,
    ),
    "signature changed": (change_signature, BallotSignatureInvalidError),
}


@pytest.mark.parametrize("name", BALLOTS)
async def test_spoiled_ballot(box: BallotBox, name: str) -> None:
    """Each fault of a ballot has its own problem."""
    election = await open_sample_box(box)
    spoil, error = BALLOTS[name]
    await assert_refused(box, election.uuid, make_voter(election).spoiled(spoil), error)


async def test_neutral_credential(box: BallotBox) -> None:
    """A token over the neutral element buys nothing: anybody could sign by it."""
    election = await open_sample_box(box)
    token = make_token(election.fingerprint, NEUTRAL)
    voter = Voter(election, 0, NEUTRAL, token)
    await assert_refused(box, election.uuid, voter.body(), BallotElementInvalidError)


async def test_token_of_another(box: BallotBox) -> None:
    """A token is bound to credential, election and issuer."""
    election = await open_sample_box(box)
    voter = make_voter(election)
    tokens = {
        "credential": make_voter(election).token,
        "election": make_token("A" * 43, voter.credential),
        "issuer": make_token(election.fingerprint, voter.credential, other_token_private_key()),
        "unused bits": voter.token[:-1] + chr(ord(voter.token[-1]) + 1),
    }
    for token in tokens.values():
        body = voter.body_of(voter.ballot(), [token])
        await assert_refused(box, election.uuid, body, TokenInvalidError)


async def test_tokens_of_two_issuers(box: BallotBox) -> None:
    """One token an issuer, no more; the body's length already tells."""
    election = await open_sample_box(box)
    voter = make_voter(election)
    with pytest.raises(Exception, match="longer than any ballot"):
        voter.body_of(voter.ballot(), [voter.token, voter.token])


async def test_ballot_of_another_election(box: BallotBox) -> None:
    """A whole, valid request of an election of the same shape is refused."""
    election = await open_sample_box(box)
    other = make_voter(make_box_election())
    await assert_refused(box, election.uuid, other.body(), BallotOtherElectionError)


async def test_copied_ballot(box: BallotBox) -> None:
    """Another's ciphertexts under one's own credential: the proofs name the credential."""
    election = await open_sample_box(box)
    voter, copied = make_voter(election), make_voter(election)

    def copy(value: Any) -> None:
        value["answers"] = loads_answers(copied)

    await assert_refused(box, election.uuid, voter.spoiled(copy), BallotProofInvalidError)


def loads_answers(voter: Voter) -> Any:
    found: list[Any] = []
    voter.spoiled(lambda value: found.append(value["answers"]))
    assert dumps(found[0])
    return found[0]
