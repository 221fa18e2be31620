"""Shares, pass rules, quorum and the percentages that papers print."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rules import (
    Bases,
    Quorum,
    Rule,
    ShareError,
    parse_share,
    share_percent,
    strictest_quorum,
    unreachable_awards,
)


def rule(share: str, comparator: str = "at_least", base: str = "all_members") -> Rule:
    return msgspec.convert(
        {"share": share, "comparator": comparator, "base": base, "citation": "Điều 9"}, Rule
    )


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("90%", Fraction(9, 10)),
        ("66.5%", Fraction(133, 200)),
        ("2/3", Fraction(2, 3)),
        ("100%", Fraction(1)),
    ],
)
def test_a_share_is_read_exactly(text: str, share: Fraction) -> None:
    """No share is ever a floating-point number."""
    assert parse_share(text) == share


@pytest.mark.parametrize(
    "text", ["", "90", "0%", "101%", "4/3", "1/0", "0/3", "90,5%", "9e1%", "٩٠%", "90%\n", "2/3\n"]
)
def test_what_is_no_share_is_refused(text: str) -> None:
    """A share is more than nothing and at most the whole."""
    with pytest.raises(ShareError):
        parse_share(text)


@pytest.mark.parametrize("text", ["0%", "150%", "5/4", "x"])
def test_rules_and_quorums_with_an_impossible_share_are_refused(text: str) -> None:
    """The share is checked where the rule is read, not when it is used."""
    with pytest.raises(msgspec.ValidationError):
        rule(text)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"share": text}, Quorum)


# domain.md 1.4: required "đồng ý" on all members N.
@pytest.mark.parametrize(
    ("members", "two_thirds", "eighty", "ninety"),
    [
        (7, 5, 6, 7),
        (9, 6, 8, 9),
        (10, 7, 8, 9),
        (11, 8, 9, 10),
        (12, 8, 10, 11),
        (13, 9, 11, 12),
        (15, 10, 12, 14),
        (17, 12, 14, 16),
        (19, 13, 16, 18),
        (21, 14, 17, 19),
    ],
)
def test_votes_needed_of_all_members(
    members: int, two_thirds: int, eighty: int, ninety: int
) -> None:
    """The table of marks that councils know by heart."""
    assert rule("2/3").votes_needed(members) == two_thirds
    assert rule("80%").votes_needed(members) == eighty
    assert rule("90%").votes_needed(members) == ninety


def test_exactly_the_share_passes_only_where_at_least_is_meant() -> None:
    """12 of 15 are 80 %: enough for at least, too few for more than."""
    assert rule("80%").is_passed(12, 15)
    assert not rule("80%", "more_than").is_passed(12, 15)
    assert rule("80%", "more_than").votes_needed(15) == 13


def test_eighty_percent_of_those_who_voted_is_not_eighty_percent_of_all() -> None:
    """8 of 10 ballots are 8 of 11 members: not passed (domain.md 6.2)."""
    assert not rule("80%").is_passed(8, 11)


shares = st.one_of(
    st.integers(1, 100).map(lambda percent: f"{percent}%"),
    st.tuples(st.integers(1, 40), st.integers(1, 40))
    .filter(lambda pair: pair[0] <= pair[1])
    .map(lambda pair: f"{pair[0]}/{pair[1]}"),
)


@given(shares, st.sampled_from(["at_least", "more_than"]), st.integers(1, 500), st.data())
def test_votes_needed_is_the_least_number_that_passes(
    share: str, comparator: str, base: int, data: st.DataObject
) -> None:
    """What the minute prints as needed and what decides are one arithmetic."""
    one = rule(share, comparator)
    agree = data.draw(st.integers(0, base))
    assert one.is_passed(agree, base) == (agree >= one.votes_needed(base))


@pytest.mark.parametrize(
    ("agree", "base", "text"),
    [
        (15, 15, "100,00"),
        (13, 15, "86,67"),
        (1, 8, "12,50"),
        (2, 3, "66,67"),
        (1, 3, "33,33"),
        (0, 9, "0,00"),
        (1, 800, "0,13"),  # 0.125 exactly: half up
        (0, 0, "0,00"),
    ],
)
def test_a_printed_share_is_rounded_half_up(agree: int, base: int, text: str) -> None:
    """Two decimals, decimal comma, on the exact fraction."""
    assert share_percent(agree, base) == text


def test_the_strictest_quorum_decides() -> None:
    """A rule may carry a quorum of its own."""
    council = Quorum(share="2/3")
    strict = msgspec.structs.replace(rule("90%"), quorum=Quorum(share="80%"))
    loose = msgspec.structs.replace(rule("90%"), quorum=Quorum(share="50%"))
    assert strictest_quorum(council, [strict, loose, rule("80%")]).share == "80%"
    assert strictest_quorum(council, [loose]).share == "2/3"
    assert Quorum(share="2/3").members_needed(11) == 8


def test_an_award_that_cannot_reach_its_mark_is_named_once() -> None:
    """13 ballots cannot give 14 votes; a base that shrinks with the ballots always can."""
    rules = [
        ("Chiến sĩ thi đua tỉnh", rule("90%")),
        ("Chiến sĩ thi đua tỉnh", rule("90%")),
        ("Cờ thi đua của tỉnh", rule("80%")),
        ("Giấy khen", rule("100%", base="ballots_returned")),
        ("Bằng khen", rule("100%", base="present_members")),
    ]
    bases = Bases(all_members=15, present_members=14, ballots_returned=0)
    found = unreachable_awards(rules, bases, can_vote=13)
    assert [(each.award, each.votes_needed, each.members) for each in found] == [
        ("Chiến sĩ thi đua tỉnh", 14, 15),
        ("Bằng khen", 14, 14),
    ]
    assert unreachable_awards(rules, bases, can_vote=15) == []
