"""What one person may see of an election (words.md §3), and the warnings before the start."""

from typing import Final

from schemas.entries import Issuance, Result
from schemas.rules import Bases, unreachable_awards
from services.accounts import Account
from services.board.log import read_log
from services.election.attending import read_roster, roster_attendance
from services.election.model import (
    CAN_VOTE,
    ElectionPicture,
    ElectionRecord,
    ElectionWarning,
    State,
    count_attendance,
)
from services.election.party import Election
from services.election.reading import read_election_for, read_progress

BEFORE_START: Final[frozenset[State]] = frozenset({"draft", "ceremony", "issuing"})

REACH_TEXT: Final = (
    '"{award}" cần {needed}/{members} phiếu đồng ý, nhưng chỉ {can_vote} người được phát phiếu,'
    " nên không thể đạt. Chờ thêm thành viên, lấy ý kiến bằng văn bản, hoặc để phiên sau."
)
PARTICIPANTS_TEXT: Final = (
    "Thành viên bỏ phiếu lần 2 không giống lần 1. Hiệu số giữa hai kết quả có thể làm lộ phiếu của"
    " người vào thêm hoặc vắng đi; đề nghị chủ tọa cân nhắc trước khi bắt đầu."
)
BASE_TEXT: Final = (
    '"{award}" lấy tỷ lệ trên số khác với tổng số thành viên Hội đồng mà chưa ghi lý do. Ghi lý do'
    " để biên bản nêu rõ."
)
# words.md §7, presets `council-90` and `council-80`: awards whose share is of all members.
AWARDS_OF_ALL_MEMBERS: Final = (
    "Anh hùng Lao động",
    "Anh hùng Lực lượng vũ trang nhân dân",
    "Chiến sĩ thi đua",
    "Cờ thi đua",
)


async def view_election(election: Election, account: Account, uuid: str) -> ElectionPicture:
    """
    An election as `account` may see it; the result only for whom it is open.

    Raises ElectionNotFoundError, NotAllowedError.
    """
    record, roles = await read_election_for(election, account, uuid)
    result = await read_result(election, record) if roles.may_see_result(record) else None
    return ElectionPicture(
        election=record,
        progress=await read_progress(election, record),
        warnings=await _warnings(election, record),
        result=result,
    )


async def read_result(election: Election, record: ElectionRecord) -> Result | None:
    """The result entry of the log; None while there is none."""
    return (await read_log(election.board, record.uuid)).first_of(Result)


async def _warnings(election: Election, record: ElectionRecord) -> tuple[ElectionWarning, ...]:
    if record.state not in BEFORE_START:
        return ()
    return (
        *await _reach_warnings(election, record),
        *await _participants_warning(election, record),
        *_base_warnings(record),
    )


async def _reach_warnings(
    election: Election, record: ElectionRecord
) -> tuple[ElectionWarning, ...]:
    """One for each award that the members who can get a ballot cannot carry (`reach.warning`)."""
    attendance = await roster_attendance(election, record)
    with_key = {each.no for each in await read_roster(election, record) if each.key is not None}
    can_vote = sum(each.state in CAN_VOTE and each.no in with_key for each in attendance)
    count = count_attendance(attendance)
    bases = Bases(
        all_members=count.members, present_members=count.in_the_meeting, ballots_returned=0
    )
    rules = [(each.award, each.rule) for each in record.nominations]
    return tuple(
        ElectionWarning(
            kind="reach",
            text=REACH_TEXT.format(
                award=found.award,
                needed=found.votes_needed,
                members=found.members,
                can_vote=found.can_vote,
            ),
            award=found.award,
            votes_needed=found.votes_needed,
            members=found.members,
            can_vote=found.can_vote,
        )
        for found in unreachable_awards(rules, bases, can_vote)
    )


async def _participants_warning(
    election: Election, record: ElectionRecord
) -> tuple[ElectionWarning, ...]:
    """The difference of two results can disclose a vote when somebody came or went (§1)."""
    if record.previous is None:
        return ()
    log = await read_log(election.board, record.previous)
    before = {each.member for each in log.all_of(Issuance)}
    now = {e.no for e in await roster_attendance(election, record) if e.state in CAN_VOTE}
    if before == now:
        return ()
    return (ElectionWarning(kind="participants-changed", text=PARTICIPANTS_TEXT),)


def _base_warnings(record: ElectionRecord) -> tuple[ElectionWarning, ...]:
    """Another base than all members for these awards needs a reason in the minute (words.md §7)."""
    awards = dict.fromkeys(
        each.award
        for each in record.nominations
        if each.rule.base != "all_members"
        and each.rule.base_reason is None
        and each.award.startswith(AWARDS_OF_ALL_MEMBERS)
    )
    return tuple(
        ElectionWarning(kind="base-without-reason", text=BASE_TEXT.format(award=award), award=award)
        for award in awards
    )
