"""A box, what is cast into it, and what it promises."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric import rsa

from crypto.checkpoints import NoteSigner, Promise, sign_promise
from crypto.elections import Election

BoxState = Literal["prepared", "casting", "closed", "emptied"]
"""`prepared` until voting starts; `emptied` when the election was cancelled after closing."""

BOX_KEY_SEED_BYTES: Final = 32


@dataclass(frozen=True)
class BoxTerms:
    """What a box accepts ballots for; `token_keys` are SubjectPublicKeyInfo in issuer order."""

    uuid: str
    phi: str
    election_text: str
    token_keys: tuple[bytes, ...]


@dataclass(frozen=True)
class OpenedBox:
    """A box's terms, read and checked; they never change. `length` is Λ in bytes (§11)."""

    terms: BoxTerms
    election: Election
    token_keys: tuple[rsa.RSAPublicKey, ...]
    length: int
    signer: NoteSigner

    def promise(self, tracker: bytes) -> str:
        """
        The signed note that says a ballot is in this box (protocol.md §5, §11 "Notes").

        Ed25519 is deterministic and no time stands in it: the same ballot has one promise.
        """
        return sign_promise(Promise(self.terms.uuid, self.terms.phi, tracker), self.signer)


@dataclass(frozen=True)
class Submission:
    """A casting request in canonical form, for this election; nothing else of it is verified."""

    body: bytes
    ballot: str
    token: tuple[str, ...]
    credential: str

    @cached_property
    def tracker(self) -> bytes:
        """SHA-256 of the exact ballot (belenios-format §6)."""
        return hashlib.sha256(self.ballot.encode()).digest()

    @cached_property
    def body_hash(self) -> bytes:
        """Names exactly these bytes: ballot, token and padding."""
        return hashlib.sha256(self.body).digest()

    @cached_property
    def credential_hash(self) -> bytes:
        return hashlib.sha256(self.credential.encode()).digest()


@dataclass(frozen=True)
class CastBallot:
    """A ballot in the box; every check of protocol.md §5 was made."""

    tracker: bytes
    body_hash: bytes
    credential_hash: bytes
    ballot: str
    token: tuple[str, ...]
