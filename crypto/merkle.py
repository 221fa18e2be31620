"""The append-only tree of RFC 9162 §2.1 with SHA-256: roots, inclusion and consistency proofs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.errors import ConsistencyProofError, InclusionProofError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


@dataclass(frozen=True)
class TreeHead:
    """The size of a tree in leaves and its 32-byte root, always from one checkpoint."""

    size: int
    root: bytes


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry to its leaf (RFC 9162 §2.1.1): SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees to their parent (RFC 9162 §2.1.1): SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Compute the root over leaf hashes (RFC 9162 §2.1.1); the empty tree is SHA-256("")."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    # An odd node at the end of a level rises unchanged: the same tree as the recursive
    # definition with the split at the largest power of two.
    while len(level) > 1:
        parents = [
            node_hash(level[position], level[position + 1])
            for position in range(0, len(level) - 1, 2)
        ]
        if len(level) % 2:
            parents.append(level[-1])
        level = parents
    return level[0]


def tree_head(leaf_hashes: Sequence[bytes]) -> TreeHead:
    """Compute size and root of the tree over leaf hashes (RFC 9162 §2.1.1)."""
    return TreeHead(len(leaf_hashes), tree_root(leaf_hashes))


def inclusion_path(leaf_hashes: Sequence[bytes], leaf_index: int) -> list[bytes]:
    """
    List the sibling hashes from a leaf up to the root (RFC 9162 §2.1.3.1).

    Raises InclusionProofError when the tree has no such leaf.
    """
    if not 0 <= leaf_index < len(leaf_hashes):
        raise InclusionProofError("the tree has no leaf of this index")
    if len(leaf_hashes) == 1:
        return []
    split = _split(len(leaf_hashes))
    if leaf_index < split:
        path = inclusion_path(leaf_hashes[:split], leaf_index)
        return [*path, tree_root(leaf_hashes[split:])]
    path = inclusion_path(leaf_hashes[split:], leaf_index - split)
    return [*path, tree_root(leaf_hashes[:split])]


def verify_inclusion(leaf: bytes, leaf_index: int, path: Sequence[bytes], head: TreeHead) -> None:
    """
    Check that the leaf hash is in the tree that `head` commits to.

    Implements RFC 9162 §2.1.3.2; the numbers below are its steps. A proof does not bind the
    tree size, so size and root come from one signed checkpoint. Raises InclusionProofError.
    """
    _check_hashes([leaf, head.root, *path], InclusionProofError)
    # Step 1.
    if not 0 <= leaf_index < head.size:
        raise InclusionProofError("the tree has no leaf of this index")
    # Steps 2 and 3.
    node, last, computed = leaf_index, head.size - 1, leaf
    # Step 4.
    for sibling in path:
        if last == 0:
            raise InclusionProofError("the path is too long")
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while not node & 1 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    # Step 5.
    if last != 0:
        raise InclusionProofError("the path is too short")
    if computed != head.root:
        raise InclusionProofError("the path does not lead to the root")


def consistency_path(leaf_hashes: Sequence[bytes], first_size: int) -> list[bytes]:
    """
    List the hashes that show the first leaves to be a prefix of all (RFC 9162 §2.1.4.1).

    `first_size` is at least 1; equal sizes need no hash. Raises ConsistencyProofError.
    """
    if not 0 < first_size <= len(leaf_hashes):
        raise ConsistencyProofError("the first tree is empty or larger than the second")
    return _subproof(leaf_hashes, first_size, complete=True)


def verify_consistency(first: TreeHead, second: TreeHead, path: Sequence[bytes]) -> None:
    """
    Check that the first tree is a prefix of the second.

    Implements RFC 9162 §2.1.4.2; the numbers below are its steps. A first tree without leaves
    is a prefix of any, by an empty path, if its root is that of the empty tree. Raises
    ConsistencyProofError.
    """
    _check_hashes([first.root, second.root, *path], ConsistencyProofError)
    if not 0 <= first.size <= second.size:
        raise ConsistencyProofError("the first tree is larger than the second")
    if first.size == 0 or first.size == second.size:
        _verify_trivial_consistency(first, second, path)
        return
    # Step 1.
    if not path:
        raise ConsistencyProofError("the path is empty")
    # Step 2: a first tree that is complete stands for itself.
    hashes = list(path)
    if first.size & (first.size - 1) == 0:
        hashes.insert(0, first.root)
    # Step 3.
    node, last = first.size - 1, second.size - 1
    # Step 4.
    while node & 1:
        node, last = node >> 1, last >> 1
    # Step 5.
    first_computed = second_computed = hashes[0]
    # Step 6.
    for sibling in hashes[1:]:
        if last == 0:
            raise ConsistencyProofError("the path is too long")
        if node & 1 or node == last:
            first_computed = node_hash(sibling, first_computed)
            second_computed = node_hash(sibling, second_computed)
            while not node & 1 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            second_computed = node_hash(second_computed, sibling)
        node, last = node >> 1, last >> 1
    # Step 7.
    if last != 0:
        raise ConsistencyProofError("the path is too short")
    if first_computed != first.root or second_computed != second.root:
        raise ConsistencyProofError("the path does not lead to the roots")


def _verify_trivial_consistency(first: TreeHead, second: TreeHead, path: Sequence[bytes]) -> None:
    if path:
        raise ConsistencyProofError("the path is too long")
    for head in (first, second):
        if head.size == 0 and head.root != EMPTY_ROOT:
            raise ConsistencyProofError("the root of an empty tree is wrong")
    if first.size == second.size and first.root != second.root:
        raise ConsistencyProofError("trees of one size differ")


def _subproof(leaf_hashes: Sequence[bytes], first_size: int, *, complete: bool) -> list[bytes]:
    # SUBPROOF of RFC 9162 §2.1.4.1; `complete` is its b: this subtree is the first tree itself.
    if first_size == len(leaf_hashes):
        return [] if complete else [tree_root(leaf_hashes)]
    split = _split(len(leaf_hashes))
    if first_size <= split:
        path = _subproof(leaf_hashes[:split], first_size, complete=complete)
        return [*path, tree_root(leaf_hashes[split:])]
    path = _subproof(leaf_hashes[split:], first_size - split, complete=False)
    return [*path, tree_root(leaf_hashes[:split])]


def _split(size: int) -> int:
    # The largest power of two smaller than size.
    return 1 << (size - 1).bit_length() - 1


def _check_hashes(
    hashes: Sequence[bytes], error: type[InclusionProofError | ConsistencyProofError]
) -> None:
    if any(len(value) != HASH_BYTES for value in hashes):
        raise error("a hash is not of 32 bytes")
