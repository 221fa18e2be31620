"""A teller's steps read the exact entries of the log, and believe nothing else."""

from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace

from crypto.errors import CryptoError, ElectionMismatchError, MalformedError, TrusteeError
from crypto.groups import group_by_name
from crypto.merkle import leaf_hash, tree_root
from crypto.trustee_device import TrusteeState, make_certificate
from schemas import entries
from schemas.election_json import election_json
from schemas.entries import EntryError, encode_entry
from schemas.terms import Terms
from services.trustee.steps import (
    ceremony_of,
    read_log,
    take_commitment,
    take_confirmation,
    take_key,
    take_reveal,
)
from tests.fixtures.record_builder import build_record
from tests.fixtures.record_parts import UUID, ceremony
from tests.seeded_randomness import SeededRandomness

Entries = Sequence[entries.Entry]


def lines_of(log: Entries) -> list[bytes]:
    return [encode_entry(entry) for entry in log]


def until(kind: type) -> list[entries.Entry]:
    """The honest log up to the last entry of a type."""
    log = build_record().log
    last = max(place for place, entry in enumerate(log) if isinstance(entry, kind))
    return list(log[: last + 1])


def fresh_device() -> TrusteeState:
    """Trustee 1 as it stood after its certificate: the log's certificate is its own."""
    group, draw = group_by_name("Ed25519"), SeededRandomness("ceremony Ed25519")
    return make_certificate(group, UUID, 1, 3, 2, draw)


def test_whole_ceremony_from_the_log() -> None:
    """Contributions are taken in the order of the trustees, whatever order they came in."""
    honest = until(entries.CeremonyKey)
    keys = honest[-3:]
    log = read_log(lines_of([*honest[:-3], keys[2], keys[0], keys[1]]))
    made = ceremony_of(log, UUID, 2)
    states = ceremony("Ed25519").states
    assert made.certificates == tuple(state.certificate for state in states)
    assert made.keys == tuple(state.verification_key for state in states)
    certificates = until(entries.CeremonyCertificate)
    root = tree_root([leaf_hash(line) for line in lines_of(certificates)])
    assert made.certificates_root == root


@pytest.mark.parametrize("broken", ["missing", "twice", "gap"])
def test_contributions_that_do_not_add_up(broken: str) -> None:
    """A contribution that is missing in the middle or stands twice is noticed."""
    log = until(entries.CeremonyCertificate)
    if broken == "gap":
        log = [log[0], log[2]]
    if broken == "twice":
        log = [*log, log[1]]
    if broken == "missing":
        log = log[:2]
    with pytest.raises(MalformedError):
        take_commitment(fresh_device(), read_log(lines_of(log)), SeededRandomness("c"))


def test_log_without_any_certificate() -> None:
    """There is nothing to commit under yet."""
    with pytest.raises(MalformedError, match="no CeremonyCertificate yet"):
        take_commitment(fresh_device(), read_log([]), SeededRandomness("empty"))


def test_entry_that_is_not_exact() -> None:
    """Entries are read from their exact bytes only."""
    (line, *_) = lines_of(until(entries.CeremonyCertificate))
    with pytest.raises(EntryError):
        read_log([line + b" "])


def test_commitment_repeated_and_never_another() -> None:
    """The same certificates give the same commitment; others get none."""
    honest = until(entries.CeremonyCertificate)
    log = read_log(lines_of(honest))
    state = take_commitment(fresh_device(), log, SeededRandomness("first"))
    assert take_commitment(state, log, SeededRandomness("second")) == state
    swapped = read_log(lines_of([honest[1], honest[0], honest[2]]))
    with pytest.raises(MalformedError, match="other certificates"):
        take_commitment(state, swapped, SeededRandomness("third"))


def test_reveal_before_all_have_committed() -> None:
    """A device reveals nothing while a commitment is missing."""
    state = ceremony("Ed25519").states[0]
    log = until(entries.CeremonyCommitment)
    with pytest.raises(MalformedError):
        take_reveal(state, read_log(lines_of(log[:-1])))
    assert take_reveal(state, read_log(lines_of(log)))[0] == state


def test_others_are_a_phase_ahead() -> None:
    """Whoever is slower takes its step although the last of the next phase was the first."""
    log = until(entries.CeremonyReveal)
    draw = SeededRandomness("slow")
    ahead = read_log(lines_of([*log[:3], log[5]]))
    assert take_commitment(fresh_device(), ahead, draw).commitment
    ahead = read_log(lines_of([*log[:6], log[8]]))
    slow = ceremony("Ed25519").states[0]
    assert take_reveal(slow, ahead)[0] == slow
    ahead = read_log(lines_of([*log, until(entries.CeremonyKey)[-1]]))
    assert take_key(slow, ahead, (), draw) == slow


def test_changed_reveal_of_another_trustee() -> None:
    """Who reveals something else than it committed to is named, and no key is made."""
    honest = until(entries.CeremonyReveal)
    first = take_commitment(
        fresh_device(), read_log(lines_of(honest[:3])), SeededRandomness("reveal")
    )
    mine = entries.CeremonyCommitment(index=1, commitment=first.commitment)
    committed = [*honest[:3], mine, *honest[4:6]]
    first, revealed, shares = take_reveal(first, read_log(lines_of(committed)))
    own = entries.CeremonyReveal(index=1, coefexps=revealed.coefexps, signature=revealed.signature)
    second = honest[7]
    assert isinstance(second, entries.CeremonyReveal)
    other = replace(second, coefexps=revealed.coefexps)
    log = read_log(lines_of([*committed, own, other, honest[8]]))
    with pytest.raises(TrusteeError) as refused:
        take_key(first, log, shares, SeededRandomness("key"))
    assert refused.value.trustee == 2


def test_confirmation_repeated() -> None:
    """Confirming the same election again gives the same bytes."""
    log = read_log(lines_of(until(entries.ElectionEntry)))
    state = take_confirmation(ceremony("Ed25519").states[1], log, SeededRandomness("confirm"))
    assert state.confirmation
    assert take_confirmation(state, log, SeededRandomness("again")) == state


def _other_venue(log: list[entries.Entry]) -> list[entries.Entry]:
    terms = log[-2]
    assert isinstance(terms, Terms)
    changed = replace(terms, meeting=replace(terms.meeting, venue="Hội trường B"))
    return [*log[:-2], changed, log[-1]]


def _rebuilt(change: Callable[[Terms], Terms]) -> Callable[[list[entries.Entry]], Entries]:
    """Other terms with the election that they make: only the device can notice."""

    def rebuild(log: list[entries.Entry]) -> Entries:
        terms, key = log[-2], build_record().election
        assert isinstance(terms, Terms)
        text = election_json(change(terms), key.group.element_to_text(key.public_key))
        return [*log[:-2], change(terms), entries.ElectionEntry(election=text)]

    return rebuild


def _other_threshold(terms: Terms) -> Terms:
    return replace(terms, counting_team=replace(terms.counting_team, trustee_threshold=3))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda log: log[:-1], MalformedError),
        (lambda log: log[:-2], MalformedError),
        (_other_venue, ElectionMismatchError),
        (_rebuilt(_other_threshold), ElectionMismatchError),
        (_rebuilt(lambda terms: replace(terms, ceremony_root="0" * 64)), ElectionMismatchError),
        (_rebuilt(lambda terms: replace(terms, uuid="PhieuKinTest15")), ElectionMismatchError),
        (lambda log: [log[1], log[0], *log[2:]], CryptoError),
    ],
)
def test_election_that_is_not_of_this_ceremony(
    change: Callable[[list[entries.Entry]], Entries], error: type[CryptoError]
) -> None:
    """A device signs phi only for the terms and the ceremony that it saw."""
    log = read_log(lines_of(change(until(entries.ElectionEntry))))
    with pytest.raises(error):
        take_confirmation(ceremony("Ed25519").states[0], log, SeededRandomness("confirm"))
