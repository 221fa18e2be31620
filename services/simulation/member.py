"""A member's phone: check-in, ballot token, casting, receipt (protocol.md §4 to §7).

The phone trusts no answer: it opens the roster commitment, rebuilds the election from the terms,
checks the token key and the box's promise, and looks its own ballot up in the leaf list, which is
the same file for everyone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto.ballot_encryption import SEED_BYTES, encrypt_ballot
from crypto.ballots import parse_ballot
from crypto.blind_tokens import begin_token, finish_token, parse_token_key
from crypto.casting import build_casting_body, casting_length
from crypto.checkpoints import (
    LogProof,
    log_proof_to_text,
    parse_note_key,
    verify_checkpoint,
    verify_promise,
)
from crypto.codes import code_of, receipt_value
from crypto.credentials import (
    derive_credential_v24,
    generate_secret_credential,
    public_credential,
)
from crypto.device_keys import checkin_message, hash_of_blinded_messages, issue_message
from crypto.elections import Election
from crypto.merkle import inclusion_path, leaf_hash, tree_head
from crypto.randomness import Randomness, draw_scalar
from schemas.entries import BallotEntry, encode_entry
from schemas.record import ReceiptFile
from schemas.scenario import Mark
from services.simulation.board_reader import PublishedElection, read_published_election
from services.simulation.device import Device, b64u, from_b64u

MARKS: Final[dict[Mark, tuple[int, int]]] = {
    "agree": (1, 0),
    "disagree": (0, 1),
    "blank": (0, 0),
}


class PhoneRefusesError(Exception):
    """The phone saw something that must not be; its owner tells the head teller."""


@dataclass
class HeldBallot:
    """A token and the credential it is for, kept on the phone until it is cast."""

    exponent: int
    credential: str
    token: tuple[str, ...]


@dataclass(frozen=True)
class CastBallot:
    """What the phone keeps of a cast ballot: its bytes, promise and receipt value; no marks."""

    ballot: str
    token: tuple[str, ...]
    tracker: bytes
    promise: str
    receipt: bytes


@dataclass
class MemberPhone:
    """One member's phone in one meeting."""

    no: int
    device: Device
    randomness: Randomness
    published: PublishedElection | None = None
    held: HeldBallot | None = None
    cast: CastBallot | None = None

    async def enrol(self, link: str) -> None:
        await self.device.enrol(link)

    async def check_in(self, meeting_id: str, *, online: bool) -> None:
        """Sign the `checkin` message of protocol.md §11 and send it."""
        api = self.device.api
        nonce = (await api.post(f"/meetings/{meeting_id}/checkin/nonces"))["nonce"]
        message = checkin_message(meeting_id, self.no, bytes.fromhex(nonce))
        await api.post(
            f"/meetings/{meeting_id}/checkin",
            {"nonce": nonce, "online": online, "signature": self.device.sign(message)},
        )

    async def take_ballot(self, uuid: str) -> None:
        """
        Take this member's one token (protocol.md §4), finalize it and confirm.

        The blinding state would be stored before the request leaves; here it lives in memory.
        Raises PhoneRefusesError when the roster does not hold this phone's key for the member.
        """
        published = await read_published_election(self.device.api, uuid)
        self._check_roster(published)
        election, terms = published.election, published.terms
        exponent = derive_credential_v24(
            election.group, uuid, generate_secret_credential(self.randomness)
        )
        credential = public_credential(election.group, exponent)
        keys = [parse_token_key(from_b64u(key.spki)) for key in terms.token_keys]
        blindings = await asyncio.to_thread(
            lambda: [
                begin_token(key, election.fingerprint, credential, self.randomness) for key in keys
            ]
        )
        blinded = [blinding.blinded_message for blinding in blindings]
        message = issue_message(election.fingerprint, self.no, hash_of_blinded_messages(blinded))
        answer = await self.device.api.post(
            f"/elections/{uuid}/issuance",
            {"blinded": [b64u(each) for each in blinded], "signature": self.device.sign(message)},
        )
        token = tuple(
            finish_token(key, blinding, from_b64u(signature))
            for key, blinding, signature in zip(
                keys, blindings, answer["blind_signatures"], strict=True
            )
        )
        self.published = published
        self.held = HeldBallot(exponent, credential, token)
        await self.device.api.post(f"/elections/{uuid}/issuance/confirmation")

    async def cast_ballot(self, marks: Sequence[Mark]) -> None:
        """Cast anonymously and keep the promise, whose signature and tracker are checked."""
        if self.published is None or self.held is None:
            raise PhoneRefusesError("this phone holds no ballot")
        election, terms = self.published.election, self.published.terms
        ballot = await asyncio.to_thread(
            encrypt_marks, election, self.held.exponent, marks, self.randomness
        )
        length = casting_length(election, len(self.held.token))
        body = build_casting_body(ballot, self.held.token, length)
        answer = await self.device.api.post_anonymously(f"/elections/{terms.uuid}/ballots", body)
        promise = verify_promise(answer["promise"], parse_note_key(terms.box_key))
        parsed = parse_ballot(election, ballot)
        if promise.tracker != parsed.tracker or promise.phi != election.fingerprint:
            raise PhoneRefusesError("the promise is for another ballot")
        self.cast = CastBallot(
            ballot=ballot,
            token=self.held.token,
            tracker=parsed.tracker,
            promise=answer["promise"],
            receipt=receipt_value(election.fingerprint, parsed.ciphertext_texts),
        )
        self.held = None

    async def build_receipt(self) -> ReceiptFile:
        """
        Find the own ballot in the list of all leaves and build the proof of inclusion locally.

        Raises PhoneRefusesError when the ballot is not there: the promise becomes a claim.
        """
        if self.cast is None or self.published is None:
            raise PhoneRefusesError("this phone has cast no ballot")
        terms, api = self.published.terms, self.device.api
        listing = await api.get_text(f"/elections/{terms.uuid}/board/leaves")
        leaves = [bytes.fromhex(line) for line in listing.splitlines()]
        note = await api.get_text(f"/elections/{terms.uuid}/board/checkpoints/closing")
        checkpoint = verify_checkpoint(note, parse_note_key(terms.log_key))
        leaves = leaves[: checkpoint.head.size]
        if tree_head(leaves) != checkpoint.head:
            raise PhoneRefusesError("the list of leaves is not what the seal says")
        entry = encode_entry(BallotEntry(ballot=self.cast.ballot, token=self.cast.token))
        leaf = leaf_hash(entry)
        if leaf not in leaves:
            raise PhoneRefusesError("the ballot is not in the sealed box")
        index = leaves.index(leaf)
        proof = LogProof(index, tuple(inclusion_path(leaves, index)), note)
        return ReceiptFile(
            format="phieukin/receipt/1",
            uuid=terms.uuid,
            phi=self.published.election.fingerprint,
            tracker=self.cast.tracker.hex(),
            receipt=self.cast.receipt.hex(),
            receipt_code=await asyncio.to_thread(code_of, self.cast.receipt),
            promise=self.cast.promise,
            entry=entry.decode(),
            leaf=leaf.hex(),
            proof=log_proof_to_text(proof),
            terms=encode_entry(terms).decode(),
            election=self.published.election.text,
        )

    def _check_roster(self, published: PublishedElection) -> None:
        mine = [member for member in published.roster.members if member.no == self.no]
        key = mine[0].key if mine else None
        if key is None or from_b64u(key.spki) != self.device.spki:
            raise PhoneRefusesError("the roster holds another key for this member")


def encrypt_marks(
    election: Election, exponent: int, marks: Sequence[Mark], randomness: Randomness
) -> str:
    """Encrypt one member's marks under a fresh seed, which nobody keeps (protocol.md §6)."""
    return encrypt_ballot(
        election,
        exponent,
        [MARKS[mark] for mark in marks],
        randomness(SEED_BYTES),
        draw_scalar(election.group, randomness),
    )
