"""What a phone downloads before it takes a ballot, and what it checks of it."""

import hashlib
from dataclasses import dataclass

import msgspec

from crypto.elections import Election, parse_election
from schemas import canonical
from schemas.election_json import DESCRIPTION_PREFIX, election_json, terms_hash
from schemas.entries import ElectionEntry, decode_entry
from schemas.roster import Roster
from schemas.terms import Terms
from services.simulation.http_client import ApiClient

MAX_ROSTER_BYTES = 1 << 20


class PublicationError(Exception):
    """What the service published does not fit together; the phone goes no further."""


@dataclass(frozen=True)
class PublishedElection:
    """Terms, election and roster that belong together."""

    terms: Terms
    election: Election
    roster: Roster
    entries: tuple[bytes, ...]


async def read_entries(api: ApiClient, uuid: str) -> tuple[bytes, ...]:
    """The entries that this person may see now, their exact bytes."""
    data = await api.get_bytes(f"/elections/{uuid}/board/entries")
    return tuple(data.split(b"\n")[:-1])


async def read_published_election(api: ApiClient, uuid: str) -> PublishedElection:
    """
    Download entries and roster; rebuild `election.json` from the terms; open the commitment.

    Raises PublicationError.
    """
    entries = await read_entries(api, uuid)
    decoded = [decode_entry(entry) for entry in entries]
    terms = next((entry for entry in decoded if isinstance(entry, Terms)), None)
    published = next((entry for entry in decoded if isinstance(entry, ElectionEntry)), None)
    if terms is None or published is None:
        raise PublicationError("the terms or the election are missing")
    election = parse_election(published.election)
    key = election.group.element_to_text(election.public_key)
    if terms.uuid != uuid or election_json(terms, key) != published.election:
        raise PublicationError("the election is not what the terms say")
    if election.description != DESCRIPTION_PREFIX + terms_hash(terms):
        raise PublicationError("the election names other terms")
    roster_bytes = await api.get_bytes(f"/elections/{uuid}/board/roster")
    if hashlib.sha256(roster_bytes).hexdigest() != terms.roster_commitment:
        raise PublicationError("the roster is not the one that the terms commit to")
    roster = msgspec.convert(canonical.decode(roster_bytes, MAX_ROSTER_BYTES), Roster)
    return PublishedElection(terms, election, roster, entries)
