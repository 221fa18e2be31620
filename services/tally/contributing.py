"""How anything that a trustee sends comes into the log: due, verified, then entered, once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import structlog

from schemas.entries import (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    PartialDecryption,
    TrusteeConfirms,
)
from services.accounts import Account, NotAllowedError
from services.board.errors import BoardMovedError
from services.board.log import append, read_log
from services.board.model import BoardLog
from services.council.reading import read_council
from services.election.model import ElectionRecord, Team
from services.election.reading import read_election_for
from services.tally.errors import ContributionMadeError
from services.tally.party import Tally

Contribution: TypeAlias = (
    CeremonyCertificate
    | CeremonyCommitment
    | CeremonyReveal
    | CeremonyKey
    | TrusteeConfirms
    | PartialDecryption
)
Check: TypeAlias = Callable[[BoardLog], None]
Before: TypeAlias = Callable[[], Awaitable[None]]

# Each lost race means that somebody else's entry came in; there are at most 20 trustees.
MAX_ATTEMPTS: Final = 40
logger = structlog.get_logger()


async def read_as_trustee(
    tally: Tally, account: Account, uuid: str
) -> tuple[ElectionRecord, Team, int]:
    """The election, its counting team and the sender's index in it. Raises NotAllowedError."""
    record, roles = await read_election_for(tally.election, account, uuid)
    if record.team is None or roles.trustee_index is None:
        raise NotAllowedError
    return record, record.team, roles.trustee_index


async def name_of(tally: Tally, record: ElectionRecord, member: int) -> str:
    """The name of a member, to say whose contribution was refused."""
    council = await read_council(tally.election.council, record.council_id)
    return next((each.name for each in council.members if each.no == member), str(member))


async def enter(
    tally: Tally,
    uuid: str,
    entry: Contribution,
    *,
    check_due: Check,
    verify: Check,
    before: Before,
    verify_once: bool = False,
) -> None:
    """
    Enter a contribution; one that stands there already with the same bytes is entered.

    `check_due` sees every state of the log in which it might be entered, and so does `verify`,
    beside the event loop; `verify_once` says that it rests on nothing that others may still enter.
    `before` stores what must be there when the entry is. Raises what they raise, or
    ContributionMadeError.
    """
    verified = False
    for attempt in range(1, MAX_ATTEMPTS + 1):
        log = await read_log(tally.board, uuid)
        mine = [found for found in log.all_of(type(entry)) if found.index == entry.index]
        if mine:
            if mine != [entry]:
                raise ContributionMadeError
            return
        check_due(log)
        if not verified:
            await asyncio.to_thread(verify, log)
            verified = verify_once
        await before()
        try:
            await append(tally.board, uuid, log.head.size, [entry])
        except BoardMovedError:
            if attempt == MAX_ATTEMPTS:
                raise
        else:
            step = str(entry.__struct_config__.tag)
            logger.info("tally.entered", election=uuid, trustee=entry.index, step=step)
            return
    raise AssertionError("unreachable")


async def nothing_before() -> None:
    """For contributions with nothing beside the entry to store."""
