"""Where a teller's program keeps its secrets: one file, sealed by a pass-phrase.

Argon2id (RFC 9106 §4, second recommended option: 64 MiB, t = 3, p = 4) and AES-256-GCM (NIST
SP 800-38D). The file holds the seed, the key share and what was published once. An older copy put
back in its place would forget what was opened: backups are erased with it (protocol.md §3).
"""

import json
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from crypto.randomness import Randomness
from crypto.trustee_device import TrusteeState
from services.trustee.opening import OpenedSum

MAGIC: Final = b"phieukin/trustee/1\n"
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
MAX_FILE_BYTES: Final = 8 * 1024 * 1024
MIN_PASS_PHRASE_CHARACTERS: Final = 10


class CustodyError(Exception):
    """The file cannot be opened or written; the message says what to do."""


@dataclass(frozen=True)
class Custody:
    """All that a teller's program keeps of one election."""

    state: TrusteeState
    opened: OpenedSum | None = None


def store(path: Path, custody: Custody, pass_phrase: str, randomness: Randomness) -> None:
    """Write the file whole or not at all, readable by its owner only. Raises CustodyError."""
    if len(pass_phrase) < MIN_PASS_PHRASE_CHARACTERS:
        raise CustodyError(
            f"choose a pass-phrase of {MIN_PASS_PHRASE_CHARACTERS} characters or more"
        )
    salt, nonce = randomness(SALT_BYTES), randomness(NONCE_BYTES)
    content = json.dumps(
        {
            "state": custody.state.to_json(),
            "opened": None if custody.opened is None else custody.opened.to_json(),
        }
    ).encode()
    sealed = AESGCM(_derive(pass_phrase, salt)).encrypt(nonce, content, MAGIC)
    partial = _partial(path)
    partial.unlink(missing_ok=True)
    # Never through a link or into a file that somebody else may read.
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(MAGIC + salt + nonce + sealed)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    _sync_folder(path.parent)


def load(path: Path, pass_phrase: str) -> Custody:
    """Read the file. Raises CustodyError for another pass-phrase or a changed file."""
    data = _read(path)
    start = len(MAGIC) + SALT_BYTES
    salt, nonce = data[len(MAGIC) : start], data[start : start + NONCE_BYTES]
    try:
        content = AESGCM(_derive(pass_phrase, salt)).decrypt(
            nonce, data[start + NONCE_BYTES :], MAGIC
        )
    except InvalidTag:
        raise CustodyError("the pass-phrase is wrong, or the file was changed") from None
    stored: dict[str, Any] = json.loads(content)
    opened = stored["opened"]
    return Custody(
        TrusteeState.from_json(stored["state"]),
        None if opened is None else OpenedSum.from_json(opened),
    )


def erase(path: Path) -> None:
    """
    Overwrite and delete the file (protocol.md §3: shares are erased after the minute).

    Flash memory may keep old blocks; without the pass-phrase they say nothing. Raises
    CustodyError, before anything is lost, for a file that is not a trustee's.
    """
    _read(path)
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _partial(path).unlink(missing_ok=True)
    _sync_folder(path.parent)


def _read(path: Path) -> bytes:
    """The file's bytes, if it looks like one of ours. Raises CustodyError."""
    if path.stat().st_size <= MAX_FILE_BYTES:
        data = path.read_bytes()
        if data.startswith(MAGIC) and len(data) > len(MAGIC) + SALT_BYTES + NONCE_BYTES:
            return data
    raise CustodyError(f"{path} is not a trustee's file")


def _partial(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _sync_folder(folder: Path) -> None:
    """Only then a file's new name outlives a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _derive(pass_phrase: str, salt: bytes) -> bytes:
    derivation = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
    # Vietnamese letters have two encodings; another keyboard may type the other one.
    return derivation.derive(unicodedata.normalize("NFC", pass_phrase).encode())
