"""A counting team with its devices and one election, played by the tally's acts.

Council, meeting and election are put into their tables as they stand when the ceremony begins;
issuing, voting and closing enter the log without the parties that the tally does not call.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.ballot_encryption import encrypt_ballot
from crypto.ballots import parse_ballot
from crypto.ceremony import verify_ceremony
from crypto.credentials import derive_credential_v24, generate_secret_credential
from crypto.decryption import Statement, decrypt_partially
from crypto.elections import Election as BeleniosElection
from crypto.elections import fingerprint, parse_election
from crypto.groups import Group, group_by_name
from crypto.randomness import draw_scalar, system_randomness
from crypto.tally import encrypt_tally
from crypto.trustee_device import TrusteeState, commit, confirm, make_certificate, make_key, reveal
from crypto.trustee_verification import election_key
from schemas.api_tally import RevealBody
from schemas.election_json import election_json
from schemas.entries import (
    BallotEntry,
    CeremonyCertificate,
    CeremonyCommitment,
    Closed,
    ElectionEntry,
    Issuance,
    IssuanceKey,
    SecondProof,
    VotingOpened,
)
from schemas.fields import GroupName
from schemas.terms import Council, CountingTeam, Terms, Trustee
from services.accounts import Account
from services.board.ceremony_log import by_index, ceremony_of
from services.board.log import append, create_log_key, read_log
from services.board.model import BoardLog
from services.council.store import CouncilStore, account_table, member_table
from services.election.model import ElectionRecord, MeetingRecord, State
from services.election.store import ElectionStore
from services.tally.ceremony import (
    read_sealed_shares,
    submit_certificate,
    submit_commitment,
    submit_confirmation,
    submit_key,
    submit_reveal,
)
from services.tally.opening import submit_partial_decryption
from services.tally.party import Tally
from tests.integration.board.sample_entries import (
    AT,
    ATTENDANCE,
    ROSTER,
    draw_uuid,
    sample_terms,
)

MEMBERS = 5
TELLERS = (3, 4, 5)
AGREE, DISAGREE, BLANK = (1, 0), (0, 1), (0, 0)
Marks = tuple[int, int]


@dataclass
class CountingTeamRoom:
    """One election of a council of five; members 3, 4 and 5 are trustees 1, 2 and 3."""

    tally: Tally
    uuid: str
    council_id: str
    terms: Terms
    group: Group
    threshold: int = 2
    devices: dict[int, TrusteeState] = field(default_factory=dict)

    def account(self, index: int) -> Account:
        """The account of trustee `index`."""
        return self.member(TELLERS[index - 1])

    def member(self, no: int) -> Account:
        return Account(
            id=f"{no:032x}",
            name=f"Thành viên {no}",
            roles=frozenset({"member"}),
            council_id=self.council_id,
            member=no,
        )

    async def log(self) -> BoardLog:
        return await read_log(self.tally.board, self.uuid)

    async def change(self, **values: object) -> None:
        async def work(connection: AsyncConnection) -> None:
            await ElectionStore(connection).change(self.uuid, values)

        await self.tally.election.database.transact("change for a test", work)

    async def certify(self) -> None:
        for index in (1, 2, 3):
            state = make_certificate(
                self.group, self.uuid, index, 3, self.threshold, system_randomness
            )
            self.devices[index] = state
            await submit_certificate(self.tally, self.account(index), self.uuid, state.certificate)

    async def make_commitments(self) -> None:
        log = await self.log()
        head = log.head_after(CeremonyCertificate)
        assert head is not None
        certificates = [each.certificate for each in by_index(log, CeremonyCertificate)]
        for index, state in self.devices.items():
            self.devices[index] = commit(state, certificates, head.root, system_randomness)

    async def commit(self) -> None:
        await self.make_commitments()
        for index, state in self.devices.items():
            await submit_commitment(self.tally, self.account(index), self.uuid, state.commitment)

    async def reveal_body(self, index: int) -> RevealBody:
        commitments = [each.commitment for each in by_index(await self.log(), CeremonyCommitment)]
        self.devices[index], revealed, shares = reveal(self.devices[index], commitments)
        return RevealBody(
            coefexps=revealed.coefexps, signature=revealed.signature, sealed_shares=shares
        )

    async def reveal(self) -> None:
        for index in self.devices:
            body = await self.reveal_body(index)
            await submit_reveal(self.tally, self.account(index), self.uuid, body)

    async def make_keys(self) -> None:
        ceremony = ceremony_of(await self.log(), self.uuid, self.threshold)
        for index, state in self.devices.items():
            shares = await read_sealed_shares(self.tally, self.account(index), self.uuid)
            self.devices[index] = make_key(state, ceremony.reveals, shares, system_randomness)

    async def send_keys(self) -> None:
        await self.make_keys()
        for index, state in self.devices.items():
            await submit_key(self.tally, self.account(index), self.uuid, state.verification_key)

    async def hold_ceremony(self) -> None:
        """All four steps of all three."""
        await self.certify()
        await self.commit()
        await self.reveal()
        await self.send_keys()

    async def issue(self) -> None:
        """Terms and election come onto the log; the state is issuing."""
        log = await self.log()
        team = verify_ceremony(self.group, ceremony_of(log, self.uuid, self.threshold))
        key = self.group.element_to_text(election_key(self.group, (team,)))
        trustees = tuple(
            Trustee(
                index=each.index,
                member=TELLERS[each.index - 1],
                name=f"Thành viên {TELLERS[each.index - 1]}",
                certificate=hashlib.sha256(each.certificate.encode()).hexdigest(),
            )
            for each in by_index(log, CeremonyCertificate)
        )
        self.terms = msgspec.structs.replace(
            self.terms,
            counting_team=CountingTeam(trustee_threshold=self.threshold, trustees=trustees),
            ceremony_size=log.head.size,
            ceremony_root=log.head.root.hex(),
        )
        text = election_json(self.terms, key)
        await append(
            self.tally.board,
            self.uuid,
            log.head.size,
            [self.terms, ElectionEntry(election=text)],
            None,
            {"roster.json": ROSTER},
        )
        await self.change(state="issuing", phi=fingerprint(text))

    async def confirmation(self, index: int) -> str:
        log = await self.log()
        head = log.head_after(ElectionEntry)
        assert head is not None
        ceremony = ceremony_of(log, self.uuid, self.threshold)
        election = await self.election()
        state = confirm(self.devices[index], ceremony, election, head.root, system_randomness)
        self.devices[index] = state
        return state.confirmation

    async def confirm(self) -> None:
        for index in self.devices:
            text = await self.confirmation(index)
            await submit_confirmation(self.tally, self.account(index), self.uuid, text)

    async def election(self) -> BeleniosElection:
        entry = (await self.log()).first_of(ElectionEntry)
        assert entry is not None
        return parse_election(entry.election)

    async def vote(self, marks: Sequence[tuple[Marks, ...]], issued: int | None = None) -> None:
        """Voting opens, these ballots are cast, voting closes; the state is closed."""
        issued = len(marks) if issued is None else issued
        opened = VotingOpened(
            at=AT, members=MEMBERS, present=4, online=1, absent_consulted=0, issued=issued
        )
        size = (await self.log()).head.size
        head = await append(self.tally.board, self.uuid, size, [opened], "opening")
        election = await self.election()
        ballots = sorted(
            (_cast(election, each) for each in marks),
            key=lambda entry: parse_ballot(election, entry.ballot).tracker,
        )
        closed = Closed(
            at=AT,
            members=MEMBERS,
            present=4,
            online=1,
            absent_consulted=0,
            issued=issued,
            late=0,
            returned=len(marks),
            attendance_commitment=hashlib.sha256(ATTENDANCE).hexdigest(),
            token_keys_deleted=True,
        )
        await append(
            self.tally.board,
            self.uuid,
            head.size,
            [*map(_issuance, range(1, issued + 1)), *ballots, closed],
            "closing",
            {"attendance.json": ATTENDANCE},
        )
        await self.change(state="closed", seal_value="ab" * 32, closed_at=self.tally.clock())

    async def until_closed(self, marks: Sequence[tuple[Marks, ...]]) -> None:
        await self.hold_ceremony()
        await self.issue()
        await self.confirm()
        await self.vote(marks)

    async def statement(self, index: int) -> Statement:
        """What trustee `index` proves: its own product over the whole board."""
        log, election = await self.log(), await self.election()
        head = log.head_after(Closed)
        assert head is not None
        ballots = [parse_ballot(election, each.ballot) for each in log.all_of(BallotEntry)]
        key = self.devices[index].decryption_key
        assert key is not None
        return Statement(
            election=election,
            tally=encrypt_tally(election, ballots),
            board_root=head.root,
            trustee=index,
            public_key=self.group.power_of_generator(key),
        )

    async def partial_decryption(
        self, index: int, statement: Statement | None = None
    ) -> tuple[str, SecondProof]:
        key = self.devices[index].decryption_key
        assert key is not None
        statement = statement or await self.statement(index)
        text, proof = decrypt_partially(statement, key, system_randomness)
        return text, SecondProof(challenge=str(proof.challenge), response=str(proof.response))

    async def decrypt(self, index: int) -> None:
        text, proof = await self.partial_decryption(index)
        await submit_partial_decryption(self.tally, self.account(index), self.uuid, text, proof)


async def open_room(
    tally: Tally, group: GroupName = "Ed25519", nominations: int = 1
) -> CountingTeamRoom:
    """A fresh council and election in the state `ceremony`, with an empty log."""
    uuid, council_id = draw_uuid(), secrets.token_hex(16)
    log_key = await create_log_key(tally.board, uuid)
    terms = sample_terms(uuid, log_key, "box+00000000+AA")
    terms = msgspec.structs.replace(
        terms,
        group=group,
        nominations=tuple(
            msgspec.structs.replace(terms.nominations[0], no=no, name=f"Người thứ {no}")
            for no in range(1, nominations + 1)
        ),
    )
    await _put_council(tally, council_id, terms.council)
    await _put_election(tally, council_id, terms)
    return CountingTeamRoom(tally, uuid, council_id, terms, group_by_name(group))


async def _put_council(tally: Tally, council_id: str, council: Council) -> None:
    async def work(connection: AsyncConnection) -> None:
        await CouncilStore(connection).add_council(council_id, council)
        for no in range(1, MEMBERS + 1):
            account_id, name = secrets.token_hex(16), f"Thành viên {no}"
            account = {"id": account_id, "name": name, "role": "member"}
            await connection.execute(
                sa.insert(account_table).values(**account, council_id=council_id, member=no)
            )
            member = {"council_id": council_id, "no": no, "name": name, "account_id": account_id}
            await connection.execute(
                sa.insert(member_table).values(**member, position="", council_role="")
            )

    await tally.election.council.database.transact("put council", work)


async def _put_election(tally: Tally, council_id: str, terms: Terms) -> None:
    meeting = MeetingRecord(
        id=secrets.token_hex(16),
        council_id=council_id,
        kind="regular",
        title="Phiên họp",
        starts_at=AT,
        venue="Phòng họp 1",
        presiding=1,
        minute_taker=2,
    )
    state: State = "draft"
    record = ElectionRecord(
        uuid=terms.uuid,
        meeting_id=meeting.id,
        council_id=council_id,
        presiding=1,
        state=state,
        group=terms.group,
        ballot_number=1,
        previous=None,
        nominations=terms.nominations,
        quorum=terms.quorum,
        minimum_ballots=terms.minimum_ballots,
        late_issuance=True,
        announced=False,
        version=1,
        team=None,
    )
    team = {"members": TELLERS, "trustee_threshold": 2}

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        await store.add_meeting(meeting)
        await store.add_election(record, place=1)
        await store.change(terms.uuid, {"state": "ceremony", "team": team})

    await tally.election.database.transact("put election", work)


def _cast(election: BeleniosElection, marks: tuple[Marks, ...]) -> BallotEntry:
    credential = generate_secret_credential(system_randomness)
    exponent = derive_credential_v24(election.group, election.uuid, credential)
    nonce = draw_scalar(election.group, system_randomness)
    ballot = encrypt_ballot(election, exponent, marks, secrets.token_bytes(32), nonce)
    return BallotEntry(ballot=ballot, token=("A" * 555,))


def _issuance(member: int) -> Issuance:
    return Issuance(
        member=member,
        key=IssuanceKey(kind="device", spki="AAAA"),
        blinded_sha256="f" * 64,
        late=False,
        signature="AAAA",
    )
