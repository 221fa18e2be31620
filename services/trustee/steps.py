"""A trustee's steps as its own device takes them, from the exact entries of the log.

protocol.md §3, §11. What is computed is in `crypto.trustee_device`; here the log's entries are put
together for it. Nothing that a service said beside the log is believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from crypto.ceremony import Ceremony, Reveal
from crypto.elections import parse_election
from crypto.errors import ElectionMismatchError, MalformedError
from crypto.merkle import leaf_hash, tree_root
from crypto.randomness import Randomness
from crypto.trustee_device import TrusteeState, commit, confirm, make_key, reveal
from schemas.election_json import election_json
from schemas.entries import (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    ElectionEntry,
    Entry,
    decode_entry,
)
from schemas.terms import Terms

_Contribution = TypeVar(
    "_Contribution", CeremonyCertificate, CeremonyCommitment, CeremonyReveal, CeremonyKey
)


@dataclass(frozen=True)
class LogView:
    """Entries from the first one on, with their exact bytes."""

    lines: tuple[bytes, ...]
    entries: tuple[Entry, ...]

    def root_after(self, kind: type) -> bytes:
        """T of the entries up to the last one of a type. Raises MalformedError for none."""
        positions = [
            position for position, entry in enumerate(self.entries) if isinstance(entry, kind)
        ]
        if not positions:
            raise MalformedError(f"the log holds no {kind.__name__} yet")
        return tree_root([leaf_hash(line) for line in self.lines[: positions[-1] + 1]])

    def by_trustee(self, kind: type[_Contribution]) -> list[_Contribution]:
        """Contributions of a type in the order of the trustees. Raises MalformedError."""
        found = sorted(
            (entry for entry in self.entries if isinstance(entry, kind)),
            key=lambda entry: entry.index,
        )
        if [entry.index for entry in found] != list(range(1, len(found) + 1)):
            raise MalformedError(f"a {kind.__name__} is missing or stands twice")
        return found


def read_log(lines: Sequence[bytes]) -> LogView:
    """Read entries from their exact bytes. Raises EntryError."""
    return LogView(tuple(lines), tuple(decode_entry(line) for line in lines))


def ceremony_of(log: LogView, uuid: str, threshold: int) -> Ceremony:
    """The whole ceremony as the log holds it; nothing of it is verified here."""
    return Ceremony(
        uuid=uuid,
        threshold=threshold,
        certificates=_certificates(log),
        certificates_root=log.root_after(CeremonyCertificate),
        commitments=_commitments(log),
        reveals=_reveals(log),
        keys=tuple(each.verification_key for each in log.by_trustee(CeremonyKey)),
    )


def take_commitment(state: TrusteeState, log: LogView, randomness: Randomness) -> TrusteeState:
    """Commit, once all certificates are on the log; the commitment to post is in the state."""
    root = log.root_after(CeremonyCertificate)
    return commit(state, _certificates(log), root, randomness)


def take_reveal(state: TrusteeState, log: LogView) -> tuple[TrusteeState, Reveal, tuple[str, ...]]:
    """Reveal, once all commitments are on the log; also one sealed share a trustee."""
    return reveal(state, _commitments(log))


def take_key(
    state: TrusteeState, log: LogView, sealed_shares: Sequence[str], randomness: Randomness
) -> TrusteeState:
    """Add up this trustee's key, once all have revealed; the key to post is in the state."""
    return make_key(state, _reveals(log), sealed_shares, randomness)


def take_confirmation(state: TrusteeState, log: LogView, randomness: Randomness) -> TrusteeState:
    """
    Sign phi, once `election` is on the log and is what terms and ceremony make (protocol.md §3).

    The confirmation to post is in the state. Raises MalformedError, TrusteeError or
    ElectionMismatchError.
    """
    terms = next((entry for entry in log.entries if isinstance(entry, Terms)), None)
    entry = next((entry for entry in log.entries if isinstance(entry, ElectionEntry)), None)
    if terms is None or entry is None:
        raise MalformedError("the log holds no election yet")
    election = parse_election(entry.election)
    key = election.group.element_to_text(election.public_key)
    ceremony = ceremony_of(log, state.uuid, state.threshold)
    if election_json(terms, key) != entry.election:
        raise ElectionMismatchError("the election is not what the terms say")
    if terms.counting_team.trustee_threshold != state.threshold:
        raise ElectionMismatchError("the terms name another threshold")
    if terms.ceremony_root != log.root_after(CeremonyKey).hex():
        raise ElectionMismatchError("the terms are bound to another ceremony")
    return confirm(state, ceremony, election, log.root_after(ElectionEntry), randomness)


# A step looks at the phase that it needs: of the next one only some may stand there, in any order.


def _certificates(log: LogView) -> tuple[str, ...]:
    return tuple(each.certificate for each in log.by_trustee(CeremonyCertificate))


def _commitments(log: LogView) -> tuple[str, ...]:
    return tuple(each.commitment for each in log.by_trustee(CeremonyCommitment))


def _reveals(log: LogView) -> tuple[Reveal, ...]:
    found = log.by_trustee(CeremonyReveal)
    return tuple(Reveal(each.coefexps, each.signature) for each in found)
