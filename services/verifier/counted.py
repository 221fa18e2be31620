"""What an attached record says that papers print: people, figures and outcomes of one election.

The papers' wording is stated here, in `counting_wording` and in `meeting_wording` a second time,
apart from the service that draws papers up: the verifier trusts no service.
"""

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from crypto.checkpoints import parse_note
from crypto.codes import seal_code_of_note, seal_value
from crypto.errors import CryptoError
from schemas.entries import Closed, Outcome, Result, VotingOpened
from schemas.roster import MemberAttendance, RosterMember
from schemas.terms import Nomination, Terms
from services.verifier.evidence import Evidence

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
PASSED: Final = "Đạt"
NOT_PASSED: Final = "Không đạt"


@dataclass(frozen=True)
class AttachedRecord:
    """A record as it is attached: what it says, and the SHA-256 of the file in hex."""

    evidence: Evidence
    sha256: str


class Counted:
    """One counted election of a paper. Properties raise NotApplicableError as Evidence does."""

    def __init__(self, record: AttachedRecord) -> None:
        self.record = record
        self.evidence = record.evidence
        self.terms: Terms = self.evidence.terms
        self.opened: VotingOpened = self.evidence.opened
        self.closed: Closed = self.evidence.closed
        self.result: Result = self.evidence.result
        self.cases: tuple[tuple[Nomination, Outcome], ...] = tuple(
            zip(self.terms.nominations, self.result.outcomes, strict=True)
        )
        self.took_ballot = frozenset(each.member for each in self.evidence.issuances)

    @functools.cached_property
    def roster(self) -> Mapping[int, RosterMember]:
        """By number; empty where the record is a public one, without its roster."""
        roster = self.evidence.roster
        return {} if roster is None else {each.no: each for each in roster.members}

    @functools.cached_property
    def attendance(self) -> Mapping[int, MemberAttendance]:
        found = self.evidence.attendance
        return {} if found is None else {each.no: each for each in found.members}

    @property
    def members(self) -> tuple[RosterMember, ...]:
        return tuple(self.roster[no] for no in sorted(self.roster))

    @property
    def passed(self) -> list[Nomination]:
        return [nomination for nomination, outcome in self.cases if outcome.passed]

    def state_of(self, no: int) -> str:
        found = self.attendance.get(no)
        return "absent" if found is None else found.state

    def took_ballot_in_state(self, state: str) -> int:
        return sum(self.state_of(no) == state for no in self.took_ballot)

    @functools.cached_property
    def seal_code(self) -> str:
        try:
            return seal_code_of_note(self.evidence.notes["closing"])
        except (KeyError, CryptoError):
            return "no seal code"

    @functools.cached_property
    def seal_value(self) -> str:
        """What the QR code says: the seal value in hex (protocol.md §11)."""
        try:
            return seal_value(parse_note(self.evidence.notes["closing"]).text).hex()
        except (KeyError, CryptoError):
            return "no seal value"

    def on_list(self) -> list[tuple[RosterMember, list[int]]]:
        """Members whose name stands on the list as well, with the numbers of these cases."""
        found = []
        for member in self.members:
            cases = [
                nomination.no
                for nomination, _ in self.cases
                if nomination.kind == "individual"
                and nomination.name.casefold() == member.name.casefold()
            ]
            if cases:
                found.append((member, cases))
        return found


def person(member: RosterMember) -> str:
    """Name, position and role in the council, those that there are."""
    return ", ".join(part for part in (member.name, member.position, member.council_role) if part)


def in_vietnam(instant: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(VIETNAM)


def time_text(instant: str) -> str:
    return f"{in_vietnam(instant):%H giờ %M}"


def day_text(day: date) -> str:
    """Days below 10 and the months 1 and 2 have a leading zero (Decree 30/2020, Annex I)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def iso_day_text(day: str) -> str:
    return day_text(date.fromisoformat(day))


def moment_text(instant: str) -> str:
    return f"{time_text(instant)}, {day_text(in_vietnam(instant).date())}"


def award_lists(cases: Iterable[Nomination], all_cases: Sequence[Nomination]) -> list[str]:
    """`Award: name, name`, by award in the order of the list; units tell namesakes apart."""
    how_many = Counter(case.name for case in all_cases)
    by_award: dict[str, list[str]] = {case.award: [] for case in all_cases}
    for case in cases:
        with_unit = how_many[case.name] > 1 and case.unit
        by_award[case.award].append(f"{case.name} ({case.unit})" if with_unit else case.name)
    return [f"{award}: {', '.join(names)}" for award, names in by_award.items() if names]


def list_lines(items: Sequence[str], end: str = ".") -> str:
    """`- one; - two.`: lines of a list, the last one with `end`."""
    return "".join(
        f"- {item}{end if position == len(items) - 1 else ';'} "
        for position, item in enumerate(items)
    )


def final_cases(counted: Sequence[Counted]) -> list[tuple[Nomination, Outcome]]:
    """Every case once; a second ballot's outcome stands for the first one's."""
    final: dict[tuple[str, ...], tuple[Nomination, Outcome]] = {}
    for each in sorted(counted, key=lambda each: each.terms.ballot_number):
        for nomination, outcome in each.cases:
            key: tuple[str, ...] = (nomination.name, nomination.unit, nomination.award)
            if each.terms.ballot_number == 1 and key in final:
                key = (each.terms.uuid, *key)
            final[key] = (nomination, outcome)
    return list(final.values())


def outcome_cells(nomination: Nomination, outcome: Outcome, *middle: str) -> tuple[str, ...]:
    """A row of a table of results; `middle` are the cells between name and marks."""
    return (
        str(nomination.no),
        nomination.name,
        *middle,
        str(outcome.agree),
        str(outcome.disagree),
        str(outcome.blank),
        outcome.share_percent,
        PASSED if outcome.passed else NOT_PASSED,
    )
