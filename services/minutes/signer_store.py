"""Every query of whose certificates sign, and of hashes that were handed out."""

import datetime
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.minutes.store import metadata

signer_table: Final = sa.Table(
    "signer",
    metadata,
    sa.Column("council_id", sa.Text, primary_key=True),
    sa.Column("certificate_sha256", sa.Text, primary_key=True),
    sa.Column("member", sa.SmallInteger),
    sa.Column("certificate", sa.LargeBinary, nullable=False),
    sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
)
request_table: Final = sa.Table(
    "signature_request",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("paper_id", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class Holder:
    """Whose a confirmed certificate is: a member's number, or None for the agency."""

    member: int | None


@dataclass(frozen=True)
class SignatureRequest:
    """A hash that was handed out: `state` is the paper with room for the signature."""

    id: str
    paper_id: str
    field: str
    state: bytes
    expires_at: datetime.datetime


class SignerStore:
    """The signers' rows on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def holder_of(self, council_id: str, certificate_sha256: str) -> Holder | None:
        rows = await self._connection.execute(
            sa.select(signer_table.c.member).where(
                signer_table.c.council_id == council_id,
                signer_table.c.certificate_sha256 == certificate_sha256,
            )
        )
        row = rows.one_or_none()
        return None if row is None else Holder(row.member)

    async def add_signer(
        self,
        council_id: str,
        certificate_sha256: str,
        holder: Holder,
        certificate: bytes,
        confirmed_at: datetime.datetime,
    ) -> None:
        await self._connection.execute(
            signer_table.insert().values(
                council_id=council_id,
                certificate_sha256=certificate_sha256,
                member=holder.member,
                certificate=certificate,
                confirmed_at=confirmed_at,
            )
        )

    async def put_request(self, request: SignatureRequest) -> None:
        """Keep a request in the place of an earlier one for the same field."""
        await self._connection.execute(
            request_table.delete().where(
                request_table.c.paper_id == request.paper_id,
                request_table.c.field == request.field,
            )
        )
        await self._connection.execute(
            request_table.insert().values(
                id=request.id,
                paper_id=request.paper_id,
                field=request.field,
                state=request.state,
                expires_at=request.expires_at,
            )
        )

    async def read_request(self, request_id: str) -> SignatureRequest | None:
        rows = await self._connection.execute(
            sa.select(request_table).where(request_table.c.id == request_id)
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return SignatureRequest(row.id, row.paper_id, row.field, bytes(row.state), row.expires_at)

    async def has_request(self, paper_id: str, now: datetime.datetime) -> bool:
        """Whether somebody has a hash of this paper in hand."""
        found = await self._connection.scalar(
            sa.select(request_table.c.id)
            .where(request_table.c.paper_id == paper_id, request_table.c.expires_at > now)
            .limit(1)
        )
        return found is not None

    async def drop_requests_before(self, now: datetime.datetime) -> None:
        """Whoever was given those hashes has to ask again."""
        await self._connection.execute(
            request_table.delete().where(request_table.c.expires_at <= now)
        )
