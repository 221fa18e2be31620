"""Laws of the RFC 9162 tree, for all sizes to 40."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import ConsistencyProofError, InclusionProofError
from crypto.merkle import (
    TreeHead,
    consistency_path,
    inclusion_path,
    leaf_hash,
    tree_head,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(number.to_bytes(2, "big")) for number in range(41)]
HEADS = [tree_head(LEAVES[:size]) for size in range(41)]


def test_every_leaf_of_every_tree() -> None:
    """A path shows its own leaf at its own index, and no other leaf or index."""
    for size in range(1, 41):
        for index in range(size):
            path = inclusion_path(LEAVES[:size], index)
            verify_inclusion(LEAVES[index], index, path, HEADS[size])
            with pytest.raises(InclusionProofError):
                verify_inclusion(LEAVES[40], index, path, HEADS[size])
            for other in {index - 1, index + 1, size} - {index}:
                with pytest.raises(InclusionProofError):
                    verify_inclusion(LEAVES[index], other, path, HEADS[size])


def test_every_prefix_of_every_tree() -> None:
    """A path shows its own prefix, and neither another size nor another root."""
    for size in range(1, 41):
        for first in range(1, size + 1):
            path = consistency_path(LEAVES[:size], first)
            verify_consistency(HEADS[first], HEADS[size], path)
            with pytest.raises(ConsistencyProofError):
                verify_consistency(TreeHead(first, LEAVES[40]), HEADS[size], path)
            with pytest.raises(ConsistencyProofError):
                verify_consistency(HEADS[first], TreeHead(size, LEAVES[40]), path)
            if first > 1:
                with pytest.raises(ConsistencyProofError):
                    verify_consistency(HEADS[first - 1], HEADS[size], path)


def test_root_is_the_recursive_one() -> None:
    """Building level by level gives the root that RFC 9162 §2.1.1 defines by recursion."""

    def recursive(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        split = 1
        while split * 2 < len(leaves):
            split *= 2
        return tree_root([recursive(leaves[:split]), recursive(leaves[split:])])

    for size in range(1, 41):
        assert HEADS[size].root == recursive(LEAVES[:size])


@given(st.data())
def test_one_changed_bit_in_a_path(data: st.DataObject) -> None:
    """Every bit of every hash of a path counts."""
    size = data.draw(st.integers(2, 40))
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(LEAVES[:size], index)
    position = data.draw(st.integers(0, len(path) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = int.from_bytes(path[position], "big") ^ 1 << bit
    path[position] = changed.to_bytes(32, "big")
    with pytest.raises(InclusionProofError):
        verify_inclusion(LEAVES[index], index, path, HEADS[size])
