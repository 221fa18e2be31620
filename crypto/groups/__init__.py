"""The two groups of prime order that elections may use, by their Belenios names."""

from typing import Final

from crypto.errors import MalformedError
from crypto.groups.belenios2048 import BELENIOS_2048
from crypto.groups.ed25519 import ED25519
from crypto.groups.group import Element, FixedBase, Group

__all__ = ["GROUPS", "Element", "FixedBase", "Group", "group_by_name"]

GROUPS: Final[dict[str, Group]] = {group.name: group for group in (ED25519, BELENIOS_2048)}


def group_by_name(name: str) -> Group:
    """The group of that Belenios name. Raises MalformedError: no parameters are ever accepted."""
    try:
        return GROUPS[name]
    except KeyError:
        raise MalformedError("only the groups Ed25519 and BELENIOS-2048 are known") from None
