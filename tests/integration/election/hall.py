"""A meeting played in one process by the acts of all parties, for tests of single steps.

Members, phones and trustees hold their own keys; the trustees' contributions are entered on the
board directly, as tests of the tally show separately that they are checked.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.ballot_encryption import encrypt_ballot
from crypto.blind_tokens import begin_token, finish_token, parse_token_key
from crypto.casting import build_casting_body, casting_length
from crypto.checkpoints import NoteSigner, Promise, sign_promise
from crypto.credentials import (
    derive_credential_v24,
    generate_secret_credential,
    public_credential,
)
from crypto.device_keys import (
    hash_of_blinded_messages,
    issue_message,
    public_key_to_spki,
    sign_with_device_key,
)
from crypto.elections import Election as BeleniosElection
from crypto.elections import parse_election
from crypto.groups import group_by_name
from crypto.randomness import draw_scalar, system_randomness
from crypto.trustee_device import TrusteeState, commit, confirm, make_certificate, make_key, reveal
from schemas import base64url
from schemas.entries import (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    ElectionEntry,
    Entry,
    TrusteeConfirms,
)
from schemas.fields import AttendanceState, GroupName
from schemas.roster import MemberAttendance
from schemas.rules import Quorum, Rule
from schemas.terms import Nomination, Terms
from services.ballot_box.casting import cast_ballot
from services.ballot_box.store import BallotBoxStore
from services.board.ceremony_log import ceremony_of
from services.board.log import append, read_log
from services.board.model import BoardLog
from services.election.drafting import NewElection, draft_election, record_counting_team
from services.election.issuing import issue_ballots
from services.election.meetings import NewMeeting, create_meeting
from services.election.model import ElectionRecord, MeetingRecord, Team
from services.election.party import Election
from services.election.reading import read_election
from services.election.starting import start_voting
from services.registrar.attendance import set_attendance
from services.registrar.issuing import confirm_issuance, issue_tokens
from services.registrar.model import DeviceSignature, IssuanceRequest

GROUP: GroupName = "Ed25519"
AGREE, DISAGREE, BLANK = (1, 0), (0, 1), (0, 0)


def agree_or_not(no: int, name: str, award: str = "Bằng khen", share: str = "80%") -> Nomination:
    """A nomination for an individual, with a rule on all members."""
    rule = Rule(
        share=share,
        comparator="at_least",
        base="all_members",
        citation="Điều 9 Quy chế của Hội đồng; không thực hiện biểu quyết",
    )
    return Nomination(no=no, kind="individual", name=name, unit="Phòng Một", award=award, rule=rule)


NOMINATIONS = (agree_or_not(1, "Nguyễn Thị Một"), agree_or_not(2, "Trần Văn Hai"))
TEAM = Team(members=(2, 3, 4), trustee_threshold=2)


def a_draft(**changes: object) -> NewElection:
    """A draft as most tests want it; `changes` by field name."""
    values: dict[str, object] = {
        "group": GROUP,
        "nominations": NOMINATIONS,
        "quorum": Quorum(share="2/3"),
        "minimum_ballots": 3,
        "late_issuance": True,
        "previous": None,
        **changes,
    }
    return NewElection(**values)  # type: ignore[arg-type]


@dataclass
class Phone:
    """A member's phone: its key, and the ballot it holds."""

    no: int
    key: ec.EllipticCurvePrivateKey
    exponent: int | None = None
    token: str | None = None

    @property
    def spki(self) -> bytes:
        return public_key_to_spki(self.key.public_key())


@dataclass
class Hall:
    """One council in one meeting, with whatever its people hold."""

    election: Election
    council_id: str
    phones: Mapping[int, Phone]
    meeting: MeetingRecord | None = None
    trustees: dict[str, list[TrusteeState]] = field(default_factory=dict)

    async def convene(self, **changes: object) -> MeetingRecord:
        """Create the meeting; everybody is present."""
        values: dict[str, object] = {
            "council_id": self.council_id,
            "kind": "regular",
            "title": "Họp Hội đồng",
            "starts_at": "2026-11-20T08:00:00+07:00",
            "venue": "Phòng họp số 1",
            "presiding": 1,
            "minute_taker": 5,
            **changes,
        }
        self.meeting = await create_meeting(
            self.election,
            NewMeeting(**values),  # type: ignore[arg-type]
        )
        for no in self.phones:
            await self.attend(no, "present")
        return self.meeting

    @property
    def meeting_id(self) -> str:
        if self.meeting is None:
            raise AssertionError("convene first")
        return self.meeting.id

    async def attend(self, no: int, state: AttendanceState) -> None:
        attendance = MemberAttendance(no=no, state=state)
        await set_attendance(self.election.registrar, self.meeting_id, attendance)

    async def draft(self, **changes: object) -> str:
        return (await draft_election(self.election, self.meeting_id, a_draft(**changes))).uuid

    async def read(self, uuid: str) -> ElectionRecord:
        return await read_election(self.election, uuid)

    async def log(self, uuid: str) -> BoardLog:
        return await read_log(self.election.board, uuid)

    async def hold_ceremony(self, uuid: str, team: Team = TEAM) -> None:
        """Record the team and let every trustee make its key."""
        await record_counting_team(self.election, uuid, team)
        record = await self.read(uuid)
        group, size = group_by_name(record.group), len(team.members)
        states = [
            make_certificate(group, uuid, index, size, team.trustee_threshold, system_randomness)
            for index in range(1, size + 1)
        ]
        await self._enter(
            uuid,
            [CeremonyCertificate(index=s.index, certificate=s.certificate) for s in states],
        )
        root = (await self.log(uuid)).head.root
        certificates = [state.certificate for state in states]
        states = [commit(s, certificates, root, system_randomness) for s in states]
        await self._enter(
            uuid, [CeremonyCommitment(index=s.index, commitment=s.commitment) for s in states]
        )
        revealed = [reveal(state, [each.commitment for each in states]) for state in states]
        reveals = [contribution for _, contribution, _ in revealed]
        await self._enter(
            uuid,
            [
                CeremonyReveal(index=index, coefexps=each.coefexps, signature=each.signature)
                for index, each in enumerate(reveals, 1)
            ],
        )
        sealed = [shares for _, _, shares in revealed]
        states = [
            make_key(state, reveals, [shares[index] for shares in sealed], system_randomness)
            for index, (state, _, _) in enumerate(revealed)
        ]
        await self._enter(
            uuid, [CeremonyKey(index=s.index, verification_key=s.verification_key) for s in states]
        )
        self.trustees[uuid] = states

    async def confirm_keys(self, uuid: str, indices: Sequence[int] = (1, 2, 3)) -> None:
        """Let these trustees confirm the election on the log."""
        log = await self.log(uuid)
        head = log.head_after(ElectionEntry)
        if head is None:
            raise AssertionError("issue first")
        ceremony = ceremony_of(log, uuid, self.trustees[uuid][0].threshold)
        election = await self.belenios(uuid)
        confirmed = [
            confirm(state, ceremony, election, head.root, system_randomness)
            for state in self.trustees[uuid]
            if state.index in indices
        ]
        await self._enter(
            uuid, [TrusteeConfirms(index=s.index, confirmation=s.confirmation) for s in confirmed]
        )

    async def belenios(self, uuid: str) -> BeleniosElection:
        entry = (await self.log(uuid)).first_of(ElectionEntry)
        if entry is None:
            raise AssertionError("issue first")
        return parse_election(entry.election)

    async def take(self, uuid: str, numbers: Sequence[int]) -> None:
        """These members take their ballots and confirm them."""
        log, election = await self.log(uuid), await self.belenios(uuid)
        terms = log.first_of(Terms)
        if terms is None:
            raise AssertionError("issue first")
        token_key = parse_token_key(base64url.decode(terms.token_keys[0].spki))
        for no in numbers:
            phone = self.phones[no]
            secret = generate_secret_credential(system_randomness)
            phone.exponent = derive_credential_v24(election.group, uuid, secret)
            credential = public_credential(election.group, phone.exponent)
            blinding = begin_token(token_key, election.fingerprint, credential, system_randomness)
            request = self._request(phone, election.fingerprint, blinding.blinded_message)
            (answer,) = await issue_tokens(self.election.registrar, uuid, no, request)
            phone.token = finish_token(token_key, blinding, answer)
            await confirm_issuance(self.election.registrar, uuid, no)

    async def cast(
        self, uuid: str, numbers: Sequence[int], marks: Sequence[Sequence[int]]
    ) -> list[str]:
        """These members cast a ballot with these marks each; returns the box's promises."""
        election = await self.belenios(uuid)
        promises = []
        for no in numbers:
            phone = self.phones[no]
            if phone.exponent is None or phone.token is None:
                raise AssertionError("take a ballot first")
            nonce = draw_scalar(election.group, system_randomness)
            ballot = encrypt_ballot(election, phone.exponent, marks, secrets.token_bytes(32), nonce)
            body = build_casting_body(ballot, [phone.token], casting_length(election))
            promises.append(await cast_ballot(self.election.ballot_box, uuid, body))
        return promises

    async def lost_promise(self, uuid: str) -> str:
        """A promise that the box really signed, of a ballot that never came on the board."""
        box = self.election.ballot_box

        async def work(connection: AsyncConnection) -> bytes | None:
            return await BallotBoxStore(connection).read_box_key(uuid)

        seed = await box.database.transact("read box key", work)
        if seed is None:
            raise AssertionError("issue first")
        signer = NoteSigner(f"{box.settings.log_origin}/{uuid}/box", seed)
        phi = (await self.belenios(uuid)).fingerprint
        return sign_promise(Promise(uuid, phi, secrets.token_bytes(32)), signer)

    async def open_voting(self, uuid: str, takers: Sequence[int] = (1, 2, 3, 4, 5)) -> None:
        """From the draft to voting, with ballots taken by these members."""
        await self.hold_ceremony(uuid)
        await issue_ballots(self.election, uuid)
        await self.take(uuid, takers)
        await self.confirm_keys(uuid)
        await start_voting(self.election, uuid, "2026-11-20T09:00:00+07:00")

    async def _enter(self, uuid: str, entries: Sequence[Entry]) -> None:
        position = (await self.log(uuid)).head.size
        await append(self.election.board, uuid, position, entries)

    @staticmethod
    def _request(phone: Phone, phi: str, blinded: bytes) -> IssuanceRequest:
        message = issue_message(phi, phone.no, hash_of_blinded_messages([blinded]))
        signature = sign_with_device_key(phone.key, message)
        return IssuanceRequest((blinded,), DeviceSignature(signature))
