"""Warnings for the secretary before voting starts: nothing is refused because of them."""

from typing import Final

from schemas.entries import Issuance
from schemas.rules import Bases, unreachable_awards
from services.board.log import read_log
from services.council.presets import PRESETS
from services.election.attending import read_roster, roster_attendance
from services.election.model import (
    CAN_VOTE,
    ElectionRecord,
    ElectionWarning,
    State,
    count_attendance,
)
from services.election.party import Election
from services.election.reading import read_meeting

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
CITATION_TEXT: Final = (
    '"{award}": căn cứ "{citation}" không áp dụng cho ngày họp. Đề nghị ghi căn cứ khác.'
)
# words.md §7, presets `council-90` and `council-80`: awards whose share is of all members.
AWARDS_OF_ALL_MEMBERS: Final = (
    "Anh hùng Lao động",
    "Anh hùng Lực lượng vũ trang nhân dân",
    "Chiến sĩ thi đua",
    "Cờ thi đua",
)


async def warnings_before_start(
    election: Election, record: ElectionRecord
) -> tuple[ElectionWarning, ...]:
    """What words.md says in `reach.warning` and §7, and protocol.md §1 of a second ballot."""
    if record.state not in BEFORE_START:
        return ()
    return (
        *await _reach_warnings(election, record),
        *await _participants_warning(election, record),
        *_base_warnings(record),
        *await _citation_warnings(election, record),
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


async def _citation_warnings(
    election: Election, record: ElectionRecord
) -> tuple[ElectionWarning, ...]:
    """A decree is cited for meetings of its own time only (words.md §7)."""
    date = (await read_meeting(election, record.meeting_id)).starts_at[:10]
    outdated = {
        preset.citation
        for preset in PRESETS.presets
        if preset.citation is not None
        and not (preset.valid_from or "") <= date <= (preset.valid_until or "9999")
    }
    found = {
        each.award: each.rule.citation
        for each in record.nominations
        if any(citation in each.rule.citation for citation in outdated)
    }
    return tuple(
        ElectionWarning(
            kind="citation-outside-validity",
            text=CITATION_TEXT.format(award=award, citation=citation),
            award=award,
        )
        for award, citation in found.items()
    )
