"""The counting minute (Biên bản kiểm phiếu), word for word (words.md §5; domain.md §2.4)."""

from schemas.papers import PaperTexts
from services.minutes import words
from services.minutes.decree_writing import (
    date_text,
    in_vietnam,
    time_text,
    two_digits,
)
from services.minutes.model import (
    AttachedRecord,
    AwardGroup,
    Block,
    CountedElection,
    CountingGroup,
    CountingTable,
    PaperContent,
    Paragraph,
    Section,
    SigningColumn,
    SigningPlace,
    award_groups,
)
from services.minutes.phrases import (
    award_lists,
    award_mark,
    cross_checks,
    heading_pieces,
    iso_date_text,
    list_items,
    members_on_list,
    one_line,
    paragraphs,
    passed_word,
    person,
    replacement_paragraph,
    signing_place,
    software_phrase,
    year_phrase,
)

_ROMAN = ("I", "II", "III", "IV", "V")


def counting_minute(
    election: CountedElection, texts: PaperTexts, record: AttachedRecord, software: str
) -> PaperContent:
    """
    The content of an election's counting minute, from its record and the secretary's texts.

    Same arguments, same content. Figures come from the record alone (protocol.md §9).
    """
    terms = election.terms
    sections: list[tuple[str, list[Block]]] = [
        (words.SECTION_TEAM, _team(election)),
        (words.SECTION_MEMBERS, _members_and_ballots(election, software)),
        (words.SECTION_RESULT, [_result_table(election)]),
        (words.SECTION_PASSED, _passed_cases(election)),
    ]
    if other := _other_content(election, texts):
        sections.append((words.SECTION_OTHER, other))
    blocks: list[Block] = [*_basis(election), *_opening(election, texts)]
    for numeral, (heading, content) in zip(_ROMAN, sections, strict=False):
        blocks += [Section(text=f"{numeral}. {heading.upper()}"), *content]
    ballot = (
        words.COUNTING_BALLOT.format(number=terms.ballot_number) if terms.ballot_number > 1 else ""
    )
    left, right = _signatures(election)
    return PaperContent(
        kind="counting",
        parent_line=heading_pieces(terms.council.issuer.parent_line),
        issuer_line=heading_pieces(terms.council.issuer.issuer_line),
        title=words.COUNTING_TITLE,
        subject=words.COUNTING_SUBJECT.format(year=year_phrase(terms, texts), ballot=ballot),
        issued_at=texts.counting_finished_at or election.closed.at,
        blocks=tuple(blocks),
        closing=_closing(election, texts),
        left=left,
        right=right,
        cross_checks=cross_checks([record], [election]),
        attachments=((record.name, words.ATTACHMENT.format(uuid=record.uuid)),),
    )


def _basis(election: CountedElection) -> list[Block]:
    council = election.terms.council
    lines = []
    if council.decision is not None:
        lines.append(
            words.BASIS_DECISION.format(
                number=council.decision.number,
                date=iso_date_text(council.decision.date),
                issued_by=council.decision.issued_by,
                about=council.decision.about,
            )
        )
    if council.rules is not None:
        lines.append(words.BASIS_RULES.format(rules=council.rules))
    return [Paragraph(text=line, style="basis") for line in lines]


def _started_at(election: CountedElection, texts: PaperTexts) -> str:
    return texts.counting_started_at or election.closed.at


def _opening(election: CountedElection, texts: PaperTexts) -> list[Block]:
    started = in_vietnam(_started_at(election, texts))
    text = words.COUNTING_OPENING.format(
        time=time_text(started),
        date=date_text(started.date()),
        venue=election.terms.meeting.venue,
    )
    return [*replacement_paragraph("counting", texts), Paragraph(text=text)]


def _team(election: CountedElection) -> list[Block]:
    lines = []
    for position, trustee in enumerate(election.terms.counting_team.trustees):
        role = words.HEAD_TELLER if position == 0 else words.TELLER
        lines.append(
            words.TEAM_MEMBER.format(person=person(election.roster[trustee.member]), role=role)
        )
    return [
        Paragraph(text=f"{number}. {line}", style="item") for number, line in enumerate(lines, 1)
    ]


def _members_and_ballots(election: CountedElection, software: str) -> list[Block]:
    closed = election.closed
    has_decision = election.terms.council.decision is not None
    in_all = words.MEMBERS_IN_ALL if has_decision else words.MEMBERS_IN_ALL_UNDECIDED
    ballots = words.BALLOTS.format(issued=closed.issued, returned=closed.returned)
    if missing := closed.issued - closed.returned:
        ballots += words.BALLOTS_MISSING.format(missing=missing)
    ballots += words.BALLOTS_VALID.format(returned=closed.returned)
    lines = [
        in_all.format(members=closed.members),
        _took_ballot(election),
        _took_none(election),
        ballots,
        words.FORM_OF_BALLOT.format(software=software_phrase(software)),
        words.RECKONING.format(base=_base_of_shares(election)),
    ]
    return [Paragraph(text=f"{number}. {line}") for number, line in enumerate(lines, 1)]


def _took_ballot(election: CountedElection) -> str:
    online = election.took_ballot_in_state("online")
    consulted = election.took_ballot_in_state("absent_consulted")
    text = words.TOOK_BALLOT.format(
        issued=election.closed.issued, present=election.took_ballot_in_state("present")
    )
    if online:
        text += words.TOOK_BALLOT_ONLINE.format(online=online)
    if consulted:
        text += words.TOOK_BALLOT_CONSULTED.format(consulted=consulted)
    return f"{text}."


def _took_none(election: CountedElection) -> str:
    others = [member for member in election.members if member.no not in election.took_ballot]
    text = words.TOOK_NONE.format(number=len(others))
    people = []
    for member in others:
        found = election.attendance.get(member.no)
        reason = found.reason if found is not None else None
        people.append(
            words.COMRADE.format(person=member.name)
            + (words.REASON.format(reason=reason) if reason else "")
        )
    if people:
        text += words.TOOK_NONE_NAMES.format(people=words.LIST_SEPARATOR.join(people))
    return f"{text}."


def _base_of_shares(election: CountedElection) -> str:
    bases = {nomination.rule.base for nomination in election.terms.nominations}
    return words.BASES[bases.pop()] if len(bases) == 1 else words.SEVERAL_BASES


def _result_table(election: CountedElection) -> Block:
    return CountingTable(
        columns=words.COUNTING_COLUMNS,
        groups=tuple(
            _counting_group(number, group) for number, group in enumerate(award_groups(election), 1)
        ),
    )


def _counting_group(number: int, group: AwardGroup) -> CountingGroup:
    rows = tuple(
        (
            str(nomination.no),
            nomination.name,
            nomination.unit,
            str(outcome.agree),
            str(outcome.disagree),
            str(outcome.blank),
            outcome.share_percent,
            passed_word(outcome),
        )
        for nomination, outcome in group.cases
    )
    return CountingGroup(
        heading=words.AWARD_HEADING.format(number=number, award=group.award),
        mark=words.AWARD_MARK.format(mark=award_mark(group)),
        rows=rows,
    )


def _passed_cases(election: CountedElection) -> list[Block]:
    passed = [nomination for nomination, outcome in election.cases if outcome.passed]
    all_cases = two_digits(len(election.cases))
    blocks: list[Block] = []
    if passed:
        text = words.CASES_PASSED.format(passed=two_digits(len(passed)), cases=all_cases)
        blocks.append(Paragraph(text=text))
        blocks += list_items(award_lists(passed, election.terms.nominations))
    else:
        blocks.append(Paragraph(text=words.NO_CASE_PASSED.format(cases=all_cases)))
    if not_passed := len(election.cases) - len(passed):
        text = words.CASES_NOT_PASSED.format(number=two_digits(not_passed))
        blocks.append(Paragraph(text=text))
    return blocks


def _other_content(election: CountedElection, texts: PaperTexts) -> list[Block]:
    blocks: list[Block] = []
    if on_list := members_on_list(election, texts):
        people = words.LIST_SEPARATOR.join(
            words.MEMBER_ON_LIST.format(
                name=member.name, cases=words.CASES_JOINED.join(map(str, cases))
            )
            for member, cases in on_list
        )
        blocks.append(Paragraph(text=words.MEMBERS_ON_LIST.format(people=people)))
    if texts.incidents is not None:
        blocks += paragraphs("", texts.incidents)
    return blocks


def _closing(election: CountedElection, texts: PaperTexts) -> str:
    finished = ""
    if texts.counting_finished_at is not None:
        moment = in_vietnam(texts.counting_finished_at)
        same_day = moment.date() == in_vietnam(_started_at(election, texts)).date()
        form = words.FINISHED_SAME_DAY if same_day else words.FINISHED_LATER
        finished = form.format(time=time_text(moment), date=date_text(moment.date()))
    return one_line(words.COUNTING_CLOSING.format(finished=finished))


def _signatures(election: CountedElection) -> tuple[SigningColumn, SigningColumn]:
    places: list[SigningPlace] = []
    for position, trustee in enumerate(election.terms.counting_team.trustees):
        places.append(
            signing_place(
                f"teller-{position + 1}",
                words.HEAD_TELLER if position == 0 else words.TELLER,
                words.FIELD_HEAD_TELLER if position == 0 else words.FIELD_TELLER,
                election.roster[trustee.member],
            )
        )
    return (
        SigningColumn(heading=words.SIGN_TELLERS, places=tuple(places[1:])),
        SigningColumn(heading=words.SIGN_HEAD_TELLER, places=(places[0],)),
    )
