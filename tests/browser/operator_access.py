"""What an operator can do who owns the database, beside or against what the service would do."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.database_setup import DATABASE
from services.embedded_postgres import SUPERUSER, EmbeddedPostgres
from services.service_state import CLUSTER_FOLDER, PASSWORD_FILE
from services.simulation.service_process import RunningService

EXPIRE_INVITATIONS: Final = """
UPDATE council.invitation SET expires_at = now() - interval '1 hour' WHERE account_id IN
  (SELECT id FROM council.account WHERE council_id = :council AND member = :member)"""
DROP_BALLOT: Final = "DELETE FROM ballot_box.ballot WHERE uuid = :uuid"


@dataclass(frozen=True)
class Operator:
    """The database of a running service, past all its roles."""

    service: RunningService

    async def expire_invitation(self, council_id: str, member: int) -> None:
        await self._change(EXPIRE_INVITATIONS, council=council_id, member=member)

    async def drop_only_ballot(self, uuid: str) -> None:
        """Take the one ballot that is there out of the box, after its promise was given."""
        await self._change(DROP_BALLOT, uuid=uuid)

    async def _change(self, statement: str, **values: object) -> None:
        folder = self.service.state_dir
        password = (folder / PASSWORD_FILE).read_text()
        cluster = EmbeddedPostgres(folder / CLUSTER_FOLDER, password)
        engine = create_async_engine(cluster.url(SUPERUSER, password, DATABASE), poolclass=NullPool)
        try:
            async with engine.begin() as connection:
                done = await connection.execute(sa.text(statement), values)
                assert done.rowcount == 1
        finally:
            await engine.dispose()
