"""Attendance of the members on an election's roster."""

import msgspec

from schemas.record import ROSTER
from schemas.roster import MemberAttendance, Roster, RosterMember
from services.board.log import read_file
from services.council.reading import read_council
from services.election.model import (
    ISSUED,
    AttendanceCount,
    ElectionRecord,
    attendance_of,
    count_attendance,
)
from services.election.party import Election
from services.registrar.attendance import read_attendance


async def read_roster(election: Election, record: ElectionRecord) -> tuple[RosterMember, ...]:
    """The frozen roster from issuing on; before, the council as it is."""
    if record.state in ISSUED:
        data = await read_file(election.board, record.uuid, ROSTER)
        return msgspec.json.decode(data, type=Roster).members
    return (await read_council(election.council, record.council_id)).members


async def roster_attendance(
    election: Election, record: ElectionRecord
) -> tuple[MemberAttendance, ...]:
    """One attendance for each member of the roster, by number, as it is now."""
    members = [each.no for each in await read_roster(election, record)]
    found = await read_attendance(election.registrar, record.meeting_id)
    return attendance_of(members, found)


async def count_present(election: Election, record: ElectionRecord) -> AttendanceCount:
    """The counts of the roster's members by attendance, as they are now."""
    return count_attendance(await roster_attendance(election, record))
