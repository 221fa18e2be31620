"""What other parties may know of a council."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account
from services.council.errors import CouncilNotFoundError
from services.council.login_store import LoginStore
from services.council.model import CouncilRecord, CouncilSummary, Profile
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


async def list_councils(council: CouncilParty, account: Account) -> list[CouncilSummary]:
    """All councils for the secretary, for others their own."""

    async def read(connection: AsyncConnection) -> list[CouncilSummary]:
        return await CouncilStore(connection).list_councils()

    found = await council.database.transact("list councils", read)
    return [each for each in found if account.belongs_to(each.id)]


async def read_profile(council: CouncilParty, account: Account) -> Profile:
    """An account with its council's name and its current key."""
    (profile,) = await _profiles(council, [account])
    return profile


async def list_secretaries(council: CouncilParty) -> list[Profile]:
    """Everybody who may run the console, by name."""

    async def read(connection: AsyncConnection) -> list[Account]:
        return await CouncilStore(connection).read_secretaries()

    return await _profiles(council, await council.database.transact("list secretaries", read))


async def list_auditors(council: CouncilParty, council_id: str) -> list[Profile]:
    """A council's auditors by name. Raises CouncilNotFoundError."""

    async def read(connection: AsyncConnection) -> list[Account] | None:
        store = CouncilStore(connection)
        if await store.read_council_name(council_id) is None:
            return None
        return await store.read_auditors(council_id)

    found = await council.database.transact("list auditors", read)
    if found is None:
        raise CouncilNotFoundError
    return await _profiles(council, found)


async def _profiles(council: CouncilParty, accounts: Sequence[Account]) -> list[Profile]:
    async def read(connection: AsyncConnection) -> list[Profile]:
        store = CouncilStore(connection)
        keys = await LoginStore(connection).read_known_keys(each.id for each in accounts)
        council_ids = {each.council_id for each in accounts if each.council_id is not None}
        names = {each: await store.read_council_name(each) for each in council_ids}
        return [
            Profile(each, names.get(each.council_id or ""), keys.get(each.id)) for each in accounts
        ]

    return await council.database.transact("read profiles", read)


async def read_accounts(council: CouncilParty, council_id: str) -> dict[int, Account]:
    """The accounts of a council's members, by member number."""

    async def read(connection: AsyncConnection) -> dict[int, Account]:
        return await CouncilStore(connection).read_accounts(council_id)

    return await council.database.transact("read accounts", read)
