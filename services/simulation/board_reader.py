"""What a phone downloads before it takes a ballot, and what it checks of it."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from crypto.ceremony import verify_ceremony
from crypto.elections import Election, parse_election
from crypto.errors import CryptoError
from crypto.groups import group_by_name
from crypto.merkle import leaf_hash, tree_root
from crypto.trustee_verification import election_key
from schemas import canonical
from schemas.election_json import DESCRIPTION_PREFIX, election_json, terms_hash
from schemas.entries import (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    ElectionEntry,
    EntryError,
)
from schemas.roster import Roster
from schemas.terms import Terms
from services.simulation.http_client import ApiClient
from services.trustee.steps import LogView, ceremony_of, read_log

MAX_ROSTER_BYTES = 1 << 20
# In the order of the log: nobody reveals before all have committed.
PHASES = (CeremonyCertificate, CeremonyCommitment, CeremonyReveal, CeremonyKey)


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
    Download entries and roster; check the election by `check_election`; open the commitment.

    Raises PublicationError.
    """
    entries = await read_entries(api, uuid)
    terms, election = await asyncio.to_thread(check_election, uuid, entries)
    roster_bytes = await api.get_bytes(f"/elections/{uuid}/board/roster")
    if hashlib.sha256(roster_bytes).hexdigest() != terms.roster_commitment:
        raise PublicationError("the roster is not the one that the terms commit to")
    roster = msgspec.convert(canonical.decode(roster_bytes, MAX_ROSTER_BYTES), Roster)
    return PublishedElection(terms, election, roster, entries)


def check_election(uuid: str, entries: Sequence[bytes]) -> tuple[Terms, Election]:
    """
    Rebuild `election.json` byte for byte from terms and ceremony (protocol.md §1; V4, V5).

    The election key is the one that the verified ceremony makes: a service that put a key of its
    own there could open every ballot. Raises PublicationError.
    """
    try:
        log = read_log(entries)
        terms = next((entry for entry in log.entries if isinstance(entry, Terms)), None)
        published = next((entry for entry in log.entries if isinstance(entry, ElectionEntry)), None)
        if terms is None or published is None:
            raise PublicationError("the terms or the election are missing")
        election = parse_election(published.election)
        key = _key_of_ceremony(log, terms)
    except (CryptoError, EntryError) as error:
        raise PublicationError(str(error)) from error
    if terms.uuid != uuid or election_json(terms, key) != published.election:
        raise PublicationError("the election is not what terms and ceremony make")
    if election.description != DESCRIPTION_PREFIX + terms_hash(terms):
        raise PublicationError("the election names other terms")
    return terms, election


def _key_of_ceremony(log: LogView, terms: Terms) -> str:
    """The election key that the ceremony of the terms makes, all of it verified."""
    size, team = terms.ceremony_size, terms.counting_team
    due = [*(phase for phase in PHASES for _ in team.trustees), Terms, ElectionEntry]
    if [type(entry) for entry in log.entries[: size + 2]] != due:
        raise PublicationError("the log does not begin with the ceremony of the terms")
    if tree_root([leaf_hash(line) for line in log.lines[:size]]).hex() != terms.ceremony_root:
        raise PublicationError("the terms bind another ceremony")
    ceremony = ceremony_of(log, terms.uuid, team.trustee_threshold)
    made = [
        (index, hashlib.sha256(certificate.encode()).hexdigest())
        for index, certificate in enumerate(ceremony.certificates, 1)
    ]
    if [(each.index, each.certificate) for each in team.trustees] != made:
        raise PublicationError("the terms name other certificates than the ceremony's")
    group = group_by_name(terms.group)
    return group.element_to_text(election_key(group, (verify_ceremony(group, ceremony),)))
