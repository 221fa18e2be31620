"""Records of counted elections made straight from scenarios: what the papers are tested on."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from schemas import canonical
from schemas.entries import Closed, Issuance, IssuanceKey, Outcome, Result, VotingOpened
from schemas.papers import PaperTexts
from schemas.roster import Attendance, MemberAttendance, Roster, RosterMember
from schemas.rules import Bases, share_percent
from schemas.scenario import Scenario, parse_scenario
from schemas.terms import (
    CountingTeam,
    Meeting,
    Nomination,
    Terms,
    TokenKey,
    Trustee,
)
from services.minutes.model import (
    AttachedRecord,
    CountedElection,
    CountingTable,
    PaperContent,
    Paragraph,
    Section,
    counted_election,
)

SCENARIOS = Path(__file__).parents[2] / "fixtures" / "scenarios"
SAMPLES = ("lam-giang-province", "lam-giang-construction-department", "doi-thong-school")
UUID = "Rn3UWJqFaCNaw3"
SECOND_UUID = "Rn3UWJqFaCNaw4"
HASH = "0" * 64
SALT = "A" * 43
SEAL_VALUE = bytes(range(32))
SEAL_CODE = "ABCD-EFGH-JKMN-PQRS-TVWX"
SOFTWARE = "Phiếu Kín"


def read_scenario(name: str) -> Scenario:
    document: Any = json.loads((SCENARIOS / f"{name}.json").read_text(encoding="utf-8"))
    return parse_scenario(document)


def roster_file(scenario: Scenario) -> bytes:
    members = tuple(
        RosterMember(no=m.no, name=m.name, position=m.position, council_role=m.council_role)
        for m in scenario.members
    )
    return canonical.encode(msgspec.to_builtins(Roster(salt=SALT, members=members)))


def attendance_file(scenario: Scenario) -> bytes:
    members = tuple(
        MemberAttendance(no=m.no, state=m.attendance, reason=m.absence_reason)
        for m in scenario.members
    )
    return canonical.encode(msgspec.to_builtins(Attendance(salt=SALT, members=members)))


def terms_of(
    scenario: Scenario, nominations: Sequence[Nomination], uuid: str, ballot_number: int
) -> Terms:
    names = {member.no: member.name for member in scenario.members}
    meeting = scenario.meeting
    return Terms(
        version=1,
        uuid=uuid,
        method="secret",
        group="Ed25519",
        ballot_number=ballot_number,
        council=scenario.council,
        meeting=Meeting(
            id="0" * 32,
            kind=meeting.kind,
            title=meeting.title,
            starts_at=meeting.starts_at,
            venue=meeting.venue,
            presiding=scenario.presiding,
            minute_taker=scenario.secretary,
        ),
        members=len(scenario.members),
        roster_commitment=hashlib.sha256(roster_file(scenario)).hexdigest(),
        nominations=tuple(nominations),
        quorum=scenario.quorum,
        minimum_ballots=5,
        late_issuance=True,
        counting_team=CountingTeam(
            trustee_threshold=scenario.trustee_threshold,
            trustees=tuple(
                Trustee(index=index, member=no, name=names[no], certificate=HASH)
                for index, no in enumerate(scenario.tellers, 1)
            ),
        ),
        ceremony_size=12,
        ceremony_root=HASH,
        rp_id="localhost",
        origins=("https://localhost",),
        log_origin="phieukin.example/log",
        log_key="key",
        box_key="key",
        token_keys=(TokenKey(issuer="registrar", spki="AAAA"),),
        previous=UUID if ballot_number > 1 else None,
    )


def marks_outcome(scenario: Scenario, nomination: Nomination, position: int) -> Outcome:
    """Count one nomination's marks the plain way, from the scenario's votes."""
    marks = [marks[position] for marks in scenario.votes.values() if marks is not None]
    here = [m for m in scenario.members if m.attendance in ("present", "online")]
    bases = Bases(
        all_members=len(scenario.members), present_members=len(here), ballots_returned=len(marks)
    )
    base = bases.of(nomination.rule.base)
    agree = marks.count("agree")
    return Outcome(
        no=nomination.no,
        agree=agree,
        disagree=marks.count("disagree"),
        blank=marks.count("blank"),
        base=base,
        votes_needed=nomination.rule.votes_needed(base),
        share_percent=share_percent(agree, base),
        passed=nomination.rule.is_passed(agree, base),
    )


def counted(
    scenario: Scenario,
    uuid: str = UUID,
    ballot_number: int = 1,
    kept: Sequence[int] | None = None,
) -> CountedElection:
    """The scenario as a counted election; `kept` are the positions that a second ballot keeps."""
    positions = range(len(scenario.nominations)) if kept is None else kept
    nominations = [
        msgspec.structs.replace(scenario.nominations[position], no=number)
        for number, position in enumerate(positions, 1)
    ]
    states = [member.attendance for member in scenario.members]
    counts = {
        "members": len(states),
        "present": states.count("present"),
        "online": states.count("online"),
        "absent_consulted": states.count("absent_consulted"),
        "issued": len(scenario.votes),
    }
    returned = sum(marks is not None for marks in scenario.votes.values())
    start = scenario.meeting.starts_at
    entries = [
        terms_of(scenario, nominations, uuid, ballot_number),
        VotingOpened(
            at=start.replace(":00:00+", ":42:00+").replace(":30:00+", ":52:00+"), **counts
        ),
        *(_issuance(int(no)) for no in scenario.votes),
        Closed(
            at=start.replace(":00:00+", ":55:00+").replace(":30:00+", ":58:00+"),
            late=0,
            returned=returned,
            attendance_commitment=hashlib.sha256(attendance_file(scenario)).hexdigest(),
            token_keys_deleted=True,
            **counts,
        ),
        Result(
            result="{}",
            encrypted_tally=HASH,
            trustees=(1, 2),
            members=counts["members"],
            present=counts["present"] + counts["online"],
            issued=counts["issued"],
            returned=returned,
            outcomes=tuple(
                marks_outcome(scenario, nomination, position)
                for nomination, position in zip(nominations, positions, strict=True)
            ),
        ),
    ]
    return counted_election(entries, roster_file(scenario), attendance_file(scenario))


def _issuance(no: int) -> Issuance:
    key = IssuanceKey(kind="device", spki="AAAA")
    return Issuance(member=no, key=key, blinded_sha256=HASH, late=False, signature="AAAA")


def texts_of(scenario: Scenario) -> PaperTexts:
    """What a secretary would enter for this scenario."""
    texts, meeting = scenario.meeting.texts, scenario.meeting
    return PaperTexts(
        ended_at=meeting.ends_at,
        counting_finished_at=meeting.ends_at,
        report=texts.report if texts else None,
        discussion=texts.discussion if texts else None,
        conclusion=texts.conclusion if texts else None,
        recipients=meeting.recipients,
    )


def attached(election: CountedElection, name: str = "record.zip") -> AttachedRecord:
    data = b"PK\x05\x06" + bytes(18)
    return AttachedRecord(election.terms.uuid, name, data, SEAL_VALUE, SEAL_CODE)


def lines_of(minute: PaperContent) -> list[str]:
    """All sentences of a paper in their order, without the rows of its tables."""
    lines: list[str] = []
    for block in minute.blocks:
        if isinstance(block, Paragraph):
            lines.append(" ".join(part for part in (block.lead, block.text) if part))
        elif isinstance(block, Section):
            lines.append(block.text)
        elif isinstance(block, CountingTable):
            lines += [f"{group.heading} {group.mark}" for group in block.groups]
    return [*lines, minute.closing] if minute.kind == "counting" else lines


def text_of(minute: PaperContent) -> str:
    return "\n".join(lines_of(minute))


def with_nominations(scenario: Scenario, number: int) -> Scenario:
    """The scenario with its list repeated up to `number` cases, the names told apart."""
    cases = [
        msgspec.structs.replace(
            scenario.nominations[position % len(scenario.nominations)],
            no=position + 1,
            name=f"{scenario.nominations[position % len(scenario.nominations)].name} {position}",
        )
        for position in range(number)
    ]
    cases.sort(key=lambda case: [n.award for n in scenario.nominations].index(case.award))
    cases = [msgspec.structs.replace(case, no=no) for no, case in enumerate(cases, 1)]
    votes = {
        no: None if marks is None else tuple(marks[p % len(marks)] for p in range(number))
        for no, marks in scenario.votes.items()
    }
    return msgspec.structs.replace(scenario, nominations=tuple(cases), votes=votes, expected=None)
