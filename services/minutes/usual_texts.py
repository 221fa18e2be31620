"""What the papers usually say where the secretary's own words stand (words.md §6)."""

from schemas.papers import PaperTexts
from services.accounts import Account
from services.council.model import CouncilRecord
from services.council.reading import read_council
from services.election.model import MeetingRecord
from services.election.reading import read_meeting
from services.minutes import words
from services.minutes.party import Minutes


async def read_usual_texts(minutes: Minutes, account: Account, meeting_id: str) -> PaperTexts:
    """
    The usual words, for the secretary to change; nothing of them is in a paper before it is saved.

    Raises MeetingNotFoundError, NotAllowedError.
    """
    account.require_secretary()
    meeting = await read_meeting(minutes.election, meeting_id)
    council = await read_council(minutes.election.council, meeting.council_id)
    return usual_texts(meeting, council)


def usual_texts(meeting: MeetingRecord, council: CouncilRecord) -> PaperTexts:
    """
    As this meeting's people and this council's rules fill them. No figure stands in them, and no
    dots: the number of a submission is added by who knows it.
    """
    names = {member.no: member.name for member in council.members}
    reporter = names.get(meeting.minute_taker)
    rules = council.council.rules
    return PaperTexts(
        report=None if reporter is None else words.USUAL_REPORT.format(person=reporter),
        discussion=words.USUAL_DISCUSSION,
        receiving_authority=words.AUTHORITY,
        recipients=(words.RECIPIENT_MEMBERS,),
        quorum_citation=rules,
        second_ballot_citation=rules,
    )
