"""RFC 9162 trees against the cases of transparency-dev/merkle and against small trees."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from crypto.errors import ConsistencyProofError, InclusionProofError
from crypto.merkle import (
    EMPTY_ROOT,
    TreeHead,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    tree_head,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "merkle"


def _cases(folder: str) -> list[Any]:
    files = sorted((VECTORS / folder).rglob("*.json"))
    assert files
    return [pytest.param(path, id=str(path.relative_to(VECTORS))) for path in files]


def _decoded(case: dict[str, Any], name: str) -> bytes:
    return base64.b64decode(case[name] or "")


def _path(case: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(each) for each in case["proof"] or []]


@pytest.mark.parametrize("file", _cases("inclusion"))
def test_inclusion_case_of_others(file: Path) -> None:
    """Every inclusion case ends as its file says."""
    case = json.loads(file.read_text())
    head = TreeHead(case["treeSize"], _decoded(case, "root"))
    arguments = _decoded(case, "leafHash"), case["leafIdx"], _path(case), head
    if case["wantErr"]:
        with pytest.raises(InclusionProofError):
            verify_inclusion(*arguments)
    else:
        verify_inclusion(*arguments)


@pytest.mark.parametrize("file", _cases("consistency"))
def test_consistency_case_of_others(file: Path) -> None:
    """Every consistency case ends as its file says."""
    case = json.loads(file.read_text())
    first = TreeHead(case["size1"], _decoded(case, "root1"))
    second = TreeHead(case["size2"], _decoded(case, "root2"))
    if case["wantErr"]:
        with pytest.raises(ConsistencyProofError):
            verify_consistency(first, second, _path(case))
    else:
        verify_consistency(first, second, _path(case))


LEAVES = [leaf_hash(bytes([number])) for number in range(7)]


def test_root_of_three_leaves() -> None:
    """An odd leaf rises to the next level unchanged (RFC 9162 §2.1.1)."""
    a, b, c = LEAVES[:3]
    assert tree_root([a, b, c]) == node_hash(node_hash(a, b), c)
    assert tree_root([a]) == a
    assert tree_root([]) == EMPTY_ROOT


def test_path_to_a_leaf_that_is_not_there() -> None:
    """Only leaves of the tree have a path."""
    for index in (-1, 7):
        with pytest.raises(InclusionProofError):
            inclusion_path(LEAVES, index)


def test_inclusion_with_a_path_of_wrong_length() -> None:
    """A path has exactly one hash a level."""
    head, path = tree_head(LEAVES), inclusion_path(LEAVES, 3)
    verify_inclusion(LEAVES[3], 3, path, head)
    for wrong in (path[:-1], [*path, LEAVES[0]], []):
        with pytest.raises(InclusionProofError):
            verify_inclusion(LEAVES[3], 3, wrong, head)


def test_inclusion_with_a_hash_of_wrong_length() -> None:
    """Every hash has 32 bytes."""
    head, path = tree_head(LEAVES), inclusion_path(LEAVES, 3)
    with pytest.raises(InclusionProofError):
        verify_inclusion(LEAVES[3], 3, [path[0][:-1], *path[1:]], head)


def test_consistency_path_from_an_impossible_size() -> None:
    """A prefix has at least one leaf and no more than the tree."""
    for size in (0, 8):
        with pytest.raises(ConsistencyProofError):
            consistency_path(LEAVES, size)


def test_consistency_with_a_path_of_wrong_length() -> None:
    """A consistency path is neither shorter nor longer than the trees demand."""
    first, second = tree_head(LEAVES[:3]), tree_head(LEAVES)
    path = consistency_path(LEAVES, 3)
    verify_consistency(first, second, path)
    for wrong in (path[:-1], [*path, LEAVES[0]], []):
        with pytest.raises(ConsistencyProofError):
            verify_consistency(first, second, wrong)


def test_consistency_of_equal_sizes() -> None:
    """Trees of one size are consistent when they are the same, by an empty path."""
    head = tree_head(LEAVES)
    verify_consistency(head, head, [])
    with pytest.raises(ConsistencyProofError, match="differ"):
        verify_consistency(head, TreeHead(7, LEAVES[0]), [])
    with pytest.raises(ConsistencyProofError, match="too long"):
        verify_consistency(head, head, [LEAVES[0]])


def test_consistency_of_an_empty_tree() -> None:
    """The empty tree has one root."""
    verify_consistency(TreeHead(0, EMPTY_ROOT), tree_head(LEAVES), [])
    with pytest.raises(ConsistencyProofError, match="empty"):
        verify_consistency(TreeHead(0, LEAVES[0]), tree_head(LEAVES), [])


def test_consistency_with_a_tree_that_shrank() -> None:
    """A log never gets shorter."""
    with pytest.raises(ConsistencyProofError, match="larger"):
        verify_consistency(tree_head(LEAVES), tree_head(LEAVES[:3]), [])
