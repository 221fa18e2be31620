"""What a paper is drawn up from, fetched from the board: counted elections and their records."""

import hashlib
from dataclasses import dataclass

from crypto.checkpoints import parse_note
from crypto.codes import seal_code, seal_value
from schemas.record import ATTENDANCE, RECORD_IN_PAPER, ROSTER
from schemas.roster import RosterMember
from services.board.log import read_checkpoint, read_file, read_log
from services.board.record import build_record
from services.council.reading import read_council
from services.election.errors import NotAMemberError, WrongStateError
from services.election.model import COUNTED, ElectionRecord, MeetingRecord
from services.election.reading import read_election
from services.minutes.errors import NotAnnouncedError, NothingCountedError
from services.minutes.model import (
    AttachedRecord,
    CancelledBallot,
    CountedElection,
    Officers,
    counted_election,
)
from services.minutes.party import Minutes

_UNDER_WAY = frozenset({"issuing", "voting", "closed"})


@dataclass(frozen=True)
class GatheredElection:
    """A counted election, its `record.zip` and the text of its closing checkpoint."""

    counted: CountedElection
    record: bytes
    closing_text: str

    def attach(self, *, is_only_one: bool) -> AttachedRecord:
        """The record as it goes into a paper. Takes about half a second (protocol.md §11)."""
        uuid = self.counted.terms.uuid
        return AttachedRecord(
            uuid=uuid,
            name=RECORD_IN_PAPER if is_only_one else f"record-{uuid}.zip",
            data=self.record,
            seal_value=seal_value(self.closing_text),
            seal_code=seal_code(self.closing_text),
        )


async def gather_election(
    minutes: Minutes, record: ElectionRecord, *, for_tellers: bool = False
) -> GatheredElection:
    """
    Everything that the papers say of one election, from its log alone.

    Raises WrongStateError before the count; NotAnnouncedError before the announcement, except
    `for_tellers`, who know the result and announce it.
    """
    if record.state not in COUNTED:
        raise WrongStateError(state=record.state)
    if not record.announced and not for_tellers:
        raise NotAnnouncedError
    log = await read_log(minutes.board, record.uuid)
    roster = await read_file(minutes.board, record.uuid, ROSTER)
    attendance = await read_file(minutes.board, record.uuid, ATTENDANCE)
    closing = await read_checkpoint(minutes.board, record.uuid, "closing")
    return GatheredElection(
        counted=counted_election(log.entries, roster, attendance),
        record=await build_record(minutes.board, record.uuid, "result"),
        closing_text=parse_note(closing).text,
    )


async def gather_meeting(
    minutes: Minutes, meeting: MeetingRecord
) -> tuple[list[GatheredElection], list[CancelledBallot]]:
    """
    All counted elections of a meeting, second ballots last, and those that were cancelled.

    Raises WrongStateError while one is under way, NothingCountedError, NotAnnouncedError.
    """
    records = [await read_election(minutes.election, uuid) for uuid in meeting.elections]
    for record in records:
        if record.state in _UNDER_WAY:
            raise WrongStateError(state=record.state)
    counted = [record for record in records if record.state in COUNTED]
    if not counted:
        raise NothingCountedError
    counted.sort(key=lambda record: record.ballot_number)
    cancelled = [
        CancelledBallot(record.cancelled.at, record.cancelled.text, len(record.nominations))
        for record in records
        # Without a fingerprint nobody had been given a ballot: a draft that was given up.
        if record.state == "cancelled" and record.cancelled is not None and record.phi is not None
    ]
    return [await gather_election(minutes, record) for record in counted], cancelled


async def read_officers(
    minutes: Minutes, meeting: MeetingRecord, last: CountedElection
) -> Officers:
    """
    The meeting's officers now: by the last election's roster where its terms name them.

    Others took over later; they stand as the council has them today. Raises NotAMemberError.
    """
    council = await read_council(minutes.election.council, meeting.council_id)
    today = {each.no: each for each in council.members}
    named = last.terms.meeting

    def officer(now: int, then: int) -> RosterMember:
        found = last.roster.get(now) if now == then else today.get(now, last.roster.get(now))
        if found is None:
            raise NotAMemberError(no=now)
        return found

    return Officers(
        officer(meeting.presiding, named.presiding),
        officer(meeting.minute_taker, named.minute_taker),
    )


def file_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
