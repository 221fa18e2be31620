"""Issuing begins: list, rules and team are fixed in `terms`, the election gets its key (§1).

Stored steps, each idempotent; after a crash `resume_all` goes on where it stopped:
begun → roster → terms (with the keys of token, box and log) → on the log → issuing and box open.
"""

import asyncio
import hashlib
from typing import Final

import msgspec

from crypto.ceremony import verify_ceremony
from crypto.codes import election_code
from crypto.elections import fingerprint
from crypto.groups import group_by_name
from crypto.merkle import TreeHead
from crypto.trustee_verification import election_key
from schemas import base64url, canonical
from schemas.election_json import election_json
from schemas.entries import (
    CeremonyCertificate,
    CeremonyKey,
    ElectionEntry,
    decode_entry,
    encode_entry,
)
from schemas.record import ROSTER
from schemas.roster import DeviceKey, Roster, RosterMember
from schemas.terms import CountingTeam, Meeting, Terms, TokenKey, Trustee
from services.ballot_box.model import BoxTerms
from services.ballot_box.opening import create_box_key, open_box
from services.board.ceremony_log import ceremony_of
from services.board.log import append, create_log_key, read_log
from services.board.model import BoardLog
from services.council.model import CouncilRecord
from services.council.reading import read_council
from services.election.errors import CeremonyIncompleteError, DeviceKeySharedError
from services.election.life import (
    begin_act,
    check_state,
    finish_act,
    put_step,
    read_step,
    resume_pending,
)
from services.election.model import Act, ElectionRecord, Team
from services.election.nominations import check_not_balloted, check_tellers
from services.election.party import Election
from services.election.reading import read_election, read_meeting
from services.election.texts import check_texts
from services.registrar.attendance import open_meeting
from services.registrar.issuing import create_token_key, open_issuing
from services.registrar.model import IssuingTerms

ACT: Final[Act] = "issue"
ISSUER: Final = "registrar"


async def issue_ballots(election: Election, uuid: str) -> ElectionRecord:
    """
    Fix the election and let members take their ballots.

    Raises CeremonyIncompleteError, DeviceKeySharedError, WrongStateError, ActPendingError,
    TellersConflictError, AlreadyBallotedError, TextNotCanonicalError.
    """
    record = await read_election(election, uuid)
    if record.pending != ACT:
        await _check_issuable(election, record)
    await begin_act(election, uuid, ACT, ("ceremony",), b"")
    await _continue(election, uuid)
    return await read_election(election, uuid)


async def resume_all(election: Election) -> None:
    """Finish every issuing that a crash interrupted."""
    await resume_pending(election, ACT, _continue)


async def _check_issuable(election: Election, record: ElectionRecord) -> None:
    check_state(record, ("ceremony",))
    team = _team(record)
    log = await read_log(election.board, record.uuid)
    keys = len(log.all_of(CeremonyKey))
    if keys < len(team.members):
        raise CeremonyIncompleteError(keys=keys, trustees=len(team.members))
    council = await read_council(election.council, record.council_id)
    # What stands in `terms` and roster; refused now, since an act that has begun must come through.
    check_texts((council.council, council.members))
    spkis = [each.key.spki for each in council.members if each.key is not None]
    if len(set(spkis)) != len(spkis):
        raise DeviceKeySharedError
    check_tellers(team, record.nominations, {each.no: each.name for each in council.members})
    meeting = await read_meeting(election, record.meeting_id)
    others = [await read_election(election, each) for each in meeting.elections]
    check_not_balloted(
        record.nominations,
        record.previous,
        [each for each in others if each.uuid != record.uuid],
    )


async def _continue(election: Election, uuid: str) -> None:
    record = await read_election(election, uuid)
    if record.pending != ACT:
        return
    roster_file = await _freeze_roster(election, record)
    roster = msgspec.json.decode(roster_file, type=Roster)
    terms = await _fix_terms(election, record, roster_file)
    text = await _publish(election, terms, roster_file)
    phi = fingerprint(text)
    await _open(election, record, terms, roster, text, phi)
    code = await asyncio.to_thread(election_code, phi)
    await finish_act(election, uuid, ACT, "issuing", {"phi": phi, "election_code": code})


async def _freeze_roster(election: Election, record: ElectionRecord) -> bytes:
    """The exact bytes of roster.json: who may take a ballot, and with which key."""
    stored = await read_step(election, record.uuid, ACT, "roster")
    if stored is not None:
        return stored
    council = await read_council(election.council, record.council_id)
    roster = Roster(salt=base64url.encode(election.randomness(32)), members=_by_number(council))
    data = canonical.encode(msgspec.to_builtins(roster))
    return await put_step(election, record.uuid, ACT, "roster", data)


def _by_number(council: CouncilRecord) -> tuple[RosterMember, ...]:
    return tuple(sorted(council.members, key=lambda member: member.no))


async def _fix_terms(election: Election, record: ElectionRecord, roster_file: bytes) -> Terms:
    stored = await read_step(election, record.uuid, ACT, "terms")
    if stored is None:
        terms = await _write_terms(election, record, roster_file)
        stored = await put_step(election, record.uuid, ACT, "terms", encode_entry(terms))
    entry = decode_entry(stored)
    if not isinstance(entry, Terms):
        raise AssertionError("the step holds a terms entry")
    return entry


async def _write_terms(election: Election, record: ElectionRecord, roster_file: bytes) -> Terms:
    uuid, settings = record.uuid, election.settings
    council = await read_council(election.council, record.council_id)
    log = await read_log(election.board, uuid)
    ceremony = _ceremony_head(log)
    return Terms(
        version=1,
        uuid=uuid,
        method="secret",
        group=record.group,
        ballot_number=record.ballot_number,
        council=council.council,
        meeting=await _meeting(election, record),
        members=len(msgspec.json.decode(roster_file, type=Roster).members),
        roster_commitment=hashlib.sha256(roster_file).hexdigest(),
        nominations=record.nominations,
        quorum=record.quorum,
        minimum_ballots=record.minimum_ballots,
        late_issuance=record.late_issuance,
        counting_team=_counting_team(_team(record), council, log),
        ceremony_size=ceremony.size,
        ceremony_root=ceremony.root.hex(),
        rp_id=settings.rp_id,
        origins=settings.origins,
        log_origin=settings.log_origin,
        log_key=await create_log_key(election.board, uuid),
        box_key=await create_box_key(election.ballot_box, uuid),
        token_keys=(
            TokenKey(
                issuer=ISSUER,
                spki=base64url.encode(await create_token_key(election.registrar, uuid)),
            ),
        ),
        previous=record.previous,
        client_hash=settings.client_hash,
    )


async def _meeting(election: Election, record: ElectionRecord) -> Meeting:
    meeting = await read_meeting(election, record.meeting_id)
    return Meeting(
        id=meeting.id,
        kind=meeting.kind,
        title=meeting.title,
        starts_at=meeting.starts_at,
        venue=meeting.venue,
        presiding=meeting.presiding,
        minute_taker=meeting.minute_taker,
    )


def _counting_team(team: Team, council: CouncilRecord, log: BoardLog) -> CountingTeam:
    names = {each.no: each.name for each in council.members}
    certificates = {each.index: each.certificate for each in log.all_of(CeremonyCertificate)}
    return CountingTeam(
        trustee_threshold=team.trustee_threshold,
        trustees=tuple(
            Trustee(
                index=index,
                member=member,
                name=names[member],
                certificate=hashlib.sha256(certificates[index].encode()).hexdigest(),
            )
            for index, member in enumerate(team.members, start=1)
        ),
        conflict_reason=team.conflict_reason,
    )


def _ceremony_head(log: BoardLog) -> TreeHead:
    head = log.head_after(CeremonyKey)
    if head is None:
        raise AssertionError("issuing begins when all keys are on the log")
    return head


async def _publish(election: Election, terms: Terms, roster_file: bytes) -> str:
    """Enter terms and election in the log with the roster; returns the exact election.json."""
    log = await read_log(election.board, terms.uuid)
    text = election_json(terms, await asyncio.to_thread(_election_key, terms, log))
    await append(
        election.board,
        terms.uuid,
        terms.ceremony_size,
        [terms, ElectionEntry(election=text)],
        files={ROSTER: roster_file},
    )
    return text


def _election_key(terms: Terms, log: BoardLog) -> str:
    """The public key as Belenios writes it, from a ceremony that is checked once more."""
    group = group_by_name(terms.group)
    ceremony = ceremony_of(log, terms.uuid, terms.counting_team.trustee_threshold)
    team = verify_ceremony(group, ceremony)
    return group.element_to_text(election_key(group, (team,)))


async def _open(
    election: Election,
    record: ElectionRecord,
    terms: Terms,
    roster: Roster,
    election_text: str,
    phi: str,
) -> None:
    keys: dict[int, DeviceKey] = {
        each.no: each.key for each in roster.members if each.key is not None
    }
    await open_meeting(election.registrar, record.meeting_id, [each.no for each in roster.members])
    token_keys = tuple(base64url.decode(each.spki) for each in terms.token_keys)
    await open_box(
        election.ballot_box,
        BoxTerms(uuid=record.uuid, phi=phi, election_text=election_text, token_keys=token_keys),
    )
    await open_issuing(
        election.registrar,
        IssuingTerms(
            uuid=record.uuid,
            meeting_id=record.meeting_id,
            phi=phi,
            rp_id=terms.rp_id,
            origins=terms.origins,
            late_issuance=terms.late_issuance,
            keys=keys,
        ),
    )


def _team(record: ElectionRecord) -> Team:
    if record.team is None:
        raise AssertionError("an election in ceremony has a team")
    return record.team
