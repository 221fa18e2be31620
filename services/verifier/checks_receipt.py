"""V19: a receipt, verifiable alone, and promises that claims bring (protocol.md §5, §7, §9)."""

import hashlib
from dataclasses import dataclass

import msgspec

from crypto.ballots import parse_ballot
from crypto.checkpoints import (
    Promise,
    parse_log_proof,
    parse_note_key,
    verify_log_proof,
    verify_promise,
)
from crypto.codes import code_of, receipt_value
from crypto.elections import Election, parse_election
from crypto.errors import CryptoError
from crypto.merkle import leaf_hash
from schemas import base64url
from schemas.election_json import DESCRIPTION_PREFIX
from schemas.entries import BallotEntry, Claim, EntryError, decode_entry
from schemas.record import ReceiptFile
from schemas.terms import Terms
from services.verifier.evidence import Evidence, sha256_hex
from services.verifier.record_files import MAX_RECEIPT_BYTES, MalformedInputError
from services.verifier.report import CheckFailedError, NotApplicableError, refuse_if_any


@dataclass(frozen=True)
class Receipt:
    """A receipt file that could be read; nothing of it is believed yet."""

    file: ReceiptFile
    terms: Terms
    election: Election

    @property
    def closing_note(self) -> str:
        """The checkpoint in the log proof."""
        return parse_log_proof(self.file.proof).checkpoint_note


def read_receipt(data: bytes) -> Receipt:
    """Read a receipt file (protocol.md §9). Raises MalformedInputError."""
    if len(data) > MAX_RECEIPT_BYTES:
        raise MalformedInputError(f"a receipt is at most {MAX_RECEIPT_BYTES} bytes")
    try:
        # Not canonical JSON: notes have newlines, which no string of an entry has.
        file = msgspec.json.decode(data, type=ReceiptFile)
        terms = decode_entry(file.terms.encode())
        election = parse_election(file.election)
        parse_log_proof(file.proof)
    except (msgspec.DecodeError, EntryError, UnicodeDecodeError) as error:
        raise MalformedInputError(f"not a receipt: {error}") from error
    except CryptoError as error:
        raise MalformedInputError(f"a part of the receipt cannot be read: {error}") from error
    if not isinstance(terms, Terms):
        raise MalformedInputError("the terms in the receipt are another entry")
    return Receipt(file, terms, election)


def check_receipt(receipt: Receipt, evidence: Evidence | None = None) -> str:
    """
    V19: the promise is signed by the box, the leaf included under the closing checkpoint.

    Promise, terms and election belong together; the leaf is the entry of the promised ballot, and
    the receipt value and its printed code are that ballot's. With the record at hand it is there.
    """
    file, terms, election = receipt.file, receipt.terms, receipt.election
    problems = [*_binding_problems(receipt), *_ballot_problems(receipt)]
    promised = Promise(file.uuid, file.phi, bytes.fromhex(file.tracker))
    try:
        if verify_promise(file.promise, parse_note_key(terms.box_key)) != promised:
            problems.append("the promise is for another ballot")
    except CryptoError as error:
        problems.append(f"promise: {error}")
    try:
        verify_log_proof(file.proof, bytes.fromhex(file.leaf), parse_note_key(terms.log_key))
    except CryptoError as error:
        problems.append(f"inclusion: {error}")
    if code_of(bytes.fromhex(file.receipt)) != file.receipt_code:
        problems.append("the printed code is not that of the receipt")
    if evidence is not None:
        problems += _record_problems(receipt, evidence)
    refuse_if_any(problems)
    where = "included" if evidence is None else "included in the record given"
    return (
        f"ballot {file.tracker} of election {election.uuid} is promised and {where}; "
        f"compare the receipt code {file.receipt_code} with the phone's"
    )


def _binding_problems(receipt: Receipt) -> list[str]:
    file, terms, election = receipt.file, receipt.terms, receipt.election
    problems = []
    if not file.uuid == terms.uuid == election.uuid:
        problems.append("receipt, terms and election have different uuids")
    if file.phi != election.fingerprint:
        problems.append("phi is not the fingerprint of the election")
    if election.description != DESCRIPTION_PREFIX + sha256_hex(file.terms.encode()):
        problems.append("the election is not bound to these terms")
    log_name = f"{terms.log_origin}/{terms.uuid}"
    for key, name in ((terms.log_key, log_name), (terms.box_key, f"{log_name}/box")):
        if key.split("+")[0] != name:
            problems.append(f"a key of the terms is not named {name}")
    return problems


def _ballot_problems(receipt: Receipt) -> list[str]:
    """What joins the promise, the leaf and the receipt value: the ballot's own entry."""
    file = receipt.file
    data = file.entry.encode()
    try:
        entry = decode_entry(data)
        if not isinstance(entry, BallotEntry):
            return ["the entry is not a ballot"]
        ballot = parse_ballot(receipt.election, entry.ballot)
    except (EntryError, CryptoError) as error:
        return [f"the ballot: {error}"]
    problems = []
    if leaf_hash(data).hex() != file.leaf:
        problems.append("the leaf is not that of the ballot")
    if ballot.tracker.hex() != file.tracker:
        problems.append("the ballot is another than the promised one")
    if receipt_value(file.phi, ballot.ciphertext_texts).hex() != file.receipt:
        problems.append("the receipt is not of this ballot")
    return problems


def _record_problems(receipt: Receipt, evidence: Evidence) -> list[str]:
    leaf = bytes.fromhex(receipt.file.leaf)
    if leaf not in evidence.leaves:
        return ["the record given does not hold this ballot"]
    return []


def check_claims(evidence: Evidence) -> str:
    """V19 for a record: every claim is a promise of this box whose ballot is not on the board."""
    claims = evidence.all_of(Claim)
    if not claims:
        raise NotApplicableError("no receipt given, and no claim in the log")
    election, terms = evidence.election, evidence.terms
    trackers = {
        hashlib.sha256(entry.ballot.encode()).digest() for entry in evidence.all_of(BallotEntry)
    }
    problems = []
    for number, claim in enumerate(claims, 1):
        try:
            note = base64url.decode(claim.promise).decode()
            promise = verify_promise(note, parse_note_key(terms.box_key))
        except (CryptoError, ValueError) as error:
            problems.append(f"claim {number}: {error}")
            continue
        if (promise.uuid, promise.phi) != (terms.uuid, election.fingerprint):
            problems.append(f"claim {number} is of another election")
        if promise.tracker in trackers:
            problems.append(f"claim {number} names a ballot that is on the board")
    if problems:
        raise CheckFailedError(*problems)
    return f"{len(claims)} claims, each a promise of the box without its ballot"
