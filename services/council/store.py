"""Every query about councils, members and accounts."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import base64url
from schemas.roster import DeviceKey, RosterMember
from schemas.terms import Council
from services.accounts import Account
from services.council.model import CouncilRecord, CouncilSummary

metadata = sa.MetaData(schema="council")

council_table: Final = sa.Table(
    "council",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("document", sa.LargeBinary, nullable=False),
)
account_table: Final = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("council_id", sa.Text, sa.ForeignKey("council.council.id")),
    sa.Column("member", sa.Integer),
    sa.UniqueConstraint("council_id", "member", name="account_council_id_member_key"),
)
member_table: Final = sa.Table(
    "member",
    metadata,
    sa.Column("council_id", sa.Text, sa.ForeignKey("council.council.id"), primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("position", sa.Text, nullable=False),
    sa.Column("council_role", sa.Text, nullable=False),
    sa.Column("account_id", sa.Text, sa.ForeignKey("council.account.id"), nullable=False),
)


def account_of(row: sa.RowMapping) -> Account:
    return Account(
        id=row["id"],
        name=row["name"],
        roles=frozenset({row["role"]} - {"former"}),
        council_id=row["council_id"],
        member=row["member"],
    )


class CouncilStore:
    """Councils, members and their accounts on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_council(self, council_id: str, council: Council) -> None:
        await self._connection.execute(
            sa.insert(council_table).values(id=council_id, document=msgspec.json.encode(council))
        )

    async def read_council(
        self, council_id: str, keys: Mapping[str, DeviceKey]
    ) -> CouncilRecord | None:
        """The council with its members by number; `keys` are current keys by account."""
        found = await self._connection.scalar(
            sa.select(council_table.c.document).where(council_table.c.id == council_id)
        )
        if found is None:
            return None
        members = [
            RosterMember(
                no=row.no,
                name=row.name,
                position=row.position,
                council_role=row.council_role,
                key=keys.get(row.account_id),
            )
            for row in await self._connection.execute(
                sa.select(member_table)
                .where(member_table.c.council_id == council_id)
                .order_by(member_table.c.no)
            )
        ]
        council = msgspec.json.decode(found, type=Council)
        return CouncilRecord(council_id, council, tuple(members))

    async def read_council_name(self, council_id: str) -> str | None:
        found = await self._connection.scalar(
            sa.select(council_table.c.document).where(council_table.c.id == council_id)
        )
        return None if found is None else msgspec.json.decode(found, type=Council).name

    async def read_accounts(self, council_id: str) -> dict[int, Account]:
        """The members' accounts by number."""
        rows = await self._connection.execute(
            sa.select(account_table).where(
                account_table.c.council_id == council_id, account_table.c.member.is_not(None)
            )
        )
        accounts = [account_of(row) for row in rows.mappings()]
        return {each.member: each for each in accounts if each.member is not None}

    async def put_account(self, account: Account, role: str) -> None:
        values = {
            "name": account.name,
            "role": role,
            "council_id": account.council_id,
            "member": account.member,
        }
        await self._connection.execute(
            insert(account_table)
            .values(id=account.id, **values)
            .on_conflict_do_update(index_elements=["id"], set_=values)
        )

    async def read_secretaries(self) -> list[Account]:
        """By name; the first one was made when the database was empty."""
        return await self._read_accounts(account_table.c.role == "secretary")

    async def read_auditors(self, council_id: str) -> list[Account]:
        """By name."""
        return await self._read_accounts(
            sa.and_(account_table.c.role == "auditor", account_table.c.council_id == council_id)
        )

    async def list_councils(self) -> list[CouncilSummary]:
        """All councils by name, with how many members each has."""
        rows = await self._connection.execute(
            sa.select(council_table, sa.func.count(member_table.c.no).label("members"))
            .outerjoin(member_table, member_table.c.council_id == council_table.c.id)
            .group_by(council_table.c.id)
        )
        found = [
            CouncilSummary(
                row.id, msgspec.json.decode(row.document, type=Council).name, row.members
            )
            for row in rows
        ]
        return sorted(found, key=lambda each: (each.name, each.id))

    async def _read_accounts(self, which: sa.ColumnElement[bool]) -> list[Account]:
        rows = await self._connection.execute(
            sa.select(account_table).where(which).order_by(account_table.c.name, account_table.c.id)
        )
        return [account_of(row) for row in rows.mappings()]

    async def put_member(self, council_id: str, member: RosterMember, account_id: str) -> None:
        values = {
            "name": member.name,
            "position": member.position,
            "council_role": member.council_role,
            "account_id": account_id,
        }
        await self._connection.execute(
            insert(member_table)
            .values(council_id=council_id, no=member.no, **values)
            .on_conflict_do_update(index_elements=["council_id", "no"], set_=values)
        )

    async def remove_member(self, council_id: str, no: int) -> None:
        await self._connection.execute(
            sa.delete(member_table).where(
                member_table.c.council_id == council_id, member_table.c.no == no
            )
        )


def device_key_of(kind: Any, spki: bytes) -> DeviceKey:
    return DeviceKey(kind=kind, spki=base64url.encode(spki))
