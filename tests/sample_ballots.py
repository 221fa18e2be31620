"""Voters of a small election: their tokens and casting requests, and how to spoil them."""

import functools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa

from crypto.ballot_encryption import encrypt_ballot
from crypto.belenios_json import dumps, loads
from crypto.blind_tokens import (
    begin_token,
    blind_sign,
    finish_token,
    generate_token_key,
    public_key_to_bytes,
)
from crypto.casting import build_casting_body, casting_length
from crypto.credentials import public_credential
from crypto.elections import Election, parse_election
from crypto.randomness import system_randomness
from services.ballot_box.model import BoxTerms
from services.ballot_box.opening import create_box_key, open_box, start_casting
from services.ballot_box.party import BallotBox
from tests.sample_elections import agree_question, election_value

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
AGREE: Final = ((1, 0), (0, 0))


def draw_uuid() -> str:
    """A fresh election for a test: tests share the database."""
    return "".join(random.choices(BASE58, k=14))


@functools.cache
def token_private_key() -> rsa.RSAPrivateKey:
    """One issuer's key for all tests of a process: it takes half a second to make."""
    return generate_token_key()


@functools.cache
def other_token_private_key() -> rsa.RSAPrivateKey:
    return generate_token_key()


@dataclass(frozen=True)
class Voter:
    """Someone who has taken a ballot; `credential` is any text, for a token over it."""

    election: Election
    exponent: int
    credential: str
    token: str

    def ballot(self, marks: Sequence[Sequence[int]] = AGREE) -> str:
        nonce = int.from_bytes(system_randomness(64), "big") % self.election.group.q
        return encrypt_ballot(self.election, self.exponent, marks, system_randomness(32), nonce)

    def body(self, marks: Sequence[Sequence[int]] = AGREE) -> bytes:
        return self.body_of(self.ballot(marks))

    def body_of(self, ballot: str, token: Sequence[str] | None = None) -> bytes:
        length = casting_length(self.election)
        return build_casting_body(ballot, [self.token] if token is None else token, length)

    def spoiled(self, spoil: Callable[[Any], object]) -> bytes:
        """A casting request whose ballot's JSON value was changed by `spoil` in place."""
        value = loads(self.ballot())
        spoil(value)
        return self.body_of(dumps(value))


def make_token(phi: str, credential: str, private_key: rsa.RSAPrivateKey | None = None) -> str:
    """A token as a phone and the registrar make it together."""
    key = private_key or token_private_key()
    blinding = begin_token(key.public_key(), phi, credential, system_randomness)
    signature = blind_sign(key, blinding.blinded_message, system_randomness)
    return finish_token(key.public_key(), blinding, signature)


def make_voter(election: Election) -> Voter:
    exponent = int.from_bytes(system_randomness(64), "big") % election.group.q
    credential = public_credential(election.group, exponent)
    return Voter(election, exponent, credential, make_token(election.fingerprint, credential))


def make_box_election(group: str = "Ed25519", questions: int = 2) -> Election:
    """A fresh election of agree-or-disagree questions."""
    value = election_value(group, [agree_question(number + 1) for number in range(questions)])
    return parse_election(dumps(value | {"uuid": draw_uuid()}))


def box_terms(election: Election) -> BoxTerms:
    spki = public_key_to_bytes(token_private_key().public_key())
    return BoxTerms(election.uuid, election.fingerprint, election.text, (spki,))


async def open_sample_box(
    box: BallotBox, *, casting: bool = True, group: str = "Ed25519"
) -> Election:
    """A box of a fresh election, ready to be cast into."""
    election = make_box_election(group)
    await create_box_key(box, election.uuid)
    await open_box(box, box_terms(election))
    if casting:
        await start_casting(box, election.uuid)
    return election
