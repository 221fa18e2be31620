"""What the papers are made of: what a record says, and a paper's content as finished sentences."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final, Literal, TypeAlias, TypeVar

import msgspec

from schemas import canonical
from schemas.entries import Closed, Issuance, Outcome, Result, VotingOpened
from schemas.fields import PaperKind
from schemas.roster import Attendance, MemberAttendance, Roster, RosterMember
from schemas.rules import Rule
from schemas.terms import Nomination, Terms

MAX_ROSTER_FILE_BYTES: Final = 1024 * 1024

EntryType = TypeVar("EntryType", Terms, VotingOpened, Closed, Result)


class RecordContradictsError(ValueError):
    """The record does not say what a paper must print, or says two things; nobody may sign it."""


@dataclass(frozen=True)
class CountedElection:
    """One counted election as its record shows it: the only source of the papers' figures."""

    terms: Terms
    opened: VotingOpened
    closed: Closed
    result: Result
    took_ballot: frozenset[int]
    roster: Mapping[int, RosterMember]
    attendance: Mapping[int, MemberAttendance]

    def __post_init__(self) -> None:
        if self.closed.issued != len(self.took_ballot) or self.result.issued != self.closed.issued:
            raise RecordContradictsError("the issuances are not as many as the record says")
        if self.result.returned != self.closed.returned:
            raise RecordContradictsError("the ballots are not as many as the record says")
        if [outcome.no for outcome in self.result.outcomes] != [
            nomination.no for nomination in self.terms.nominations
        ]:
            raise RecordContradictsError("the outcomes are not those of the nominations")
        if any(self.state_of(no) == "absent" for no in self.took_ballot):
            raise RecordContradictsError("a member who took a ballot is entered as absent")

    @property
    def members(self) -> tuple[RosterMember, ...]:
        return tuple(self.roster[no] for no in sorted(self.roster))

    @property
    def cases(self) -> tuple[tuple[Nomination, Outcome], ...]:
        """Each nomination with its outcome, in the order of the list."""
        return tuple(zip(self.terms.nominations, self.result.outcomes, strict=True))

    def state_of(self, no: int) -> str:
        found = self.attendance.get(no)
        return "absent" if found is None else found.state

    def took_ballot_in_state(self, state: str) -> int:
        return sum(self.state_of(no) == state for no in self.took_ballot)


def counted_election(
    entries: Iterable[object], roster_file: bytes, attendance_file: bytes
) -> CountedElection:
    """
    Gather what the papers need from a log's entries and the two files that it commits to.

    Raises RecordContradictsError: an entry is missing, or a file is not the one committed to.
    """
    log = tuple(entries)
    terms, closed = _the_one(log, Terms), _the_one(log, Closed)
    for data, commitment in (
        (roster_file, terms.roster_commitment),
        (attendance_file, closed.attendance_commitment),
    ):
        if hashlib.sha256(data).hexdigest() != commitment:
            raise RecordContradictsError("roster or attendance is not the one committed to")
    roster = msgspec.convert(canonical.decode(roster_file, MAX_ROSTER_FILE_BYTES), Roster)
    attendance = msgspec.convert(
        canonical.decode(attendance_file, MAX_ROSTER_FILE_BYTES), Attendance
    )
    return CountedElection(
        terms=terms,
        opened=_the_one(log, VotingOpened),
        closed=closed,
        result=_the_one(log, Result),
        took_ballot=frozenset(entry.member for entry in log if isinstance(entry, Issuance)),
        roster={member.no: member for member in roster.members},
        attendance={member.no: member for member in attendance.members},
    )


def _the_one(entries: tuple[object, ...], kind: type[EntryType]) -> EntryType:
    found = [entry for entry in entries if isinstance(entry, kind)]
    if len(found) != 1:
        raise RecordContradictsError(f"the record holds {len(found)} {kind.__name__}, not one")
    return found[0]


@dataclass(frozen=True)
class Officers:
    """Who presides and who writes when the meeting's minute is drawn up: they sign it."""

    presiding: RosterMember
    minute_taker: RosterMember


@dataclass(frozen=True)
class AwardGroup:
    """The cases of one award under one rule, in the order of the list."""

    award: str
    rule: Rule
    cases: tuple[tuple[Nomination, Outcome], ...]


def award_groups(election: CountedElection) -> tuple[AwardGroup, ...]:
    """Group the list by award and rule, in the order in which they first appear."""
    grouped: dict[tuple[str, bytes], list[tuple[Nomination, Outcome]]] = {}
    for nomination, outcome in election.cases:
        key = (nomination.award, msgspec.json.encode(nomination.rule))
        grouped.setdefault(key, []).append((nomination, outcome))
    return tuple(
        AwardGroup(cases[0][0].award, cases[0][0].rule, tuple(cases)) for cases in grouped.values()
    )


@dataclass(frozen=True)
class AttachedRecord:
    """A `record.zip` (ending at `result`) that goes into the paper, and what its seal shows."""

    uuid: str
    name: str
    data: bytes
    seal_value: bytes  # 32 bytes: SHA-256 of the closing checkpoint's text (protocol.md §11)
    seal_code: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class _Printed(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what goes to the template as JSON: finished text, no arithmetic left to it."""


class Paragraph(_Printed, frozen=True, kw_only=True, tag_field="kind", tag="paragraph"):
    """`lead` is printed in bold before `text`; `basis` is a "Căn cứ" line, `item` a list line."""

    text: str
    lead: str = ""
    style: Literal["body", "basis", "item"] = "body"


class Section(_Printed, frozen=True, kw_only=True, tag_field="kind", tag="section"):
    text: str


class CountingGroup(_Printed, frozen=True, kw_only=True):
    heading: str
    mark: str
    rows: tuple[tuple[str, ...], ...]


class CountingTable(_Printed, frozen=True, kw_only=True, tag_field="kind", tag="counting_table"):
    columns: tuple[str, ...]
    groups: tuple[CountingGroup, ...]


class MeetingTable(_Printed, frozen=True, kw_only=True, tag_field="kind", tag="meeting_table"):
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Paragraph | Section | CountingTable | MeetingTable


class SigningPlace(_Printed, frozen=True, kw_only=True):
    """
    A signature field of a paper; `field` is its name in the file, `title` what readers hear.

    `member` is the roster number of the person who may sign there, None where the agency seals;
    `after` are the fields that must be signed or filled before; `details` stands below the name.
    """

    field: str
    member: int | None
    name: str
    role: str
    title: str
    details: str = ""
    after: tuple[str, ...] = ()


class FormPlace(_Printed, frozen=True, kw_only=True):
    """
    A text field that the records clerk fills after the people have signed, before the agency does.

    `field` is its name in the file, `title` what readers hear, `after` as in `SigningPlace`.
    """

    field: str
    title: str
    after: tuple[str, ...]


class SigningColumn(_Printed, frozen=True, kw_only=True):
    heading: str
    places: tuple[SigningPlace, ...]


class CrossCheck(_Printed, frozen=True, kw_only=True):
    """The last lines of a paper: how its reader finds out that the record is the sealed one."""

    text: str
    value: str
    alternative: str


class PaperContent(_Printed, frozen=True, kw_only=True):
    """
    A whole paper for the template.

    `parent_line`, `issuer_line`: pieces that a line break may stand between; `issued_at` (RFC
    3339) is the file's date; `draft_mark` stands on every page of what nobody signs. A paper with
    a number has `number_symbol` ("/BB-HĐTĐKT"), the agency's place and the fields of the clerk.
    """

    kind: PaperKind
    parent_line: tuple[str, ...]
    issuer_line: tuple[str, ...]
    title: str
    subject: str
    issued_at: str
    blocks: tuple[Block, ...]
    closing: str
    left: SigningColumn
    right: SigningColumn
    cross_checks: tuple[CrossCheck, ...]
    number_label: str = ""
    number_symbol: str = ""
    date_label: str = ""
    form_places: tuple[FormPlace, ...] = ()
    agency: SigningPlace | None = None
    recipients_heading: str = ""
    recipients: tuple[str, ...] = ()
    draft_mark: str = ""
    attachments: tuple[tuple[str, str], ...] = ()

    @property
    def places(self) -> tuple[SigningPlace, ...]:
        """All signature fields, the order of signing first where there is one."""
        agency = () if self.agency is None else (self.agency,)
        return (*self.left.places, *self.right.places, *agency)


@dataclass(frozen=True)
class WaitingSignature:
    """A signature whose certificate (DER) the secretary has not yet said to be the signer's."""

    field: str
    certificate: bytes

    @property
    def certificate_sha256(self) -> str:
        return hashlib.sha256(self.certificate).hexdigest()


@dataclass(frozen=True)
class StoredPaper:
    """
    A paper as it stands. `sha256` (hex) is of the file as issued, which is what the logs hold;
    `entered`: it stands in every log; `finished`: signed by all, and its elections show it.

    `number` ("07") and `issued_on` (ISO 8601) are those of its fields; `certificates` are the
    signers' (DER) by field; `level` is that of PAdES, None while nobody has signed.
    """

    id: str
    kind: PaperKind
    meeting_id: str
    council_id: str
    uuids: tuple[str, ...]
    places: tuple[SigningPlace, ...]
    sha256: str
    replaces: str | None = None
    is_current: bool = True
    entered: bool = False
    finished: bool = False
    signed: tuple[str, ...] = ()
    number: str | None = None
    issued_on: str | None = None
    level: Literal["B-B", "B-LTA"] | None = None
    certificates: Mapping[str, bytes] = dataclass_field(default_factory=dict)
    waiting: WaitingSignature | None = None

    @property
    def agency(self) -> SigningPlace | None:
        """Where the agency seals; a paper that has it has a number and a date as well."""
        return next((place for place in self.places if place.member is None), None)

    @property
    def is_issued(self) -> bool:
        return self.agency is not None and self.agency.field in self.signed

    def signer_of(self, field: str) -> str | None:
        """SHA-256 of the certificate (hex) that signed this field."""
        found = self.certificates.get(field)
        return None if found is None else hashlib.sha256(found).hexdigest()

    def place_of(self, field: str) -> SigningPlace:
        """Raises KeyError."""
        return {place.field: place for place in self.places}[field]

    @property
    def is_signed(self) -> bool:
        """Whether every person has signed; the agency's seal comes after that."""
        return all(place.field in self.signed for place in self.places if place.member is not None)


@dataclass(frozen=True)
class CancelledBallot:
    """An election of the meeting that ended without a result: when (RFC 3339), why, how long."""

    at: str
    text: str
    cases: int
