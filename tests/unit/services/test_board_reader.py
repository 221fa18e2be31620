"""What a simulated phone refuses of a published election."""

import msgspec
import pytest

from crypto.groups import group_by_name
from crypto.trustee_verification import election_key
from schemas.election_json import election_json
from schemas.entries import CeremonyKey, CeremonyReveal, ElectionEntry, Entry, encode_entry
from services.simulation.board_reader import PublicationError, check_election
from tests.fixtures.record_parts import UUID, ceremony, make_terms, team_of

GROUP = "Ed25519"


def published(made: tuple[Entry, ...], key: str) -> list[bytes]:
    terms = make_terms(GROUP, made)
    election = ElectionEntry(election=election_json(terms, key))
    return [encode_entry(entry) for entry in (*made, terms, election)]


def key_of_team() -> str:
    group = group_by_name(GROUP)
    return group.element_to_text(election_key(group, (team_of(GROUP),)))


def test_an_election_is_what_terms_and_ceremony_make() -> None:
    _, election = check_election(UUID, published(ceremony(GROUP).entries, key_of_team()))
    assert election.group.element_to_text(election.public_key) == key_of_team()


def test_a_key_that_the_counting_team_has_not_made_is_refused() -> None:
    group = group_by_name(GROUP)
    key_of_the_service = group.element_to_text(group.power_of_generator(6210279))
    with pytest.raises(PublicationError, match="not what terms and ceremony make"):
        check_election(UUID, published(ceremony(GROUP).entries, key_of_the_service))


def test_terms_of_another_ceremony_are_refused() -> None:
    entries = published(ceremony(GROUP).entries, key_of_team())
    with pytest.raises(PublicationError, match="begin with the ceremony"):
        check_election(UUID, entries[1:])


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (CeremonyReveal, "does not open the commitment"),
        (CeremonyKey, "does not follow from the commitments"),
    ],
)
def test_a_contribution_of_another_trustee_is_refused(kind: type, why: str) -> None:
    made = list(ceremony(GROUP).entries)
    first, second = [place for place, entry in enumerate(made) if isinstance(entry, kind)][:2]
    made[second] = msgspec.structs.replace(made[first], index=2)
    with pytest.raises(PublicationError, match=why):
        check_election(UUID, published(tuple(made), key_of_team()))
