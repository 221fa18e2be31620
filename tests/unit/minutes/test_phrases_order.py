"""The lists of passed cases stand in the order of the table."""

from schemas.rules import Rule
from schemas.terms import Nomination
from services.minutes.phrases import award_lists


def case(no: int, name: str, award: str) -> Nomination:
    rule = Rule(share="80%", comparator="at_least", base="all_members", citation="Điều 9")
    return Nomination(no=no, kind="individual", name=name, unit="", award=award, rule=rule)


def test_awards_in_the_order_of_the_list_and_not_of_who_passed_first() -> None:
    """The first award's only passing case may come after the second award's."""
    flag, order = "Cờ thi đua của tỉnh", "Huân chương Lao động hạng Ba"
    cases = [case(1, "A", flag), case(2, "B", order), case(3, "C", flag)]
    assert award_lists([cases[1], cases[2]], cases) == [f"{flag}: C", f"{order}: B"]
    assert award_lists([cases[1]], cases) == [f"{order}: B"]
