"""Pass rules and quorum as data: exact shares, compared as integers (protocol.md §1)."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Annotated, Final, Literal

import msgspec

Comparator = Literal["at_least", "more_than"]
Base = Literal["all_members", "present_members", "ballots_returned"]
ShareText = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?%$|^[0-9]{1,4}/[0-9]{1,4}$")
]
Citation = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]

_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)%", re.ASCII)
_RATIO: Final = re.compile(r"([0-9]{1,4})/([0-9]{1,4})", re.ASCII)


class ShareError(ValueError):
    """The text is not a share such as 90%, 66.5% or 2/3, over 0 and at most 1."""


def parse_share(text: str) -> Fraction:
    """
    Read a share exactly: `90%`, `66.5%`, `2/3` (protocol.md §1, "Rules are data").

    Returns a fraction with 0 < share <= 1. Raises ShareError.
    """
    if percent := _PERCENT.fullmatch(text):
        share = Fraction(percent[1]) / 100
    elif (ratio := _RATIO.fullmatch(text)) and int(ratio[2]) > 0:
        share = Fraction(int(ratio[1]), int(ratio[2]))
    else:
        raise ShareError("a share is written as 90%, 66.5% or 2/3")
    if not 0 < share <= 1:
        raise ShareError("a share is more than 0 and at most the whole")
    return share


class Quorum(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Members present or online when voting starts, at least `share` of all members."""

    share: ShareText
    base: Literal["all_members"] = "all_members"

    def __post_init__(self) -> None:
        parse_share(self.share)

    def members_needed(self, members: int) -> int:
        """Members that must be present or online, of `members` in all."""
        return _ceiling(parse_share(self.share) * members)


class Rule(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """When a nomination passes; `citation` names the text that says so, as the minute prints it."""

    share: ShareText
    comparator: Comparator
    base: Base
    citation: Citation
    quorum: Quorum | None = None
    base_reason: Citation | None = None

    def __post_init__(self) -> None:
        parse_share(self.share)

    def is_passed(self, agree: int, base: int) -> bool:
        """Compare whole numbers, never a rounded percentage (protocol.md §1)."""
        share = parse_share(self.share)
        votes, mark = agree * share.denominator, share.numerator * base
        return votes >= mark if self.comparator == "at_least" else votes > mark

    def votes_needed(self, base: int) -> int:
        """The least number of agreeing ballots that passes on a base of `base`."""
        mark = parse_share(self.share) * base
        return _ceiling(mark) if self.comparator == "at_least" else mark.__floor__() + 1


class Bases(msgspec.Struct, frozen=True, kw_only=True):
    """The three numbers that a share can be of, counted at closing (protocol.md §1, "Bases")."""

    all_members: int
    present_members: int
    ballots_returned: int

    def of(self, base: Base) -> int:
        return int(getattr(self, base))


def _ceiling(value: Fraction) -> int:
    return -((-value).__floor__())


def share_percent(agree: int, base: int) -> str:
    """
    The share as papers print it: two decimals, half up on the exact fraction, decimal comma.

    `share_percent(13, 15) == "86,67"`; a base of 0 gives "0,00".
    """
    if base == 0:
        return "0,00"
    hundredths = (20_000 * agree + base) // (2 * base)
    return f"{hundredths // 100},{hundredths % 100:02d}"


def strictest_quorum(quorum: Quorum, rules: Iterable[Rule]) -> Quorum:
    """The strictest of the election's quorum and those that rules carry (protocol.md §1)."""
    candidates = [quorum, *(rule.quorum for rule in rules if rule.quorum is not None)]
    return max(candidates, key=lambda candidate: parse_share(candidate.share))


class UnreachableAward(msgspec.Struct, frozen=True, kw_only=True):
    """An award whose mark is above the number of members who can get a ballot."""

    award: str
    votes_needed: int
    members: int
    can_vote: int


def unreachable_awards(
    rules: Sequence[tuple[str, Rule]], bases_if_started: Bases, can_vote: int
) -> list[UnreachableAward]:
    """
    Awards that cannot reach their mark with `can_vote` ballots, each once (`reach.warning`).

    For the base `ballots_returned` every mark can be reached, since the base shrinks as well.
    """
    found: dict[str, UnreachableAward] = {}
    for award, rule in rules:
        if rule.base == "ballots_returned":
            continue
        base = bases_if_started.of(rule.base)
        needed = rule.votes_needed(base)
        if needed > can_vote and award not in found:
            found[award] = UnreachableAward(
                award=award, votes_needed=needed, members=base, can_vote=can_vote
            )
    return list(found.values())
