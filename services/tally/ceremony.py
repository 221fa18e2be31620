"""The trustees make the election key together: every step is verified, then entered (§3)."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.errors import CryptoError
from schemas.api_tally import CeremonyTrustee, CeremonyView, RevealBody
from schemas.entries import (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    ElectionEntry,
    TrusteeConfirms,
)
from services.accounts import Account
from services.board.log import read_log
from services.board.model import BoardLog, prepare
from services.council.reading import read_council
from services.election.life import check_state
from services.election.model import ElectionRecord, State, Team
from services.election.reading import read_election_for
from services.tally.contributing import (
    Before,
    Check,
    Contribution,
    enter,
    name_of,
    nothing_before,
    read_as_trustee,
)
from services.tally.errors import (
    CeremonyStepNotDueError,
    ContributionInvalidError,
    SealedSharesErasedError,
)
from services.tally.party import Tally
from services.tally.store import TallyStore
from services.tally.verification import (
    verify_certificate,
    verify_commitment,
    verify_confirmation,
    verify_key,
    verify_reveal,
)

CEREMONY_ENTRIES: Final = (CeremonyCertificate, CeremonyCommitment, CeremonyReveal, CeremonyKey)
_STEP_BEFORE: Final[dict[type[Contribution], type[Contribution]]] = {
    CeremonyCommitment: CeremonyCertificate,
    CeremonyReveal: CeremonyCommitment,
    CeremonyKey: CeremonyReveal,
}


async def submit_certificate(tally: Tally, account: Account, uuid: str, certificate: str) -> None:
    """
    Enter the trustee's public keys with their context (belenios-format §5.3 step 1).

    The same again changes nothing. Raises NotAllowedError, WrongStateError,
    ContributionInvalidError, ContributionMadeError; so do all steps.
    """
    record, team, index = await read_as_trustee(tally, account, uuid)
    entry = CeremonyCertificate(index=index, certificate=certificate)
    await _enter(
        tally, record, team, entry, lambda log: verify_certificate(log, record, team, entry)
    )


async def submit_commitment(tally: Tally, account: Account, uuid: str, commitment: str) -> None:
    """Enter the hash of the coefficients' commitments, before any is revealed (protocol.md §11)."""
    record, team, index = await read_as_trustee(tally, account, uuid)
    entry = CeremonyCommitment(index=index, commitment=commitment)
    await _enter(tally, record, team, entry, lambda log: verify_commitment(log, entry))


async def submit_reveal(tally: Tally, account: Account, uuid: str, reveal: RevealBody) -> None:
    """Enter the coefficients' commitments; keep the sealed shares for their recipients."""
    record, team, index = await read_as_trustee(tally, account, uuid)
    entry = CeremonyReveal(index=index, coefexps=reveal.coefexps, signature=reveal.signature)

    async def keep_shares() -> None:
        # Before the entry is there: once it is, the others may ask for their shares.
        await _keep_shares(tally, uuid, entry, reveal.sealed_shares)

    await _enter(
        tally,
        record,
        team,
        entry,
        lambda log: verify_reveal(log, record, team, entry, reveal.sealed_shares),
        keep_shares,
    )


async def submit_key(tally: Tally, account: Account, uuid: str, verification_key: str) -> None:
    """Enter the trustee's verification key; it must be what the coefficients say."""
    record, team, index = await read_as_trustee(tally, account, uuid)
    entry = CeremonyKey(index=index, verification_key=verification_key)
    await _enter(tally, record, team, entry, lambda log: verify_key(log, record, team, entry))


async def submit_confirmation(tally: Tally, account: Account, uuid: str, confirmation: str) -> None:
    """
    Enter the trustee's word that the election on the log is made of what it saw (protocol.md §3).

    When all have confirmed, the sealed shares are erased.
    """
    record, team, index = await read_as_trustee(tally, account, uuid)
    entry = TrusteeConfirms(index=index, confirmation=confirmation)
    await _enter(tally, record, team, entry, lambda log: verify_confirmation(log, record, entry))
    log = await read_log(tally.board, uuid, with_ballots=False)
    if len(log.all_of(TrusteeConfirms)) == len(team.members):
        await erase_sealed_shares(tally, uuid)


async def read_sealed_shares(tally: Tally, account: Account, uuid: str) -> tuple[str, ...]:
    """The shares sealed for the one who asks, by sender, once all have revealed."""
    _, team, index = await read_as_trustee(tally, account, uuid)
    log = await read_log(tally.board, uuid, with_ballots=False)
    _check_step(log, CeremonyReveal, len(team.members))
    reveals = sorted(log.all_of(CeremonyReveal), key=lambda reveal: reveal.index)

    async def work(connection: AsyncConnection) -> list[list[str]]:
        store = TallyStore(connection)
        return [await store.shares_of(uuid, prepare(reveal).leaf) for reveal in reveals]

    shares = await tally.database.transact("read sealed shares", work)
    if not all(shares):
        raise SealedSharesErasedError
    return tuple(sent[index - 1] for sent in shares)


async def read_ceremony(tally: Tally, account: Account, uuid: str) -> CeremonyView:
    """How far the ceremony is, with its entries on the log, for who belongs to the election."""
    record, _ = await read_election_for(tally.election, account, uuid)
    if record.team is None:
        raise CeremonyStepNotDueError(done=0, trustees=0)
    log = await read_log(tally.board, uuid, with_ballots=False)
    council = await read_council(tally.election.council, record.council_id)
    names = {member.no: member.name for member in council.members}
    return CeremonyView(
        trustee_threshold=record.team.trustee_threshold,
        trustees=tuple(
            CeremonyTrustee(
                index=index,
                member=member,
                name=names[member],
                certificate=_has(log, CeremonyCertificate, index),
                commitment=_has(log, CeremonyCommitment, index),
                reveal=_has(log, CeremonyReveal, index),
                key=_has(log, CeremonyKey, index),
                confirmation=_has(log, TrusteeConfirms, index),
            )
            for index, member in enumerate(record.team.members, start=1)
        ),
        entries=tuple(
            data.decode()
            for entry, data in zip(log.entries, log.raw, strict=True)
            if isinstance(entry, CEREMONY_ENTRIES)
        ),
    )


async def erase_sealed_shares(tally: Tally, uuid: str) -> None:
    """Nobody needs them any more: all have confirmed, or the election is cancelled."""

    async def work(connection: AsyncConnection) -> None:
        await TallyStore(connection).erase_sealed_shares(uuid)

    await tally.database.transact("erase sealed shares", work)


async def _enter(
    tally: Tally,
    record: ElectionRecord,
    team: Team,
    entry: Contribution,
    verify: Check,
    before: Before = nothing_before,
) -> None:
    state: State = "issuing" if isinstance(entry, TrusteeConfirms) else "ceremony"

    def check_due(log: BoardLog) -> None:
        check_state(record, {state})
        if isinstance(entry, TrusteeConfirms):
            if log.first_of(ElectionEntry) is None:
                raise CeremonyStepNotDueError(done=0, trustees=len(team.members))
        elif (step := _STEP_BEFORE.get(type(entry))) is not None:
            _check_step(log, step, len(team.members))

    try:
        # What the others enter meanwhile may be the same keys: verified at every attempt.
        await enter(tally, record.uuid, entry, check_due=check_due, verify=verify, before=before)
    except CryptoError as error:
        name = await name_of(tally, record, team.members[entry.index - 1])
        raise ContributionInvalidError(trustee=entry.index, name=name) from error


async def _keep_shares(
    tally: Tally, uuid: str, entry: CeremonyReveal, shares: Sequence[str]
) -> None:
    leaf = prepare(entry).leaf

    async def work(connection: AsyncConnection) -> None:
        await TallyStore(connection).add_sealed_shares(uuid, leaf, shares)

    await tally.database.transact("keep sealed shares", work)


def _check_step(log: BoardLog, step: type[Contribution], trustees: int) -> None:
    done = len(log.all_of(step))
    if done < trustees:
        raise CeremonyStepNotDueError(done=done, trustees=trustees)


def _has(log: BoardLog, step: type[Contribution], index: int) -> bool:
    return any(found.index == index for found in log.all_of(step))
