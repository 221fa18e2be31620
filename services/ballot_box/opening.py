"""A box before anything is cast into it: its key, its terms, the start (protocol.md §5, §11)."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.blind_tokens import parse_token_key
from crypto.casting import casting_length
from crypto.checkpoints import NoteSigner
from crypto.elections import parse_election
from crypto.errors import CryptoError
from services.ballot_box.errors import BoxNotFoundError, BoxStateError, BoxTermsError
from services.ballot_box.model import BOX_KEY_SEED_BYTES, BoxTerms, OpenedBox
from services.ballot_box.party import BallotBox
from services.ballot_box.store import BallotBoxStore

MAX_CACHED_BOXES: Final = 64


async def create_box_key(box: BallotBox, uuid: str) -> str:
    """
    The key by which the box will sign its promises, in vkey form (C2SP signed-note).

    Named `<log origin>/<uuid>/box` (protocol.md §11 "Notes"). Stored before it is returned; again
    gives the same key.
    """
    drawn = box.randomness(BOX_KEY_SEED_BYTES)

    async def work(connection: AsyncConnection) -> bytes:
        store = BallotBoxStore(connection)
        await store.add_box_key(uuid, drawn)
        seed = await store.read_box_key(uuid)
        if seed is None:
            raise AssertionError("box keys are never removed")
        return seed

    seed = await box.database.transact("create box key", work)
    return _signer(box, uuid, seed).key.to_text()


async def open_box(box: BallotBox, terms: BoxTerms) -> None:
    """
    Fix what the box accepts ballots for; it accepts none before `start_casting`.

    Raises BoxTermsError: opened on other terms, the election is not that of uuid and phi, a token
    key is not of the profile, or there is no box key.
    """

    async def work(connection: AsyncConnection) -> tuple[BoxTerms | None, bytes | None]:
        store = BallotBoxStore(connection)
        seed = await store.read_box_key(terms.uuid)
        if seed is not None:
            _read(terms, _signer(box, terms.uuid, seed))
            await store.add_box(terms)
        return await store.read_terms(terms.uuid), seed

    stored, seed = await box.database.transact("open box", work)
    if seed is None or stored != terms:
        raise BoxTermsError


async def start_casting(box: BallotBox, uuid: str) -> None:
    """Accept ballots from now on. Raises BoxNotFoundError, BoxStateError once it was closed."""

    async def work(connection: AsyncConnection) -> None:
        store = BallotBoxStore(connection)
        state = await store.read_state(uuid)
        if state is None:
            raise BoxNotFoundError
        if state not in ("prepared", "casting"):
            raise BoxStateError(state=state)
        if state == "prepared":
            await store.set_state(uuid, "casting")

    await box.database.transact("start casting", work)


async def read_opened(box: BallotBox, uuid: str) -> OpenedBox:
    """A box's terms, read and checked; from the cache after the first time, as they never change.

    Raises BoxNotFoundError.
    """
    if (cached := box.opened.get(uuid)) is not None:
        return cached

    async def work(connection: AsyncConnection) -> tuple[BoxTerms | None, bytes | None]:
        store = BallotBoxStore(connection)
        return await store.read_terms(uuid), await store.read_box_key(uuid)

    terms, seed = await box.database.transact("read box", work)
    if terms is None or seed is None:
        raise BoxNotFoundError
    opened = await box.verify_aside(lambda: _read(terms, _signer(box, uuid, seed)))
    while len(box.opened) >= MAX_CACHED_BOXES:
        box.opened.pop(next(iter(box.opened)))
    box.opened[uuid] = opened
    return opened


async def length_of_casting(box: BallotBox, uuid: str) -> int:
    """Λ: the one length in bytes of all casting requests of the election (protocol.md §11)."""
    return (await read_opened(box, uuid)).length


def _signer(box: BallotBox, uuid: str, seed: bytes) -> NoteSigner:
    return NoteSigner(f"{box.settings.log_origin}/{uuid}/box", seed)


def _read(terms: BoxTerms, signer: NoteSigner) -> OpenedBox:
    try:
        election = parse_election(terms.election_text)
        token_keys = tuple(parse_token_key(spki) for spki in terms.token_keys)
        length = casting_length(election, len(token_keys))
    except CryptoError:
        raise BoxTermsError from None
    if not token_keys or (election.uuid, election.fingerprint) != (terms.uuid, terms.phi):
        raise BoxTermsError
    return OpenedBox(terms, election, token_keys, length, signer)
