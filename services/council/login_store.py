"""Every query about device keys, invitations, nonces and logins. Secrets are stored as hashes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.roster import DeviceKey
from services.accounts import Account
from services.council.model import KnownDevice, KnownKey, NewDeviceKey, StoredInvitation
from services.council.store import account_of, account_table, device_key_of, metadata

device_key_table: Final = sa.Table(
    "device_key",
    metadata,
    sa.Column("fingerprint", sa.LargeBinary, primary_key=True),
    sa.Column("account_id", sa.Text, sa.ForeignKey("council.account.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("spki", sa.LargeBinary, nullable=False),
    sa.Column("is_current", sa.Boolean, nullable=False),
)
sa.Index(
    "device_key_current_key",
    device_key_table.c.account_id,
    unique=True,
    postgresql_where=device_key_table.c.is_current,
)
invitation_table: Final = sa.Table(
    "invitation",
    metadata,
    sa.Column("account_id", sa.Text, sa.ForeignKey("council.account.id"), primary_key=True),
    sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used_by", sa.LargeBinary),
)
nonce_table: Final = sa.Table(
    "login_nonce",
    metadata,
    sa.Column("nonce_hash", sa.LargeBinary, primary_key=True),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
)
login_table: Final = sa.Table(
    "login",
    metadata,
    sa.Column("cookie_hash", sa.LargeBinary, primary_key=True),
    sa.Column("account_id", sa.Text, sa.ForeignKey("council.account.id"), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
)


class LoginStore:
    """Keys, invitations and logins on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def read_keys(self, council_id: str) -> dict[str, DeviceKey]:
        """Current keys of a council's members, by account."""
        rows = await self._connection.execute(
            sa.select(device_key_table)
            .join(account_table, account_table.c.id == device_key_table.c.account_id)
            .where(account_table.c.council_id == council_id, device_key_table.c.is_current)
        )
        return {row.account_id: device_key_of(row.kind, row.spki) for row in rows}

    async def read_device(self, fingerprint: bytes) -> KnownDevice | None:
        """Whose key has this fingerprint, or had until it was replaced."""
        key = device_key_table.c
        row = (
            (
                await self._connection.execute(
                    sa.select(account_table, key.kind, key.spki, key.is_current)
                    .join(device_key_table, key.account_id == account_table.c.id)
                    .where(key.fingerprint == fingerprint)
                )
            )
            .mappings()
            .one_or_none()
        )
        if row is None:
            return None
        return KnownDevice(account_of(row), row["kind"], row["spki"], row["is_current"])

    async def read_known_keys(self, account_ids: Iterable[str]) -> dict[str, KnownKey]:
        """The current key of each of these accounts that has one."""
        key = device_key_table.c
        rows = await self._connection.execute(
            sa.select(key.account_id, key.kind, key.fingerprint).where(
                key.account_id.in_(list(account_ids)), key.is_current
            )
        )
        return {row.account_id: KnownKey(row.kind, row.fingerprint) for row in rows}

    async def owner_of_key(self, fingerprint: bytes) -> str | None:
        """The account that ever had this key, also one that was replaced."""
        owner: str | None = await self._connection.scalar(
            sa.select(device_key_table.c.account_id).where(
                device_key_table.c.fingerprint == fingerprint
            )
        )
        return owner

    async def replace_key(self, account_id: str, key: NewDeviceKey) -> None:
        """Make `key` the account's one current key; the account's logins end."""
        await self.retire_keys(account_id)
        values = {"account_id": account_id, "kind": key.kind, "is_current": True}
        await self._connection.execute(
            insert(device_key_table)
            .values(fingerprint=key.fingerprint, spki=key.spki, **values)
            .on_conflict_do_update(index_elements=["fingerprint"], set_=values)
        )

    async def retire_keys(self, account_id: str) -> None:
        await self._connection.execute(
            sa.update(device_key_table)
            .where(device_key_table.c.account_id == account_id)
            .values(is_current=False)
        )
        await self._connection.execute(
            sa.delete(login_table).where(login_table.c.account_id == account_id)
        )

    async def put_invitation(self, account_id: str, code_hash: bytes, expires_at: datetime) -> None:
        """The account's only invitation: an earlier one is replaced."""
        values = {"code_hash": code_hash, "expires_at": expires_at, "used_by": None}
        await self._connection.execute(
            insert(invitation_table)
            .values(account_id=account_id, **values)
            .on_conflict_do_update(index_elements=["account_id"], set_=values)
        )

    async def read_invitation(self, code_hash: bytes) -> StoredInvitation | None:
        row = (
            (
                await self._connection.execute(
                    sa.select(
                        account_table, invitation_table.c.expires_at, invitation_table.c.used_by
                    )
                    .join(invitation_table, invitation_table.c.account_id == account_table.c.id)
                    .where(invitation_table.c.code_hash == code_hash)
                )
            )
            .mappings()
            .one_or_none()
        )
        if row is None:
            return None
        return StoredInvitation(account_of(row), row["expires_at"], row["used_by"])

    async def mark_invitation_used(self, account_id: str, fingerprint: bytes) -> None:
        await self._connection.execute(
            sa.update(invitation_table)
            .where(invitation_table.c.account_id == account_id)
            .values(used_by=fingerprint)
        )

    async def remove_invitation(self, account_id: str) -> None:
        await self._connection.execute(
            sa.delete(invitation_table).where(invitation_table.c.account_id == account_id)
        )

    async def add_nonce(self, nonce_hash: bytes, expires_at: datetime) -> None:
        await self._connection.execute(
            sa.insert(nonce_table).values(nonce_hash=nonce_hash, expires_at=expires_at)
        )

    async def take_nonce(self, nonce_hash: bytes, now: datetime) -> bool:
        """Remove the nonce; whether it was there and not too old."""
        expires_at = await self._connection.scalar(
            sa.delete(nonce_table)
            .where(nonce_table.c.nonce_hash == nonce_hash)
            .returning(nonce_table.c.expires_at)
        )
        return expires_at is not None and expires_at > now

    async def add_login(self, cookie_hash: bytes, account_id: str, expires_at: datetime) -> None:
        await self._connection.execute(
            sa.insert(login_table).values(
                cookie_hash=cookie_hash, account_id=account_id, expires_at=expires_at
            )
        )

    async def read_login(self, cookie_hash: bytes, now: datetime) -> Account | None:
        row = (
            (
                await self._connection.execute(
                    sa.select(account_table)
                    .join(login_table, login_table.c.account_id == account_table.c.id)
                    .where(
                        login_table.c.cookie_hash == cookie_hash,
                        login_table.c.expires_at > now,
                    )
                )
            )
            .mappings()
            .one_or_none()
        )
        return None if row is None else account_of(row)

    async def remove_login(self, cookie_hash: bytes) -> None:
        await self._connection.execute(
            sa.delete(login_table).where(login_table.c.cookie_hash == cookie_hash)
        )

    async def remove_expired(self, now: datetime) -> None:
        """Nonces and logins that no longer count."""
        for table in (nonce_table, login_table):
            await self._connection.execute(sa.delete(table).where(table.c.expires_at <= now))
