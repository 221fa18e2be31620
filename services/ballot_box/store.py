"""
Every query of the ballot box; rows to model and back, no decisions.

No table has a time, a sequence, an address or an order: keys are hashes (architecture "Data").
"""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.ballot_box.model import BoxState, BoxTerms, CastBallot

metadata = sa.MetaData(schema="ballot_box")

box_key_table: Final = sa.Table(
    "box_key",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("seed", sa.LargeBinary, nullable=False),
)
box_table: Final = sa.Table(
    "box",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("phi", sa.Text, nullable=False),
    sa.Column("election_text", sa.Text, nullable=False),
    sa.Column("token_keys", ARRAY(sa.LargeBinary), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)
ballot_table: Final = sa.Table(
    "ballot",
    metadata,
    sa.Column("tracker", sa.LargeBinary, primary_key=True),
    sa.Column("uuid", sa.Text, nullable=False),
    sa.Column("body_hash", sa.LargeBinary, nullable=False),
    sa.Column("credential_hash", sa.LargeBinary),
    sa.Column("ballot", sa.Text),
    sa.Column("token", ARRAY(sa.Text)),
    sa.UniqueConstraint("uuid", "credential_hash"),
)


class BallotBoxStore:
    """The box's rows on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_box_key(self, uuid: str, seed: bytes) -> None:
        """Keeps the key that is there."""
        await self._connection.execute(
            insert(box_key_table).values(uuid=uuid, seed=seed).on_conflict_do_nothing()
        )

    async def read_box_key(self, uuid: str) -> bytes | None:
        seed = await self._connection.scalar(
            sa.select(box_key_table.c.seed).where(box_key_table.c.uuid == uuid)
        )
        return None if seed is None else bytes(seed)

    async def add_box(self, terms: BoxTerms) -> None:
        """Keeps the box that is there."""
        await self._connection.execute(
            insert(box_table)
            .values(
                uuid=terms.uuid,
                phi=terms.phi,
                election_text=terms.election_text,
                token_keys=list(terms.token_keys),
                state="prepared",
            )
            .on_conflict_do_nothing()
        )

    async def read_terms(self, uuid: str) -> BoxTerms | None:
        row = (
            await self._connection.execute(sa.select(box_table).where(box_table.c.uuid == uuid))
        ).one_or_none()
        if row is None:
            return None
        keys = tuple(bytes(key) for key in row.token_keys)
        return BoxTerms(row.uuid, row.phi, row.election_text, keys)

    async def read_state(self, uuid: str, *, lock: bool = False) -> BoxState | None:
        """With `lock`, the state stays as it is until this transaction ends."""
        query = sa.select(box_table.c.state).where(box_table.c.uuid == uuid)
        if lock:
            query = query.with_for_update(read=True)
        state: BoxState | None = await self._connection.scalar(query)
        return state

    async def set_state(self, uuid: str, state: BoxState) -> None:
        await self._connection.execute(
            sa.update(box_table).where(box_table.c.uuid == uuid).values(state=state)
        )

    async def has_body(self, tracker: bytes, body_hash: bytes) -> bool:
        """These very bytes were accepted."""
        return bool(
            await self._connection.scalar(
                sa.select(
                    sa.exists().where(
                        ballot_table.c.tracker == tracker, ballot_table.c.body_hash == body_hash
                    )
                )
            )
        )

    async def has_credential(self, uuid: str, credential_hash: bytes) -> bool:
        return bool(
            await self._connection.scalar(
                sa.select(
                    sa.exists().where(
                        ballot_table.c.uuid == uuid,
                        ballot_table.c.credential_hash == credential_hash,
                    )
                )
            )
        )

    async def add_ballot(self, uuid: str, ballot: CastBallot) -> bool:
        """
        Put a ballot in; False if its tracker or credential is there already.

        "Do nothing" about a row that this snapshot does not see is a serialization failure
        (SQLSTATE 40001), which is retried; a plain INSERT might fail with a unique violation,
        whose message repeats the hash.
        """
        added = await self._connection.execute(
            insert(ballot_table)
            .values(
                tracker=ballot.tracker,
                uuid=uuid,
                body_hash=ballot.body_hash,
                credential_hash=ballot.credential_hash,
                ballot=ballot.ballot,
                token=list(ballot.token),
            )
            .on_conflict_do_nothing()
            .returning(sa.literal(1))
        )
        return added.one_or_none() is not None

    async def count_ballots(self, uuid: str) -> int:
        count: int | None = await self._connection.scalar(
            sa.select(sa.func.count()).where(ballot_table.c.uuid == uuid)
        )
        return count or 0

    async def sort_ballots(self, uuid: str) -> None:
        """Rewrite the rows in tracker order: neither place nor `xmin` tells the order of casting.

        A function of the owner, since the box's own role may neither change nor delete a ballot.
        """
        await self._connection.execute(sa.select(sa.func.ballot_box.sort_ballots(uuid)))

    async def erase_ballots(self, uuid: str) -> None:
        """Erase all but trackers and body hashes; a function of the owner, as above."""
        await self._connection.execute(sa.select(sa.func.ballot_box.erase_ballots(uuid)))

    async def read_ballots(self, uuid: str) -> list[tuple[str, tuple[str, ...]]]:
        """Ballots with their tokens, ascending by the bytes of the tracker."""
        rows = await self._connection.execute(
            sa.select(ballot_table.c.ballot, ballot_table.c.token)
            .where(ballot_table.c.uuid == uuid, ballot_table.c.ballot.is_not(None))
            .order_by(ballot_table.c.tracker)
        )
        return [(row.ballot, tuple(row.token)) for row in rows]
