"""Setting up a council and its roster."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.roster import RosterMember
from schemas.terms import Council
from services.accounts import Account
from services.council.errors import CouncilNotFoundError, MemberNumbersError, NameNotCanonicalError
from services.council.login_store import LoginStore
from services.council.model import CouncilRecord
from services.council.party import CouncilParty
from services.council.reading import read_council
from services.council.store import CouncilStore

ID_BYTES = 16


async def found_council(party: CouncilParty, council: Council) -> CouncilRecord:
    """Store a council without members yet (protocol.md §1 "terms")."""
    council_id = party.randomness(ID_BYTES).hex()

    async def add(connection: AsyncConnection) -> None:
        await CouncilStore(connection).add_council(council_id, council)

    await party.database.transact("found council", add)
    return CouncilRecord(council_id, council, ())


async def put_members(
    party: CouncilParty, council_id: str, members: Sequence[RosterMember]
) -> CouncilRecord:
    """
    Replace the roster: who is not listed leaves, and their device, invitation and logins end.

    A number with another name is another person, who must be invited anew: nobody inherits a
    device. Elections whose ballots are being issued have their own fixed roster.
    Raises CouncilNotFoundError, MemberNumbersError, NameNotCanonicalError.
    """
    _check_numbers(members)
    # Whatever else the record could not hold is refused when ballots are issued; PostgreSQL could
    # not even store this character.
    if any("\0" in each.name + each.position + each.council_role for each in members):
        raise NameNotCanonicalError
    new_ids = {member.no: party.randomness(ID_BYTES).hex() for member in members}

    async def put(connection: AsyncConnection) -> None:
        store = CouncilStore(connection)
        if await store.read_council_name(council_id) is None:
            raise CouncilNotFoundError
        known = await store.read_accounts(council_id)
        names = {member.no: member.name for member in members}
        for no, account in known.items():
            if names.get(no) != account.name:
                await _end_account(store, LoginStore(connection), council_id, account)
        for member in members:
            same = known.get(member.no)
            if same is not None and same.name == member.name:
                await store.put_member(council_id, member, same.id)
                continue
            account = Account(
                id=new_ids[member.no],
                name=member.name,
                roles=frozenset({"member"}),
                council_id=council_id,
                member=member.no,
            )
            await store.put_account(account, "member")
            await store.put_member(council_id, member, account.id)

    await party.database.transact("put members", put)
    return await read_council(party, council_id)


async def _end_account(
    store: CouncilStore, logins: LoginStore, council_id: str, account: Account
) -> None:
    """Keep the account's row, since its key may stand in a record, but let nobody in by it."""
    if account.member is not None:
        await store.remove_member(council_id, account.member)
    await logins.retire_keys(account.id)
    await logins.remove_invitation(account.id)
    former = Account(account.id, account.name, frozenset(), council_id, None)
    await store.put_account(former, "former")


def _check_numbers(members: Sequence[RosterMember]) -> None:
    numbers: set[int] = set()
    for member in members:
        if member.no in numbers:
            raise MemberNumbersError(no=member.no)
        numbers.add(member.no)
