"""The meeting minute (form 1.9 of Decree 30/2020/NĐ-CP), word for word (words.md §6)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from schemas.papers import PaperTexts
from schemas.roster import RosterMember
from schemas.rules import share_percent
from services.minutes import words
from services.minutes.conclusion import conclusion
from services.minutes.decree_writing import in_vietnam, moment_text, time_text, two_digits
from services.minutes.meeting_attendance import attendance_blocks, has_online_members
from services.minutes.model import (
    AttachedRecord,
    Block,
    CancelledBallot,
    CountedElection,
    FormPlace,
    MeetingTable,
    Officers,
    PaperContent,
    Paragraph,
    RecordContradictsError,
    SigningColumn,
    SigningPlace,
    award_groups,
)
from services.minutes.phrases import (
    award_mark,
    cross_checks,
    heading_pieces,
    list_items,
    meeting_row,
    members_on_list,
    one_line,
    paragraphs,
    person,
    replacement_paragraph,
    signing_place,
    software_phrase,
    team_people,
    team_size,
    vote_ballots,
)

# The records clerk numbers and dates what both officers have signed; then the agency seals it
# (Decree 30/2020/NĐ-CP, Articles 14 and 17).
_OFFICERS = ("secretary", "presiding")
_FORM_PLACES = (
    FormPlace(field="number", title=words.FIELD_NUMBER, after=_OFFICERS),
    FormPlace(field="date", title=words.FIELD_DATE, after=_OFFICERS),
)
_AGENCY = SigningPlace(
    field="agency",
    member=None,
    name="",
    role=words.SIGN_AGENCY,
    title=words.FIELD_AGENCY,
    after=(*_OFFICERS, "number", "date"),
)


def meeting_minute(
    elections: Sequence[CountedElection],
    texts: PaperTexts,
    records: Sequence[AttachedRecord],
    software: str,
    cancelled: Sequence[CancelledBallot] = (),
    officers: Officers | None = None,
) -> PaperContent:
    """
    The content of a meeting's minute over all its counted elections, a second ballot after the
    first. `records` stand in the order of `elections`; `cancelled` are ballots without a result,
    which the minute tells of too (protocol.md §1); `officers` sign, by default those of the last
    election's terms. Raises RecordContradictsError.
    """
    if not elections or len({election.terms.meeting.id for election in elections}) != 1:
        raise RecordContradictsError("a meeting minute is of the elections of one meeting")
    first = [election for election in elections if election.terms.ballot_number == 1]
    second = [election for election in elections if election.terms.ballot_number > 1]
    last = elections[-1]
    terms = last.terms
    officers = officers or officers_of(last)
    points: list[Sequence[Block]] = [
        *_opening(first or second, texts),
        *_report_and_list(first, texts),
        *_first_ballots(first, texts, software),
        *_second_ballots(second, texts),
        *_cancelled_ballots(cancelled),
        *conclusion(elections, texts),
        [Paragraph(lead=words.ADOPTION, text=words.ADOPTION_TEXT)],
    ]
    blocks: list[Block] = [
        *_heading_lines(elections, officers, texts),
        *replacement_paragraph("meeting", texts),
        Paragraph(lead=words.CONTENT, text=""),
    ]
    for number, point in enumerate(points, 1):
        blocks += _numbered(number, point)
    left, right = _signatures(officers)
    return PaperContent(
        kind="meeting",
        parent_line=heading_pieces(terms.council.issuer.parent_line),
        issuer_line=heading_pieces(terms.council.issuer.issuer_line),
        number_label=words.NUMBER_LABEL,
        number_symbol=words.NUMBER_SYMBOL.format(symbol=terms.council.issuer.symbol),
        date_label=words.DATE_LABEL,
        title=words.MEETING_TITLE,
        subject=terms.meeting.title,
        issued_at=texts.ended_at or last.closed.at,
        blocks=tuple(blocks),
        closing=_closing(texts),
        left=left,
        right=right,
        agency=_AGENCY,
        form_places=_FORM_PLACES,
        cross_checks=cross_checks(records, elections),
        recipients_heading=words.RECIPIENTS,
        recipients=_recipients(texts),
        attachments=tuple(
            (record.name, words.ATTACHMENT.format(uuid=record.uuid)) for record in records
        ),
    )


def _numbered(number: int, point: Sequence[Block]) -> list[Block]:
    """The point's number goes before the bold words that it begins with."""
    head, *rest = point
    if not isinstance(head, Paragraph):
        raise AssertionError("a point begins with a paragraph")
    return [msgspec.structs.replace(head, lead=f"{number}. {head.lead}"), *rest]


def officers_of(election: CountedElection) -> Officers:
    """The officers that an election's terms name."""
    meeting = election.terms.meeting
    return Officers(election.roster[meeting.presiding], election.roster[meeting.minute_taker])


def _heading_lines(
    elections: Sequence[CountedElection], officers: Officers, texts: PaperTexts
) -> list[Block]:
    election = elections[-1]
    meeting = election.terms.meeting
    earlier = [officers_of(each) for each in sorted(elections, key=_opening_time)]
    presiding_before = _before([each.presiding for each in earlier], officers.presiding)
    minute_taker_before = _before([each.minute_taker for each in earlier], officers.minute_taker)
    online = words.VENUE_ONLINE if has_online_members(election) else ""
    authorised = (
        words.AUTHORISED.format(by=one_line(texts.presiding_authorised_by))
        if texts.presiding_authorised_by is not None
        else ""
    )
    return [
        _labelled(words.STARTED.format(moment=moment_text(meeting.starts_at))),
        _labelled(words.VENUE.format(venue=meeting.venue, online=online)),
        *attendance_blocks(election, texts),
        _labelled(
            words.PRESIDING.format(
                person=person(officers.presiding),
                authorised=authorised,
                before=presiding_before and words.PRESIDING_BEFORE.format(people=presiding_before),
            )
        ),
        _labelled(
            words.MINUTE_TAKER.format(
                person=person(officers.minute_taker),
                before=minute_taker_before
                and words.MINUTE_TAKER_BEFORE.format(people=minute_taker_before),
            )
        ),
    ]


def _opening_time(election: CountedElection) -> datetime:
    return in_vietnam(election.opened.at)


def _before(earlier: Sequence[RosterMember], now: RosterMember) -> str:
    """Who had the office when ballots were taken earlier in the meeting; empty: nobody else."""
    others = {each.no: each for each in earlier if (each.no, each.name) != (now.no, now.name)}
    return ", ".join(words.COMRADE.format(person=person(each)) for each in others.values())


def _labelled(line: str) -> Paragraph:
    label, _, rest = line.partition(":")
    return Paragraph(lead=f"{label}:", text=rest.strip())


def _opening(elections: Sequence[CountedElection], texts: PaperTexts) -> list[list[Paragraph]]:
    opened, council = elections[0].opened, elections[0].terms.council
    present = opened.present + opened.online
    citation = texts.quorum_citation or council.rules
    text = words.OPENING_TEXT.format(
        present=present,
        members=opened.members,
        share=share_percent(present, opened.members),
        citation=words.OPENING_CITATION.format(citation=one_line(citation)) if citation else "",
    )
    return [[Paragraph(lead=words.OPENING, text=text)]]


def _report_and_list(
    elections: Sequence[CountedElection], texts: PaperTexts
) -> list[list[Paragraph]]:
    points = []
    if texts.report is not None and (report := paragraphs(words.REPORT, texts.report)):
        points.append(report)
    number = two_digits(sum(len(election.cases) for election in elections))
    spoken = [] if texts.discussion is None else paragraphs(words.DISCUSSION, texts.discussion)
    if changes := _changes_of_list(texts):
        spoken.append(Paragraph(lead="" if spoken else words.DISCUSSION, text=changes))
    if spoken:
        *before, last = spoken
        text = f"{last.text} {words.LIST.format(number=number)}"
        points.append([*before, msgspec.structs.replace(last, text=text)])
    elif elections:
        points.append([Paragraph(lead=words.LIST_LEAD, text=words.LIST_REST.format(number=number))])
    return points


def _changes_of_list(texts: PaperTexts) -> str:
    parts = []
    if texts.withdrawn:
        cases = words.LIST_SEPARATOR.join(
            words.WITHDRAWN_CASE.format(name=one_line(case.name), reason=one_line(case.reason))
            for case in texts.withdrawn
        )
        parts.append(words.WITHDRAWN.format(number=two_digits(len(texts.withdrawn)), cases=cases))
    if texts.added:
        form = words.ADDED_AFTER if parts else words.ADDED
        cases = words.LIST_SEPARATOR.join(map(one_line, texts.added))
        parts.append(form.format(number=two_digits(len(texts.added)), cases=cases))
    return f"{''.join(parts)}." if parts else ""


def _first_ballots(
    elections: Sequence[CountedElection], texts: PaperTexts, software: str
) -> list[list[Block]]:
    points: list[list[Block]] = []
    for number, election in enumerate(elections, 1):
        which = words.PER_LIST.format(number=number) if len(elections) > 1 else ""
        points += [
            [Paragraph(lead=_with(words.TEAM, which), text=_team(election, texts))],
            [Paragraph(lead=_with(words.VOTE, which), text=_vote(election, software))],
            [
                Paragraph(lead=f"{words.RESULT}{which}", text=words.RESULT_TEXT),
                *_result(election),
            ],
        ]
    return points


def _with(lead: str, which: str) -> str:
    return f"{lead.removesuffix('.')}{which}." if which else lead


def _team(election: CountedElection, texts: PaperTexts) -> str:
    trustees = {trustee.member for trustee in election.terms.counting_team.trustees}
    on_list = [member for member, _ in members_on_list(election, texts) if member.no in trustees]
    reason = election.terms.counting_team.conflict_reason
    if not on_list:
        conflict = words.TEAM_NO_CONFLICT
    elif reason is not None:
        people = ", ".join(words.COMRADE.format(person=member.name) for member in on_list)
        conflict = words.TEAM_CONFLICT.format(people=people, reason=reason)
    else:
        conflict = ""
    return words.TEAM_TEXT.format(
        number=team_size(election), people=team_people(election), conflict=conflict
    )


def _vote(election: CountedElection, software: str) -> str:
    return words.VOTE_TEXT.format(
        software=software_phrase(software),
        start=time_text(in_vietnam(election.opened.at)),
        end=time_text(in_vietnam(election.closed.at)),
        ballots=vote_ballots(election),
    )


def _result(election: CountedElection) -> list[Block]:
    """What each award needs and why, awards under one rule together; the figures of all cases."""
    awards: dict[str, list[str]] = {}
    for group in award_groups(election):
        awards.setdefault(award_mark(group), []).append(group.award)
    marks = [
        words.MARK_OF_AWARDS.format(awards=", ".join(named), mark=mark)
        for mark, named in awards.items()
    ]
    return [Paragraph(text=words.MARKS), *list_items(marks), _result_table(election)]


def _result_table(election: CountedElection) -> MeetingTable:
    return MeetingTable(
        columns=words.MEETING_COLUMNS,
        rows=tuple(meeting_row(nomination, outcome) for nomination, outcome in election.cases),
    )


def _second_ballots(elections: Sequence[CountedElection], texts: PaperTexts) -> list[list[Block]]:
    points: list[list[Block]] = []
    for election in elections:
        names = ", ".join(nomination.name for nomination, _ in election.cases)
        citation = (
            words.SECOND_CITATION.format(citation=one_line(texts.second_ballot_citation))
            if texts.second_ballot_citation is not None
            else words.SECOND_NO_CITATION
        )
        text = words.SECOND_TEXT.format(
            citation=citation,
            names=names,
            start=time_text(in_vietnam(election.opened.at)),
            end=time_text(in_vietnam(election.closed.at)),
            team=words.SECOND_TEAM.format(number=team_size(election), people=team_people(election)),
            ballots=vote_ballots(election),
        )
        points.append([Paragraph(lead=words.SECOND, text=text), *_result(election)])
    return points


def _cancelled_ballots(cancelled: Sequence[CancelledBallot]) -> list[list[Block]]:
    return [
        [
            Paragraph(
                lead=words.CANCELLED,
                text=words.CANCELLED_TEXT.format(
                    number=two_digits(ballot.cases),
                    moment=moment_text(ballot.at),
                    reason=one_line(ballot.text).rstrip("."),
                ),
            )
        ]
        for ballot in cancelled
    ]


def _closing(texts: PaperTexts) -> str:
    if texts.ended_at is None:
        return words.MEETING_CLOSING_UNTIMED
    return words.MEETING_CLOSING.format(moment=moment_text(texts.ended_at))


def _signatures(officers: Officers) -> tuple[SigningColumn, SigningColumn]:
    secretary = signing_place(
        "secretary",
        words.SIGN_SECRETARY,
        words.FIELD_SECRETARY,
        officers.minute_taker,
    )
    presiding = signing_place(
        "presiding",
        words.SIGN_PRESIDING,
        words.FIELD_PRESIDING,
        officers.presiding,
        with_details=True,
    )
    return (
        SigningColumn(heading=words.SIGN_SECRETARY, places=(secretary,)),
        SigningColumn(
            heading=words.SIGN_PRESIDING,
            # The secretary answers for the text before the presiding officer does (words.md §6).
            places=(msgspec.structs.replace(presiding, after=("secretary",)),),
        ),
    )


def _recipients(texts: PaperTexts) -> tuple[str, ...]:
    named = list(texts.recipients or (words.RECIPIENT_MEMBERS,))
    if texts.recipients is None and texts.receiving_authority is not None:
        named.append(texts.receiving_authority)
    lines = [one_line(line).rstrip(" ;.") for line in named]
    kept = [line for line in lines if not line.startswith(words.ARCHIVE_PREFIX)]
    return (*(f"{line};" for line in kept), words.RECIPIENT_ARCHIVE)
