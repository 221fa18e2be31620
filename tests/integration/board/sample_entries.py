"""Entries that follow the grammar, with placeholders where only a verifier would look."""

import hashlib
import random
from dataclasses import dataclass

from schemas.entries import (
    BallotEntry,
    Cancelled,
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    Closed,
    ElectionEntry,
    Entry,
    Issuance,
    IssuanceKey,
    TrusteeConfirms,
    VotingOpened,
)
from schemas.fields import CancellationReason
from schemas.rules import Quorum, Rule
from schemas.terms import (
    Council,
    CountingTeam,
    Issuer,
    Meeting,
    Nomination,
    Terms,
    TokenKey,
    Trustee,
)
from services.board.log import append
from services.board.model import CheckpointName
from services.board.party import Board

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
AT = "2026-03-12T09:00:00+07:00"
ROSTER = b'{"members":[],"salt":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'
ATTENDANCE = b'{"members":[],"salt":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"}'


def draw_uuid() -> str:
    """A fresh election for a test: tests share the database."""
    return "".join(random.choices(BASE58, k=14))


def sample_terms(uuid: str, log_key: str, box_key: str) -> Terms:
    rule = Rule(share="50%", comparator="more_than", base="all_members", citation="Điều 5")
    return Terms(
        version=1,
        uuid=uuid,
        method="secret",
        group="Ed25519",
        ballot_number=1,
        council=Council(
            name="Hội đồng", issuer=Issuer(parent_line="SỞ", issuer_line="HỘI ĐỒNG", symbol="HĐ")
        ),
        meeting=Meeting(
            id="0" * 32,
            kind="regular",
            title="Phiên họp",
            starts_at=AT,
            venue="Phòng họp 1",
            presiding=1,
            minute_taker=2,
        ),
        members=5,
        roster_commitment=hashlib.sha256(ROSTER).hexdigest(),
        nominations=(
            Nomination(
                no=1, kind="individual", name="Nguyễn Văn A", unit="", award="Giấy khen", rule=rule
            ),
        ),
        quorum=Quorum(share="2/3"),
        minimum_ballots=3,
        late_issuance=True,
        counting_team=CountingTeam(
            trustee_threshold=1,
            trustees=(Trustee(index=1, member=3, name="Trần Thị B", certificate="c" * 64),),
        ),
        ceremony_size=4,
        ceremony_root="d" * 64,
        rp_id="localhost",
        origins=("https://localhost",),
        log_origin="localhost/log",
        log_key=log_key,
        box_key=box_key,
        token_keys=(TokenKey(issuer="phieukin", spki="AAAA"),),
    )


@dataclass(frozen=True)
class SampleEntries:
    """A whole log, part by part, as an election adds it."""

    uuid: str
    log_key: str
    box_key: str
    election: str = "{}"
    ballots: tuple[str, ...] = ('{"b":0}', '{"b":1}', '{"b":2}')

    def ceremony(self) -> list[Entry]:
        return [
            CeremonyCertificate(index=1, certificate="{}"),
            CeremonyCommitment(index=1, commitment="e" * 64),
            CeremonyReveal(index=1, coefexps="{}", signature="{}"),
            CeremonyKey(index=1, verification_key="{}"),
        ]

    def terms(self) -> Terms:
        return sample_terms(self.uuid, self.log_key, self.box_key)

    def issuing(self) -> list[Entry]:
        return [self.terms(), ElectionEntry(election=self.election)]

    def opening(self) -> list[Entry]:
        return [
            TrusteeConfirms(index=1, confirmation="{}"),
            VotingOpened(at=AT, members=5, present=5, online=0, absent_consulted=0, issued=3),
        ]

    def closing(self) -> list[Entry]:
        issuances = [
            Issuance(
                member=member,
                key=IssuanceKey(kind="device", spki="AAAA"),
                blinded_sha256="f" * 64,
                late=False,
                signature="AAAA",
            )
            for member in (1, 2, 3)
        ]
        closed = Closed(
            at=AT,
            members=5,
            present=5,
            online=0,
            absent_consulted=0,
            issued=3,
            late=0,
            returned=3,
            attendance_commitment=hashlib.sha256(ATTENDANCE).hexdigest(),
            token_keys_deleted=True,
        )
        ballots = [BallotEntry(ballot=ballot, token=("A" * 555,)) for ballot in self.ballots]
        return [*issuances, *ballots, closed]

    def cancelled(self, reason: CancellationReason) -> Cancelled:
        return Cancelled(at=AT, reason=reason, text="Hủy cuộc bỏ phiếu")


async def fill_log(board: Board, entries: SampleEntries, *, until: str = "closing") -> int:
    """Add the parts of a log in order up to `until`; returns its size."""
    parts: list[tuple[str, list[Entry], CheckpointName | None, dict[str, bytes]]] = [
        ("ceremony", entries.ceremony(), None, {}),
        ("issuing", entries.issuing(), None, {"roster.json": ROSTER}),
        ("opening", entries.opening(), "opening", {}),
        ("closing", entries.closing(), "closing", {"attendance.json": ATTENDANCE}),
    ]
    size = 0
    for name, part, checkpoint, files in parts:
        size = (await append(board, entries.uuid, size, part, checkpoint, files)).size
        if name == until:
            return size
    raise AssertionError("no such part")
