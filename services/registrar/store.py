"""Every query of the registrar; rows to model and back, no decisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.roster import DeviceKey, MemberAttendance
from services.registrar.model import (
    DeviceSignature,
    IssuanceProgress,
    Issuing,
    IssuingState,
    IssuingTerms,
    OwnIssuance,
    StoredIssuance,
    StoredNonce,
)

metadata = sa.MetaData(schema="registrar")

meeting_table: Final = sa.Table(
    "meeting",
    metadata,
    sa.Column("meeting_id", sa.Text, primary_key=True),
    sa.Column("members", ARRAY(sa.Integer), nullable=False),
)
attendance_table: Final = sa.Table(
    "attendance",
    metadata,
    sa.Column("meeting_id", sa.Text, primary_key=True),
    sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("arrived_at", sa.Text),
    sa.Column("left_at", sa.Text),
)
# As it was when issuing closed: the entries' counts and the commitment are about this one.
closing_attendance_table: Final = sa.Table(
    "closing_attendance",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("arrived_at", sa.Text),
    sa.Column("left_at", sa.Text),
)
nonce_table: Final = sa.Table(
    "checkin_nonce",
    metadata,
    sa.Column("meeting_id", sa.Text, primary_key=True),
    sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used_online", sa.Boolean),
)
token_key_table: Final = sa.Table(
    "token_key",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("spki", sa.LargeBinary, nullable=False),
    sa.Column("private_key", sa.LargeBinary),
)
issuing_table: Final = sa.Table(
    "issuing",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("meeting_id", sa.Text, nullable=False),
    sa.Column("phi", sa.Text, nullable=False),
    sa.Column("rp_id", sa.Text, nullable=False),
    sa.Column("origins", ARRAY(sa.Text), nullable=False),
    sa.Column("late_issuance", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)
roster_key_table: Final = sa.Table(
    "roster_key",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("spki", sa.Text, nullable=False),
    sa.UniqueConstraint("uuid", "spki"),
)
issuance_table: Final = sa.Table(
    "issuance",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("spki", sa.Text, nullable=False),
    sa.Column("blinded_sha256", sa.Text, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("authenticator_data", sa.LargeBinary),
    sa.Column("client_data", sa.LargeBinary),
    sa.Column("confirmed", sa.Boolean, nullable=False),
)


class RegistrarStore:
    """The registrar's rows on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    # Attendance.

    async def put_meeting(self, meeting_id: str, members: Sequence[int]) -> None:
        put = insert(meeting_table).values(meeting_id=meeting_id, members=list(members))
        await self._connection.execute(
            put.on_conflict_do_update(
                index_elements=["meeting_id"], set_={"members": put.excluded.members}
            )
        )

    async def read_members(self, meeting_id: str) -> list[int] | None:
        members = await self._connection.scalar(
            sa.select(meeting_table.c.members).where(meeting_table.c.meeting_id == meeting_id)
        )
        return None if members is None else list(members)

    async def put_attendance(self, meeting_id: str, attendance: MemberAttendance) -> None:
        values = _attendance_values(attendance)
        put = insert(attendance_table).values(meeting_id=meeting_id, member=attendance.no, **values)
        await self._connection.execute(
            put.on_conflict_do_update(index_elements=["meeting_id", "member"], set_=values)
        )

    async def read_attendance(self, meeting_id: str) -> dict[int, MemberAttendance]:
        rows = await self._connection.execute(
            sa.select(attendance_table).where(attendance_table.c.meeting_id == meeting_id)
        )
        return {row.member: _attendance(row) for row in rows}

    async def read_attendance_of(self, meeting_id: str, member: int) -> MemberAttendance:
        """A member without a row is absent."""
        row = (
            await self._connection.execute(
                sa.select(attendance_table).where(
                    attendance_table.c.meeting_id == meeting_id,
                    attendance_table.c.member == member,
                )
            )
        ).one_or_none()
        return MemberAttendance(no=member, state="absent") if row is None else _attendance(row)

    async def holds_ballot(self, meeting_id: str, member: int) -> bool:
        """The member has taken a ballot of an election that is issuing or voting now."""
        joined = sa.select(sa.literal(1)).where(
            issuance_table.c.uuid == issuing_table.c.uuid,
            issuance_table.c.member == member,
            issuing_table.c.meeting_id == meeting_id,
            issuing_table.c.state.in_(("issuing", "late")),
        )
        return bool(await self._connection.scalar(sa.select(joined.exists())))

    async def add_closing_attendance(
        self, uuid: str, attendance: Sequence[MemberAttendance]
    ) -> None:
        rows = [
            {"uuid": uuid, "member": each.no, **_attendance_values(each)} for each in attendance
        ]
        if rows:
            await self._connection.execute(sa.insert(closing_attendance_table), rows)

    async def read_closing_attendance(self, uuid: str) -> list[MemberAttendance]:
        rows = await self._connection.execute(
            sa.select(closing_attendance_table)
            .where(closing_attendance_table.c.uuid == uuid)
            .order_by(closing_attendance_table.c.member)
        )
        return [_attendance(row) for row in rows]

    async def put_nonce(
        self, meeting_id: str, member: int, nonce: bytes, expires_at: datetime
    ) -> None:
        """One nonce a member: a new one replaces the last."""
        values = {"nonce": nonce, "expires_at": expires_at, "used_online": None}
        put = insert(nonce_table).values(meeting_id=meeting_id, member=member, **values)
        await self._connection.execute(
            put.on_conflict_do_update(index_elements=["meeting_id", "member"], set_=values)
        )

    async def read_nonce(self, meeting_id: str, member: int) -> StoredNonce | None:
        row = (
            await self._connection.execute(
                sa.select(nonce_table).where(
                    nonce_table.c.meeting_id == meeting_id, nonce_table.c.member == member
                )
            )
        ).one_or_none()
        if row is None:
            return None
        return StoredNonce(bytes(row.nonce), row.expires_at, row.used_online)

    async def use_nonce(self, meeting_id: str, member: int, online: bool) -> None:
        await self._connection.execute(
            sa.update(nonce_table)
            .where(nonce_table.c.meeting_id == meeting_id, nonce_table.c.member == member)
            .values(used_online=online)
        )

    # Token keys and issuing.

    async def add_token_key(self, uuid: str, spki: bytes, private_key: bytes) -> None:
        """Keeps the key that is there."""
        values = {"uuid": uuid, "spki": spki, "private_key": private_key}
        await self._connection.execute(
            insert(token_key_table).values(values).on_conflict_do_nothing()
        )

    async def read_token_key(self, uuid: str) -> tuple[bytes, bytes | None] | None:
        """Public key (SPKI) and private key (PKCS 8), the latter None once deleted."""
        row = (
            await self._connection.execute(
                sa.select(token_key_table).where(token_key_table.c.uuid == uuid)
            )
        ).one_or_none()
        if row is None:
            return None
        return bytes(row.spki), None if row.private_key is None else bytes(row.private_key)

    async def delete_token_key(self, uuid: str) -> None:
        """The public half stays: it is in the terms."""
        await self._connection.execute(
            sa.update(token_key_table)
            .where(token_key_table.c.uuid == uuid)
            .values(private_key=None)
        )

    async def add_issuing(self, terms: IssuingTerms) -> None:
        """Add issuing and its roster of keys; keeps what is there."""
        added = await self._connection.execute(
            insert(issuing_table)
            .values(
                uuid=terms.uuid,
                meeting_id=terms.meeting_id,
                phi=terms.phi,
                rp_id=terms.rp_id,
                origins=list(terms.origins),
                late_issuance=terms.late_issuance,
                state="issuing",
            )
            .on_conflict_do_nothing()
            .returning(issuing_table.c.uuid)
        )
        rows = [
            {"uuid": terms.uuid, "member": member, "kind": key.kind, "spki": key.spki}
            for member, key in terms.keys.items()
        ]
        if added.one_or_none() is not None and rows:
            await self._connection.execute(sa.insert(roster_key_table), rows)

    async def read_issuing(self, uuid: str, *, lock: bool = False) -> Issuing | None:
        """With `lock`, the state stays as it is until this transaction ends."""
        query = sa.select(issuing_table).where(issuing_table.c.uuid == uuid)
        if lock:
            query = query.with_for_update(read=True)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        keys = await self._connection.execute(
            sa.select(roster_key_table).where(roster_key_table.c.uuid == uuid)
        )
        terms = IssuingTerms(
            uuid=uuid,
            meeting_id=row.meeting_id,
            phi=row.phi,
            rp_id=row.rp_id,
            origins=tuple(row.origins),
            late_issuance=row.late_issuance,
            keys={key.member: DeviceKey(kind=key.kind, spki=key.spki) for key in keys},
        )
        return Issuing(terms, row.state)

    async def set_issuing_state(self, uuid: str, state: IssuingState) -> None:
        await self._connection.execute(
            sa.update(issuing_table).where(issuing_table.c.uuid == uuid).values(state=state)
        )

    # Issuances.

    async def add_issuance(self, uuid: str, issuance: StoredIssuance) -> None:
        """
        Keeps the issuance that is there.

        "Do nothing" about a row that this snapshot does not see is a serialization failure
        (SQLSTATE 40001), which is retried; a plain INSERT might fail with a unique violation.
        """
        signed = issuance.signed
        await self._connection.execute(
            insert(issuance_table)
            .values(
                uuid=uuid,
                member=issuance.member,
                kind=issuance.key.kind,
                spki=issuance.key.spki,
                blinded_sha256=issuance.blinded_sha256,
                late=issuance.late,
                signature=signed.signature,
                authenticator_data=signed.authenticator_data,
                client_data=signed.client_data,
                confirmed=False,
            )
            .on_conflict_do_nothing()
        )

    async def read_issuance(self, uuid: str, member: int) -> StoredIssuance | None:
        row = (
            await self._connection.execute(
                sa.select(issuance_table).where(
                    issuance_table.c.uuid == uuid, issuance_table.c.member == member
                )
            )
        ).one_or_none()
        return None if row is None else _issuance(row)

    async def read_issuances(self, uuid: str) -> list[StoredIssuance]:
        rows = await self._connection.execute(
            sa.select(issuance_table)
            .where(issuance_table.c.uuid == uuid)
            .order_by(issuance_table.c.member)
        )
        return [_issuance(row) for row in rows]

    async def confirm_issuance(self, uuid: str, member: int) -> bool:
        """False if there is none."""
        confirmed = await self._connection.execute(
            sa.update(issuance_table)
            .where(issuance_table.c.uuid == uuid, issuance_table.c.member == member)
            .values(confirmed=True)
            .returning(issuance_table.c.member)
        )
        return confirmed.one_or_none() is not None

    async def read_own_issuance(self, uuid: str, member: int) -> OwnIssuance:
        row = (
            await self._connection.execute(
                sa.select(issuance_table.c.late, issuance_table.c.confirmed).where(
                    issuance_table.c.uuid == uuid, issuance_table.c.member == member
                )
            )
        ).one_or_none()
        return OwnIssuance() if row is None else OwnIssuance(True, row.confirmed, row.late)

    async def count_issuances(self, uuid: str) -> IssuanceProgress:
        columns = issuance_table.c
        row = (
            await self._connection.execute(
                sa.select(
                    sa.func.count(),
                    sa.func.count().filter(columns.confirmed),
                    sa.func.count().filter(columns.late),
                ).where(columns.uuid == uuid)
            )
        ).one()
        return IssuanceProgress(issued=row[0], confirmed=row[1], late=row[2])


def _attendance_values(attendance: MemberAttendance) -> Mapping[str, Any]:
    return {
        "state": attendance.state,
        "reason": attendance.reason,
        "arrived_at": attendance.arrived_at,
        "left_at": attendance.left_at,
    }


def _attendance(row: sa.Row[Any]) -> MemberAttendance:
    return MemberAttendance(
        no=row.member,
        state=row.state,
        reason=row.reason,
        arrived_at=row.arrived_at,
        left_at=row.left_at,
    )


def _issuance(row: sa.Row[Any]) -> StoredIssuance:
    return StoredIssuance(
        member=row.member,
        key=DeviceKey(kind=row.kind, spki=row.spki),
        blinded_sha256=row.blinded_sha256,
        late=row.late,
        signed=DeviceSignature(
            bytes(row.signature),
            None if row.authenticator_data is None else bytes(row.authenticator_data),
            None if row.client_data is None else bytes(row.client_data),
        ),
    )
