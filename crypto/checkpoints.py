"""Signed notes, checkpoints, log proofs and promises (C2SP signed-note, tlog-*; protocol.md §11).

Only Ed25519 signatures of type 0x01 are made or checked. Everything is parsed strictly: one
text has one meaning, and a meaning has one text.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from crypto.errors import NoteError, SignatureError
from crypto.merkle import HASH_BYTES, TreeHead, verify_inclusion

ED25519_TYPE = b"\x01"
MAX_NOTE_BYTES = 16_384
MAX_KEY_NAME_CHARACTERS = 255
MAX_SIGNATURES = 16
MAX_TREE_SIZE = (1 << 53) - 1
MAX_PATH_HASHES = 64
MAX_EXTRA_BYTES = 4_096
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
PROMISE_HEADER = "phieukin/promise/1"

_SIGNATURE_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")
_VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)
_PHI = re.compile(r"[A-Za-z0-9+/]{43}", re.ASCII)
_TRACKER = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class NoteKey:
    """A public key that signs notes: its name and 32 bytes of Ed25519 (RFC 8032)."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        _check_key_name(self.name)
        if len(self.public_key) != 32:
            raise NoteError("a note key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The four bytes that name this key in a signature line (C2SP signed-note)."""
        hashed = self.name.encode() + b"\n" + ED25519_TYPE + self.public_key
        return hashlib.sha256(hashed).digest()[:4]

    def to_text(self) -> str:
        """Write the key as `name+id+base64` (C2SP signed-note verifier key)."""
        return f"{self.name}+{self.key_id.hex()}+{_encode(ED25519_TYPE + self.public_key)}"


@dataclass(frozen=True, repr=False)
class NoteSigner:
    """A private key that signs notes: its name and the 32-byte Ed25519 seed (RFC 8032)."""

    name: str
    seed: bytes

    @property
    def key(self) -> NoteKey:
        """The public half."""
        private_key = ed25519.Ed25519PrivateKey.from_private_bytes(self.seed)
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        return NoteKey(self.name, private_key.public_key().public_bytes(*raw))


@dataclass(frozen=True)
class NoteSignature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class SignedNote:
    """A parsed note whose signatures nobody has checked yet; `text` ends with a newline."""

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True)
class Checkpoint:
    """What a log says about itself: its origin, tree size and root (C2SP tlog-checkpoint)."""

    origin: str
    head: TreeHead


@dataclass(frozen=True)
class LogProof:
    """
    A leaf's path to a checkpoint (C2SP tlog-proof), nothing of it checked yet.

    `extra` is outside of every signature.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint_note: str
    extra: bytes | None = None


@dataclass(frozen=True)
class Promise:
    """The box's word that a ballot is in it (protocol.md §5, §11); `tracker` has 32 bytes."""

    uuid: str
    phi: str
    tracker: bytes


def parse_note_key(text: str) -> NoteKey:
    """Read a key from `name+id+base64` (C2SP signed-note). Raises NoteError."""
    if len(text) > MAX_KEY_NAME_CHARACTERS + 64 or not (match := _VERIFIER_KEY.fullmatch(text)):
        raise NoteError("not a note key")
    typed = _decode(match[3])
    if typed[:1] != ED25519_TYPE:
        raise NoteError("not an Ed25519 note key")
    key = NoteKey(match[1], typed[1:])
    if key.key_id.hex() != match[2]:
        raise NoteError("the id of a note key is wrong")
    return key


def sign_note(text: str, signer: NoteSigner) -> str:
    """Sign a text that ends with a newline (C2SP signed-note). Raises NoteError."""
    _check_note_text(text)
    private_key = ed25519.Ed25519PrivateKey.from_private_bytes(signer.seed)
    signature = private_key.sign(text.encode())
    return f"{text}\n— {signer.name} {_encode(signer.key.key_id + signature)}\n"


def parse_note(note: str) -> SignedNote:
    """
    Split a note into its text and signature lines (C2SP signed-note).

    At most 16,384 bytes and 16 signatures. Nothing is verified. Raises NoteError.
    """
    _check_characters(note)
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n"):
        raise NoteError("a note is a text, an empty line and signature lines")
    signature_lines = lines[:-1].split("\n")
    if len(signature_lines) > MAX_SIGNATURES:
        raise NoteError("a note has too many signatures")
    return SignedNote(text + "\n", tuple(_parse_signature_line(line) for line in signature_lines))


def open_note(note: str, key: NoteKey) -> str:
    """
    Return the text of a note that `key` signed (C2SP signed-note).

    Signatures by other keys are ignored. Raises NoteError, or SignatureError when the key's
    signature is absent, doubled or wrong.
    """
    parsed = parse_note(note)
    matching = [
        line for line in parsed.signatures if line.name == key.name and line.key_id == key.key_id
    ]
    if len(matching) != 1:
        raise SignatureError("the note does not carry one signature of this key")
    try:
        public_key = ed25519.Ed25519PublicKey.from_public_bytes(key.public_key)
        public_key.verify(matching[0].signature, parsed.text.encode())
    except InvalidSignature:
        raise SignatureError("the signature of the note is wrong") from None
    return parsed.text


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint, without extension lines (C2SP tlog-checkpoint)."""
    _check_key_name(checkpoint.origin)
    head = checkpoint.head
    if not 0 <= head.size <= MAX_TREE_SIZE or len(head.root) != HASH_BYTES:
        raise NoteError("not a tree head")
    return f"{checkpoint.origin}\n{head.size}\n{_encode(head.root)}\n"


def parse_checkpoint_text(text: str) -> Checkpoint:
    """Read the text of a checkpoint, without extension lines. Raises NoteError."""
    _check_note_text(text)
    lines = text[:-1].split("\n")
    if len(lines) != 3:
        raise NoteError("a checkpoint has three lines")
    origin, size, root = lines
    _check_key_name(origin)
    return Checkpoint(origin, TreeHead(_parse_number(size), _decode_hash(root)))


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> str:
    """Sign a checkpoint by the log key, whose name is the origin (protocol.md §11 "Notes")."""
    if checkpoint.origin != signer.name:
        raise NoteError("the log key is not named as the origin")
    return sign_note(checkpoint_text(checkpoint), signer)


def verify_checkpoint(note: str, key: NoteKey) -> Checkpoint:
    """
    Read a checkpoint signed by the log key, whose name is the origin (protocol.md §11 "Notes").

    Raises NoteError or SignatureError.
    """
    checkpoint = parse_checkpoint_text(open_note(note, key))
    if checkpoint.origin != key.name:
        raise NoteError("the origin of the checkpoint is another log")
    return checkpoint


def promise_text(promise: Promise) -> str:
    """Write the text of a promise (protocol.md §11 "Notes"); no time stands in it."""
    text = f"{PROMISE_HEADER}\n{promise.uuid}\n{promise.phi}\n{promise.tracker.hex()}\n"
    parse_promise_text(text)
    return text


def parse_promise_text(text: str) -> Promise:
    """Read the text of a promise (protocol.md §11 "Notes"). Raises NoteError."""
    _check_note_text(text)
    lines = text[:-1].split("\n")
    if len(lines) != 4 or lines[0] != PROMISE_HEADER:
        raise NoteError("not a promise")
    _, uuid, phi, tracker = lines
    if not _UUID.fullmatch(uuid) or not _PHI.fullmatch(phi) or not _TRACKER.fullmatch(tracker):
        raise NoteError("a line of the promise is not of its form")
    return Promise(uuid, phi, bytes.fromhex(tracker))


def sign_promise(promise: Promise, signer: NoteSigner) -> str:
    """Sign a promise by the box key, named `<log origin>/<uuid>/box` (protocol.md §11 "Notes")."""
    if not signer.name.endswith(f"/{promise.uuid}/box"):
        raise NoteError("the box key is not named for this election")
    return sign_note(promise_text(promise), signer)


def verify_promise(note: str, key: NoteKey) -> Promise:
    """
    Read a promise signed by the box key, named `<log origin>/<uuid>/box` (protocol.md §11).

    Raises NoteError or SignatureError.
    """
    promise = parse_promise_text(open_note(note, key))
    if not key.name.endswith(f"/{promise.uuid}/box"):
        raise NoteError("the promise is of another election")
    return promise


def log_proof_to_text(proof: LogProof) -> str:
    """Write a `.tlog-proof` (C2SP tlog-proof@v1). Raises NoteError."""
    extra = [] if proof.extra is None else [f"extra {_encode(proof.extra)}"]
    lines = [PROOF_HEADER, *extra, f"index {proof.index}", *map(_encode, proof.path), ""]
    text = "\n".join(lines) + "\n" + proof.checkpoint_note
    parse_log_proof(text)
    return text


def parse_log_proof(text: str) -> LogProof:
    """Read a `.tlog-proof` (C2SP tlog-proof@v1); nothing is verified. Raises NoteError."""
    _check_characters(text)
    proof_part, separator, checkpoint_note = text.partition("\n\n")
    lines = proof_part.split("\n")
    if not separator or lines.pop(0) != PROOF_HEADER:
        raise NoteError("not a log proof")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _decode(lines.pop(0).removeprefix("extra "))
        if len(extra) > MAX_EXTRA_BYTES:
            raise NoteError("the extra data of a log proof are too long")
    if not lines or not lines[0].startswith("index "):
        raise NoteError("a log proof has an index line")
    index = _parse_number(lines.pop(0).removeprefix("index "))
    if len(lines) > MAX_PATH_HASHES:
        raise NoteError("the path of a log proof is too long")
    parse_note(checkpoint_note)
    return LogProof(index, tuple(map(_decode_hash, lines)), checkpoint_note, extra)


def verify_log_proof(text: str, leaf: bytes, key: NoteKey) -> Checkpoint:
    """
    Check that a `.tlog-proof` leads from the leaf hash to a checkpoint of the log key.

    C2SP tlog-proof@v1, RFC 9162 §2.1.3.2. Raises NoteError, SignatureError or
    InclusionProofError.
    """
    proof = parse_log_proof(text)
    checkpoint = verify_checkpoint(proof.checkpoint_note, key)
    verify_inclusion(leaf, proof.index, proof.path, checkpoint.head)
    return checkpoint


def _parse_signature_line(line: str) -> NoteSignature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise NoteError("not a signature line")
    _check_key_name(match[1])
    decoded = _decode(match[2])
    if len(decoded) <= 4:
        raise NoteError("not a signature line")
    return NoteSignature(match[1], decoded[:4], decoded[4:])


def _check_note_text(text: str) -> None:
    _check_characters(text)
    if not text.endswith("\n") or text == "\n":
        raise NoteError("the text of a note ends with a newline")


def _check_characters(text: str) -> None:
    # No carriage return, tab or other control character: none could be seen on paper.
    if len(text) > MAX_NOTE_BYTES:
        raise NoteError("a note is too long")
    if any((each < " " and each != "\n") or each == "\x7f" for each in text):
        raise NoteError("a note has a control character")
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise NoteError("a note is not UTF-8") from None
    if size > MAX_NOTE_BYTES:
        raise NoteError("a note is too long")


def _check_key_name(name: str) -> None:
    printable = name.isprintable() and not any(each.isspace() or each == "+" for each in name)
    if not 0 < len(name) <= MAX_KEY_NAME_CHARACTERS or not printable:
        raise NoteError("not a key name")


def _parse_number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > MAX_TREE_SIZE:
        raise NoteError("not a number of leaves")
    return int(text)


def _decode_hash(text: str) -> bytes:
    value = _decode(text)
    if len(value) != HASH_BYTES:
        raise NoteError("a hash is not of 32 bytes")
    return value


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decode(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("not base64") from None
    # Unused bits must be zero: one value, one text.
    if _encode(value) != text:
        raise NoteError("not base64 in its one form")
    return value
