"""What other parties may know of a council."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account
from services.council.errors import CouncilNotFoundError
from services.council.login_store import LoginStore
from services.council.model import CouncilRecord
from services.council.party import CouncilParty
from services.council.store import CouncilStore

__all__ = ["CouncilRecord", "read_accounts", "read_council"]


async def read_council(council: CouncilParty, council_id: str) -> CouncilRecord:
    """A council and its members with their current device keys. Raises CouncilNotFoundError."""

    async def read(connection: AsyncConnection) -> CouncilRecord | None:
        keys = await LoginStore(connection).read_keys(council_id)
        return await CouncilStore(connection).read_council(council_id, keys)

    found = await council.database.transact("read council", read)
    if found is None:
        raise CouncilNotFoundError
    return found


async def read_accounts(council: CouncilParty, council_id: str) -> dict[int, Account]:
    """The accounts of a council's members, by member number."""

    async def read(connection: AsyncConnection) -> dict[int, Account]:
        return await CouncilStore(connection).read_accounts(council_id)

    return await council.database.transact("read accounts", read)
