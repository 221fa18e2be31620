"""Vectors of signed notes, checkpoints, promises and log proofs (C2SP; protocol.md §11)."""

from typing import Any

from crypto.checkpoints import (
    Checkpoint,
    LogProof,
    NoteSigner,
    Promise,
    checkpoint_text,
    log_proof_to_text,
    parse_note_key,
    promise_text,
    sign_note,
    verify_checkpoint,
    verify_log_proof,
    verify_promise,
)
from crypto.merkle import TreeHead, inclusion_path, leaf_hash, tree_root
from tests.vectors.vector_file import VectorFile

UUID = "2MoJPRgWzLnoyF"
ORIGIN = f"bau.example.vn/{UUID}"
PHI = "7TnGlfDbBOLFJ0uVkSh8nAfZH2PmgjZyv8mAHyJ4rcY"
LOG_SEED = "11" * 32
BOX_SEED = "22" * 32
LEAVES = [leaf_hash(f"entry {number}".encode()) for number in range(5)]


def _note_key(given: dict[str, Any]) -> Any:
    key = NoteSigner(given["name"], bytes.fromhex(given["seed"])).key
    return {"public_key": key.public_key.hex(), "key_id": key.key_id.hex(), "vkey": key.to_text()}


def _parse_note_key(given: dict[str, Any]) -> Any:
    key = parse_note_key(given["vkey"])
    return {"name": key.name, "public_key": key.public_key.hex()}


def _sign_note(given: dict[str, Any]) -> Any:
    signer = NoteSigner(given["name"], bytes.fromhex(given["seed"]))
    return {"note": sign_note(given["text"], signer)}


def _checkpoint_text(given: dict[str, Any]) -> Any:
    head = TreeHead(given["size"], bytes.fromhex(given["root"]))
    return {"text": checkpoint_text(Checkpoint(given["origin"], head))}


def _verify_checkpoint(given: dict[str, Any]) -> Any:
    checkpoint = verify_checkpoint(given["note"], parse_note_key(given["vkey"]))
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.head.size,
        "root": checkpoint.head.root.hex(),
    }


def _promise_text(given: dict[str, Any]) -> Any:
    tracker = bytes.fromhex(given["tracker"])
    return {"text": promise_text(Promise(given["uuid"], given["phi"], tracker))}


def _verify_promise(given: dict[str, Any]) -> Any:
    promise = verify_promise(given["note"], parse_note_key(given["vkey"]))
    return {"uuid": promise.uuid, "phi": promise.phi, "tracker": promise.tracker.hex()}


def _log_proof(given: dict[str, Any]) -> Any:
    path = tuple(bytes.fromhex(each) for each in given["path"])
    proof = LogProof(given["leaf_index"], path, given["checkpoint_note"])
    return {"text": log_proof_to_text(proof)}


def _verify_log_proof(given: dict[str, Any]) -> Any:
    leaf = bytes.fromhex(given["leaf_hash"])
    checkpoint = verify_log_proof(given["text"], leaf, parse_note_key(given["vkey"]))
    return {"size": checkpoint.head.size, "root": checkpoint.head.root.hex()}


OPERATIONS = {
    "note_key": _note_key,
    "parse_note_key": _parse_note_key,
    "sign_note": _sign_note,
    "checkpoint_text": _checkpoint_text,
    "verify_checkpoint": _verify_checkpoint,
    "promise_text": _promise_text,
    "verify_promise": _verify_promise,
    "log_proof": _log_proof,
    "verify_log_proof": _verify_log_proof,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "notes.json",
        "C2SP signed-note (Ed25519, 0x01), tlog-checkpoint, tlog-proof@v1; protocol.md §11 Notes",
        "tests/vectors/generate_notes.py",
        OPERATIONS,
    )
    log = file.positive("note_key", "log key", {"name": ORIGIN, "seed": LOG_SEED})["vkey"]
    box = file.positive("note_key", "box key", {"name": f"{ORIGIN}/box", "seed": BOX_SEED})["vkey"]
    file.positive("parse_note_key", "log key", {"vkey": log})
    file.positive(
        "parse_note_key",
        "sum.golang.org",
        {"vkey": "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"},
    )
    for reason, vkey in (
        ("the id is not the hash of name and key", log.replace("+", "+0", 1)),
        ("another name under the id", log.replace("bau.", "tau.")),
        ("a name without key", ORIGIN),
    ):
        file.negative("parse_note_key", reason, {"vkey": vkey})
    checkpoint = _add_checkpoints(file, log)
    _add_promises(file, box)
    _add_log_proofs(file, log, checkpoint)
    return file


def _sign(file: VectorFile, text: str, name: str, seed: str) -> str:
    note: str = file.positive("sign_note", name, {"name": name, "seed": seed, "text": text})["note"]
    return note


def _add_checkpoints(file: VectorFile, log: str) -> str:
    root = tree_root(LEAVES).hex()
    text = file.positive(
        "checkpoint_text", "five leaves", {"origin": ORIGIN, "size": 5, "root": root}
    )["text"]
    note = _sign(file, text, ORIGIN, LOG_SEED)
    file.positive("verify_checkpoint", "signed by the log key", {"note": note, "vkey": log})
    other = sign_note(text, NoteSigner("nhan-chung.example.vn", bytes(32)))
    cosigned = note + other.split("\n\n")[1]
    file.positive("verify_checkpoint", "cosigned by another", {"note": cosigned, "vkey": log})
    for reason, wrong in (
        ("another size", note.replace("\n5\n", "\n6\n")),
        ("a size with a leading zero", note.replace("\n5\n", "\n05\n")),
        ("an extension line", sign_note(text + "extension\n", _log_signer())),
        ("no last newline", note[:-1]),
        ("no signature", text),
        ("signed by another key only", other),
        ("a hyphen for the em dash", note.replace("—", "-")),
        ("carriage returns", note.replace("\n", "\r\n")),
        ("the signature twice", note + note.split("\n\n")[1]),
        (
            "the origin of another log",
            sign_note(text.replace(UUID, "3MoJPRgWzLnoyF"), _log_signer()),
        ),
    ):
        file.negative("verify_checkpoint", reason, {"note": wrong, "vkey": log})
    return note


def _log_signer() -> NoteSigner:
    return NoteSigner(ORIGIN, bytes.fromhex(LOG_SEED))


def _add_promises(file: VectorFile, box: str) -> None:
    tracker = bytes(range(32)).hex()
    text = file.positive("promise_text", "", {"uuid": UUID, "phi": PHI, "tracker": tracker})["text"]
    note = _sign(file, text, f"{ORIGIN}/box", BOX_SEED)
    file.positive("verify_promise", "signed by the box key", {"note": note, "vkey": box})
    box_signer = NoteSigner(f"{ORIGIN}/box", bytes.fromhex(BOX_SEED))
    for reason, wrong in (
        ("another tracker", note.replace("0001", "0100")),
        ("the tracker in upper case", sign_note(text.replace("0a0b", "0A0B"), box_signer)),
        ("a version that nobody knows", sign_note(text.replace("/1", "/2"), box_signer)),
        ("a line more", sign_note(text + "2026-01-01\n", box_signer)),
        ("another election", sign_note(text.replace(UUID, "3MoJPRgWzLnoyF"), box_signer)),
        ("signed by the log key", sign_note(text, _log_signer())),
    ):
        file.negative("verify_promise", reason, {"note": wrong, "vkey": box})


def _add_log_proofs(file: VectorFile, log: str, checkpoint: str) -> None:
    text, proof = "", {}
    for index in (0, 3, 4):
        path = [each.hex() for each in inclusion_path(LEAVES, index)]
        given = {"leaf_index": index, "path": path, "checkpoint_note": checkpoint}
        text = file.positive("log_proof", f"leaf {index} of 5", given)["text"]
        proof = {"text": text, "leaf_hash": LEAVES[index].hex(), "vkey": log}
        file.positive("verify_log_proof", f"leaf {index} of 5", proof)
    extra = text.replace("\nindex", "\nextra cGhpZXUga2lu\nindex")
    file.positive("verify_log_proof", "with extra data", proof | {"text": extra})
    for reason, change in (
        ("another leaf", {"leaf_hash": LEAVES[0].hex()}),
        ("another index", {"text": text.replace("index 4", "index 3")}),
        ("another version", {"text": text.replace("@v1", "@v2")}),
        ("an index with a leading zero", {"text": text.replace("index 4", "index 04")}),
        ("no empty line before the checkpoint", {"text": text.replace("\n\n", "\n", 1)}),
        ("no checkpoint", {"text": text.partition("\n\n")[0] + "\n\n"}),
    ):
        file.negative("verify_log_proof", reason, proof | change)


if __name__ == "__main__":
    vectors().write()
