"""Rules for the list of nominations: numbering, limits, second ballots, tellers on the list."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from schemas.fields import NomineeKind
from schemas.terms import Nomination
from services.election.errors import (
    AlreadyBallotedError,
    NominationsInvalidError,
    NominationsTooLongError,
    SecondBallotInvalidError,
    TellersConflictError,
)
from services.election.model import COUNTED, ISSUED, ElectionRecord, Team
from services.election.texts import check_texts

MAX_BALLOT_NUMBER: Final = 2
# An `election` entry has at most 512 KiB (schemas.entries); each question adds 80 bytes of frame.
MAX_QUESTIONS_BYTES: Final = 480 * 1024
QUESTION_FRAME_BYTES: Final = 100

Case: TypeAlias = tuple[NomineeKind, str, str, str]


def case_of(nomination: Nomination) -> Case:
    """What makes two nominations one case: nominee and award, not number or rule."""
    return (nomination.kind, nomination.name, nomination.unit, nomination.award)


def check_nominations(nominations: Sequence[Nomination]) -> None:
    """
    Check one list by itself: numbered 1, 2, 3 … in order, no case twice, within its size.

    Raises NominationsInvalidError, NominationsTooLongError, TextNotCanonicalError.
    """
    cases: set[Case] = set()
    for number, nomination in enumerate(nominations, start=1):
        if nomination.no != number or case_of(nomination) in cases:
            raise NominationsInvalidError(no=number)
        cases.add(case_of(nomination))
    check_texts(tuple(nominations))
    questions = sum(
        len(each.question.encode()) + QUESTION_FRAME_BYTES + 2 * each.question.count('"')
        for each in nominations
    )
    if questions > MAX_QUESTIONS_BYTES:
        raise NominationsTooLongError


def ballot_number_after(first: ElectionRecord | None, nominations: Sequence[Nomination]) -> int:
    """
    Which ballot a draft is: 1, or 2 after the counted first ballot `first` (protocol.md §1).

    Raises SecondBallotInvalidError.
    """
    if first is None:
        return 1
    is_due = first.state in COUNTED and first.ballot_number < MAX_BALLOT_NUMBER
    if not is_due or not _cases(nominations) <= _cases(first.nominations):
        raise SecondBallotInvalidError
    return first.ballot_number + 1


def check_not_balloted(
    nominations: Sequence[Nomination],
    previous: str | None,
    others: Iterable[ElectionRecord],
) -> None:
    """
    Refuse a case on which the meeting has voted, except as the second ballot after `previous`.

    `others` are the other elections of the meeting. Raises AlreadyBallotedError.
    """
    for other in others:
        if other.state not in ISSUED or other.uuid == previous:
            continue
        voted = _cases(other.nominations)
        for nomination in nominations:
            if case_of(nomination) in voted:
                raise AlreadyBallotedError(no=nomination.no)


def check_tellers(
    team: Team | None, nominations: Sequence[Nomination], names: Mapping[int, str]
) -> None:
    """
    Refuse a teller who is on the list, unless the council gave its reason (words.md §2).

    `names` are the members' by number. Raises TellersConflictError.
    """
    if team is None or team.conflict_reason is not None:
        return
    nominees = {_folded(each.name) for each in nominations if each.kind == "individual"}
    for member in team.members:
        name = names.get(member, "")
        if _folded(name) in nominees:
            raise TellersConflictError(name=name)


def _cases(nominations: Sequence[Nomination]) -> set[Case]:
    return {case_of(each) for each in nominations}


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
