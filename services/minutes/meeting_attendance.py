"""Who was there, in the meeting minute ("Thành phần tham dự", words.md §6)."""

from schemas.papers import PaperTexts
from schemas.roster import RosterMember
from services.minutes import words
from services.minutes.decree_writing import in_vietnam, time_text
from services.minutes.model import Block, CountedElection, Paragraph
from services.minutes.phrases import iso_date_text, list_items, one_line, person

_HERE = ("present", "online")


def has_online_members(election: CountedElection) -> bool:
    return any(election.state_of(member.no) == "online" for member in election.members)


def attendance_blocks(election: CountedElection, texts: PaperTexts) -> list[Block]:
    """Members present and absent, substitutes and guests; numbered where there is more than one."""
    groups: list[list[Paragraph]] = [_members(election)]
    if texts.substitutes:
        people = words.LIST_SEPARATOR.join(
            words.SUBSTITUTE.format(
                name=one_line(substitute.name),
                instead_of=one_line(substitute.instead_of),
                appointment=one_line(substitute.appointment),
                ballot=words.SUBSTITUTE_DOES_NOT_VOTE
                if substitute.votes_under is None
                else words.SUBSTITUTE_VOTES.format(rules=one_line(substitute.votes_under)),
            )
            for substitute in texts.substitutes
        )
        groups.append([Paragraph(text=words.SUBSTITUTES.format(people=people))])
    if texts.guests:
        people = words.LIST_SEPARATOR.join(
            f"{one_line(guest.name)}, {one_line(guest.position)}" for guest in texts.guests
        )
        groups.append([Paragraph(text=words.GUESTS.format(people=people))])
    blocks: list[Block] = [Paragraph(lead=words.ATTENDANCE, text="")]
    for number, (head, *rest) in enumerate(groups, 1):
        text = f"{number}. {head.text}" if len(groups) > 1 else head.text
        blocks += [Paragraph(text=text), *rest]
    return blocks


def _members(election: CountedElection) -> list[Paragraph]:
    here = [member for member in election.members if election.state_of(member.no) in _HERE]
    away = [member for member in election.members if election.state_of(member.no) not in _HERE]
    online = sum(election.state_of(member.no) == "online" for member in here)
    decision = election.terms.council.decision
    text = words.MEMBERS.format(
        members=election.closed.members,
        decision=""
        if decision is None
        else words.MEMBERS_DECISION.format(
            number=decision.number, date=iso_date_text(decision.date)
        ),
        present=len(here),
        ways=words.MEMBERS_WAYS.format(here=len(here) - online, online=online) if online else "",
    )
    if away:
        text += words.MEMBERS_ABSENT.format(absent=len(away))
    lines = [Paragraph(text=f"{text}.")]
    lines.append(Paragraph(text=f"a) {words.PRESENT}" if away else words.PRESENT))
    lines += list_items([_present_line(election, member) for member in here])
    if len(away) == 1:
        person_away = words.ABSENT.format(person=_absent_line(election, away[0]))
        lines.append(Paragraph(text=f"b) {person_away}"))
    elif away:
        lines.append(Paragraph(text=f"b) {words.ABSENT_SEVERAL}"))
        lines += list_items([_absent_line(election, member) for member in away])
    return lines


def _present_line(election: CountedElection, member: RosterMember) -> str:
    found = election.attendance[member.no]
    text = person(member)
    if found.state == "online":
        text += words.PRESENT_ONLINE
    # Times stand in the attendance only where they differ from the meeting's own.
    if found.arrived_at is not None and _is_late(election, found.arrived_at):
        text += words.ARRIVED.format(time=time_text(in_vietnam(found.arrived_at)))
    if found.left_at is not None:
        text += words.LEFT.format(time=time_text(in_vietnam(found.left_at)))
    return text


def _is_late(election: CountedElection, arrived_at: str) -> bool:
    arrived, start = in_vietnam(arrived_at), in_vietnam(election.terms.meeting.starts_at)
    return arrived.date() == start.date() and arrived > start


def _absent_line(election: CountedElection, member: RosterMember) -> str:
    found = election.attendance.get(member.no)
    text = words.COMRADE.format(person=person(member))
    if found is not None and found.reason is not None:
        text += words.REASON.format(reason=found.reason)
    took = member.no in election.took_ballot
    return text + (words.CONSULTED if took else words.NOT_TAKING_PART)
