"""Vectors of the board's tree (RFC 9162 §2.1; protocol.md §7, §11 "Leaf")."""

from typing import Any

from crypto.merkle import (
    TreeHead,
    consistency_path,
    inclusion_path,
    leaf_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from tests.vectors.vector_file import VectorFile

ENTRIES = [f'{{"type":"entry","number":{number}}}' for number in range(8)]


def _leaves(given: dict[str, Any]) -> list[bytes]:
    return [leaf_hash(entry.encode()) for entry in given["entries"]]


def _path(given: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(each) for each in given["path"]]


def _hex(hashes: list[bytes]) -> list[str]:
    return [each.hex() for each in hashes]


def _tree_root(given: dict[str, Any]) -> Any:
    leaves = _leaves(given)
    return {"leaf_hashes": _hex(leaves), "root": tree_root(leaves).hex()}


def _inclusion_path(given: dict[str, Any]) -> Any:
    return {"path": _hex(inclusion_path(_leaves(given), given["leaf_index"]))}


def _consistency_path(given: dict[str, Any]) -> Any:
    return {"path": _hex(consistency_path(_leaves(given), given["first_size"]))}


def _verify_inclusion(given: dict[str, Any]) -> Any:
    head = TreeHead(given["size"], bytes.fromhex(given["root"]))
    verify_inclusion(bytes.fromhex(given["leaf_hash"]), given["leaf_index"], _path(given), head)
    return {}


def _verify_consistency(given: dict[str, Any]) -> Any:
    first = TreeHead(given["first_size"], bytes.fromhex(given["first_root"]))
    second = TreeHead(given["second_size"], bytes.fromhex(given["second_root"]))
    verify_consistency(first, second, _path(given))
    return {}


OPERATIONS = {
    "tree_root": _tree_root,
    "inclusion_path": _inclusion_path,
    "consistency_path": _consistency_path,
    "verify_inclusion": _verify_inclusion,
    "verify_consistency": _verify_consistency,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "tree.json",
        "RFC 9162 §2.1 with SHA-256; leaf = SHA-256(0x00 ‖ UTF-8 of the entry)",
        "tests/vectors/generate_tree.py",
        OPERATIONS,
    )
    for size in range(len(ENTRIES) + 1):
        file.positive("tree_root", f"{size} entries", {"entries": ENTRIES[:size]})
    for size in (1, 2, 3, 6, 7, 8):
        for index in range(size):
            _add_inclusion(file, size, index)
    for first, second in ((1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (7, 7)):
        _add_consistency(file, first, second)
    return file


def _add_inclusion(file: VectorFile, size: int, index: int) -> None:
    entries = ENTRIES[:size]
    made = file.positive(
        "inclusion_path",
        f"leaf {index} of {size}",
        {"entries": entries, "leaf_index": index},
    )
    root = tree_root([leaf_hash(entry.encode()) for entry in entries])
    proof = {
        "leaf_hash": leaf_hash(entries[index].encode()).hex(),
        "leaf_index": index,
        "path": made["path"],
        "size": size,
        "root": root.hex(),
    }
    file.positive("verify_inclusion", f"leaf {index} of {size}", proof)
    if (size, index) == (7, 2):
        wrong = leaf_hash(b"another entry").hex()
        path = made["path"]
        for reason, change in (
            ("another leaf", {"leaf_hash": wrong}),
            ("another index", {"leaf_index": 3}),
            ("an index outside of the tree", {"leaf_index": 7}),
            ("a hash of the path replaced", {"path": [wrong, *path[1:]]}),
            ("the path in another order", {"path": path[::-1]}),
            ("a path without its last hash", {"path": path[:-1]}),
            ("a path with one hash more", {"path": [*path, wrong]}),
            ("a hash of 31 bytes", {"path": [path[0][2:], *path[1:]]}),
            ("another root", {"root": wrong}),
            ("a tree of another height", {"size": 9}),
        ):
            file.negative("verify_inclusion", reason, proof | change)


def _add_consistency(file: VectorFile, first: int, second: int) -> None:
    leaves = [leaf_hash(entry.encode()) for entry in ENTRIES]
    made = file.positive(
        "consistency_path",
        f"{first} of {second}",
        {"entries": ENTRIES[:second], "first_size": first},
    )
    proof = {
        "first_size": first,
        "first_root": tree_root(leaves[:first]).hex(),
        "second_size": second,
        "second_root": tree_root(leaves[:second]).hex(),
        "path": made["path"],
    }
    file.positive("verify_consistency", f"{first} of {second}", proof)
    if (first, second) == (3, 7):
        wrong = leaf_hash(b"another entry").hex()
        path = made["path"]
        for reason, change in (
            ("the first root changed", {"first_root": wrong}),
            ("the second root changed", {"second_root": wrong}),
            ("another first size", {"first_size": 2}),
            ("a second tree smaller than the first", {"second_size": 2}),
            ("no path", {"path": []}),
            ("a path without its last hash", {"path": path[:-1]}),
            ("a path with one hash more", {"path": [*path, wrong]}),
            ("a hash of the path replaced", {"path": [wrong, *path[1:]]}),
            (
                "trees of one size with different roots",
                {"second_size": 3, "path": []},
            ),
            (
                "an empty tree with a root that is not SHA-256 of nothing",
                {"first_size": 0, "path": []},
            ),
        ):
            file.negative("verify_consistency", reason, proof | change)


if __name__ == "__main__":
    vectors().write()
