"""Every query of meetings and elections; rows to model and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.only_secret import METHOD
from schemas.rules import Quorum
from schemas.terms import Nomination
from services.election.model import (
    Act,
    Cancellation,
    ElectionRecord,
    MeetingRecord,
    MeetingSettings,
    Team,
)

metadata = sa.MetaData(schema="election")

meeting_table: Final = sa.Table(
    "meeting",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("council_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("starts_at", sa.Text, nullable=False),
    sa.Column("venue", sa.Text, nullable=False),
    sa.Column("presiding", sa.Integer, nullable=False),
    sa.Column("minute_taker", sa.Integer, nullable=False),
    sa.Column("starts_by", sa.Text, nullable=False),
    sa.Column("closes_by", sa.Text, nullable=False),
    sa.Column("hall_shows", sa.Text, nullable=False),
    sa.Column("address_form", sa.Text, nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
)
hall_link_table: Final = sa.Table(
    "hall_link",
    metadata,
    sa.Column("meeting_id", sa.Text, sa.ForeignKey("election.meeting.id"), primary_key=True),
    sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
)
election_table: Final = sa.Table(
    "election",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("meeting_id", sa.Text, sa.ForeignKey("election.meeting.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("group_name", sa.Text, nullable=False),
    sa.Column("ballot_number", sa.Integer, nullable=False),
    sa.Column("previous", sa.Text, sa.ForeignKey("election.election.uuid")),
    sa.Column("nominations", JSONB, nullable=False),
    sa.Column("quorum", JSONB, nullable=False),
    sa.Column("minimum_ballots", sa.Integer, nullable=False),
    sa.Column("late_issuance", sa.Boolean, nullable=False),
    sa.Column("team", JSONB(none_as_null=True)),
    sa.Column("announced", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("pending", sa.Text),
    sa.Column("phi", sa.Text),
    sa.Column("election_code", sa.Text),
    sa.Column("seal_value", sa.Text),
    sa.Column("seal_code", sa.Text),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
    sa.Column("cancelled", JSONB(none_as_null=True)),
    sa.UniqueConstraint("meeting_id", "place"),
)
step_table: Final = sa.Table(
    "step",
    metadata,
    sa.Column("uuid", sa.Text, sa.ForeignKey("election.election.uuid"), primary_key=True),
    sa.Column("act", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)


class ElectionStore:
    """The rows of meetings and elections on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_meeting(self, meeting: MeetingRecord) -> None:
        values = asdict(meeting) | asdict(meeting.settings)
        await self._connection.execute(
            meeting_table.insert().values(
                {each.name: values[each.name] for each in meeting_table.c}
            )
        )

    async def read_meeting(self, meeting_id: str) -> MeetingRecord | None:
        found = await self._read_meetings(meeting_table.c.id == meeting_id)
        return found[0] if found else None

    async def read_meetings(self, council_id: str | None) -> list[MeetingRecord]:
        """All meetings of a council, or of all councils, in no order."""
        if council_id is None:
            return await self._read_meetings(sa.true())
        return await self._read_meetings(meeting_table.c.council_id == council_id)

    async def set_officers(self, meeting_id: str, presiding: int, minute_taker: int) -> None:
        await self._connection.execute(
            meeting_table.update()
            .where(meeting_table.c.id == meeting_id)
            .values(presiding=presiding, minute_taker=minute_taker)
        )

    async def set_settings(self, meeting_id: str, settings: MeetingSettings) -> None:
        await self._connection.execute(
            meeting_table.update()
            .where(meeting_table.c.id == meeting_id)
            .values(**asdict(settings))
        )

    async def end_meeting(self, meeting_id: str, ended_at: datetime) -> None:
        """Keeps the time of the first call."""
        await self._connection.execute(
            meeting_table.update()
            .where(meeting_table.c.id == meeting_id, meeting_table.c.ended_at.is_(None))
            .values(ended_at=ended_at)
        )

    async def put_hall_link(self, meeting_id: str, code_hash: bytes) -> None:
        """The meeting's only hall link: an earlier one is replaced."""
        await self._connection.execute(
            insert(hall_link_table)
            .values(meeting_id=meeting_id, code_hash=code_hash)
            .on_conflict_do_update(index_elements=["meeting_id"], set_={"code_hash": code_hash})
        )

    async def meeting_of_hall_link(self, code_hash: bytes) -> MeetingRecord | None:
        meeting_id = await self._connection.scalar(
            sa.select(hall_link_table.c.meeting_id).where(hall_link_table.c.code_hash == code_hash)
        )
        return None if meeting_id is None else await self.read_meeting(meeting_id)

    async def add_election(self, election: ElectionRecord, place: int) -> None:
        """Add a draft; `place` is its number among the meeting's elections, from 1."""
        values = {
            "uuid": election.uuid,
            "place": place,
            "meeting_id": election.meeting_id,
            "state": election.state,
            "method": METHOD,
            "group_name": election.group,
            "ballot_number": election.ballot_number,
            "previous": election.previous,
            "nominations": msgspec.to_builtins(election.nominations),
            "quorum": msgspec.to_builtins(election.quorum),
            "minimum_ballots": election.minimum_ballots,
            "late_issuance": election.late_issuance,
            "announced": election.announced,
            "version": election.version,
        }
        await self._connection.execute(election_table.insert().values(values))

    async def read_election(self, uuid: str) -> ElectionRecord | None:
        found = await self._read_elections(election_table.c.uuid == uuid)
        return found[0] if found else None

    async def elections_of(self, meeting_id: str) -> list[ElectionRecord]:
        """All elections of a meeting, in order of drafting."""
        return await self._read_elections(election_table.c.meeting_id == meeting_id)

    async def pending(self, act: Act) -> list[str]:
        """Elections in which this act has begun and not ended."""
        rows = await self._connection.execute(
            sa.select(election_table.c.uuid).where(election_table.c.pending == act)
        )
        return list(rows.scalars())

    async def change(self, uuid: str, values: Mapping[str, Any]) -> None:
        """Change columns of an election; its version grows."""
        await self._connection.execute(
            election_table.update()
            .where(election_table.c.uuid == uuid)
            .values(version=election_table.c.version + 1, **values)
        )

    async def read_step(self, uuid: str, act: Act, name: str) -> bytes | None:
        value = await self._connection.scalar(
            sa.select(step_table.c.value).where(
                step_table.c.uuid == uuid, step_table.c.act == act, step_table.c.name == name
            )
        )
        return None if value is None else bytes(value)

    async def add_step(self, uuid: str, act: Act, name: str, value: bytes) -> None:
        """Add the value of a step; keeps the one that is there."""
        values = {"uuid": uuid, "act": act, "name": name, "value": value}
        await self._connection.execute(insert(step_table).values(values).on_conflict_do_nothing())

    async def set_step(self, uuid: str, act: Act, name: str, value: bytes) -> None:
        """Set the value of a step, whatever it was."""
        values = {"uuid": uuid, "act": act, "name": name, "value": value}
        await self._connection.execute(
            insert(step_table)
            .values(values)
            .on_conflict_do_update(index_elements=["uuid", "act", "name"], set_={"value": value})
        )

    async def _read_meetings(self, which: sa.ColumnElement[bool]) -> list[MeetingRecord]:
        rows = (await self._connection.execute(sa.select(meeting_table).where(which))).all()
        elections = await self._connection.execute(
            sa.select(election_table.c.meeting_id, election_table.c.uuid)
            .where(election_table.c.meeting_id.in_([row.id for row in rows]))
            .order_by(election_table.c.place)
        )
        uuids: dict[str, list[str]] = {row.id: [] for row in rows}
        for meeting_id, uuid in elections:
            uuids[meeting_id].append(uuid)
        return [_meeting_of(row._mapping, uuids[row.id]) for row in rows]

    async def _read_elections(self, which: sa.ColumnElement[bool]) -> list[ElectionRecord]:
        rows = await self._connection.execute(
            sa.select(election_table, meeting_table.c.council_id, meeting_table.c.presiding)
            .join(meeting_table, meeting_table.c.id == election_table.c.meeting_id)
            .where(which)
            .order_by(election_table.c.place)
        )
        return [_election_of(row._mapping) for row in rows]


def _meeting_of(row: RowMapping, uuids: Sequence[str]) -> MeetingRecord:
    values = dict(row)
    settings = {each.name: values.pop(each.name) for each in fields(MeetingSettings)}
    return MeetingRecord(**values, settings=MeetingSettings(**settings), elections=tuple(uuids))


def _election_of(row: RowMapping) -> ElectionRecord:
    values = dict(row)
    for name in ("method", "place"):
        del values[name]
    values["group"] = values.pop("group_name")
    values["nominations"] = msgspec.convert(row["nominations"], tuple[Nomination, ...])
    values["quorum"] = msgspec.convert(row["quorum"], Quorum)
    values["team"] = None if row["team"] is None else msgspec.convert(row["team"], Team)
    values["cancelled"] = (
        None if row["cancelled"] is None else msgspec.convert(row["cancelled"], Cancellation)
    )
    return ElectionRecord(**values)
