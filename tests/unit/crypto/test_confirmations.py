"""Confirmations: a trustee signs the election that it made a key for, once."""

import dataclasses
import json

import pytest

from crypto.belenios_json import dumps
from crypto.ceremony import Ceremony, verify_confirmation
from crypto.errors import ElectionMismatchError, MalformedError, TrusteeError
from crypto.groups import GROUPS
from crypto.randomness import Randomness
from crypto.trustee_device import (
    confirm,
)
from tests.counting_team import (
    ELECTION_ROOT,
    CountingTeam,
    election_of,
    hold_ceremony,
    two_of_three,
)
from tests.seeded_randomness import SeededRandomness

ED25519 = GROUPS["Ed25519"]


def _random() -> Randomness:
    return SeededRandomness("another stream")


def _team() -> CountingTeam:
    return two_of_three("Ed25519")


def test_confirmation() -> None:
    """Each trustee confirms phi and the log that it saw; anybody can check it."""
    team, election = _team(), election_of(_team())
    for state in team.states:
        after = confirm(state, team.ceremony, election, ELECTION_ROOT, _random())
        again = confirm(after, team.ceremony, election, ELECTION_ROOT, SeededRandomness("x"))
        assert again is after
        arguments = ED25519, team.team.certificates[state.index - 1], state.index
        verify_confirmation(*arguments, election.fingerprint, ELECTION_ROOT, after.confirmation)
        for phi, root in (("A" * 43, ELECTION_ROOT), (election.fingerprint, bytes(32))):
            with pytest.raises(TrusteeError) as caught:
                verify_confirmation(*arguments, phi, root, after.confirmation)
            assert caught.value.trustee == state.index
        other = team.team.certificates[state.index % 3]
        with pytest.raises(TrusteeError):
            verify_confirmation(
                *(ED25519, other, state.index, election.fingerprint),
                *(ELECTION_ROOT, after.confirmation),
            )


def test_second_confirmation() -> None:
    """A device confirms one election."""
    team, election = _team(), election_of(_team())
    after = confirm(team.states[0], team.ceremony, election, ELECTION_ROOT, _random())
    with pytest.raises(MalformedError, match="confirmed"):
        confirm(after, team.ceremony, election_of(team, 3), ELECTION_ROOT, _random())


def test_confirmation_of_a_log_that_shows_something_else() -> None:
    """Whatever differs from what the device saw keeps it from confirming."""
    team, election = _team(), election_of(_team())
    ceremony = team.ceremony
    for other in (
        dataclasses.replace(ceremony, certificates=ceremony.certificates[::-1]),
        dataclasses.replace(ceremony, certificates_root=bytes(32)),
        dataclasses.replace(ceremony, commitments=ceremony.commitments[::-1]),
        dataclasses.replace(ceremony, reveals=ceremony.reveals[::-1]),
        dataclasses.replace(ceremony, keys=ceremony.keys[::-1]),
        dataclasses.replace(ceremony, uuid="3MoJPRgWzLnoyF"),
        dataclasses.replace(ceremony, threshold=3),
    ):
        with pytest.raises(MalformedError):
            confirm(team.states[0], other, election, ELECTION_ROOT, _random())


def test_confirmation_of_another_election() -> None:
    """Group, uuid and election key are those of the ceremony."""
    team = _team()
    other_key = hold_ceremony(ED25519, 3, 2, SeededRandomness("others"))
    other_uuid = dataclasses.replace(election_of(team), uuid="3MoJPRgWzLnoyF")
    other_group = election_of(two_of_three("BELENIOS-2048"))
    for election in (election_of(other_key), other_uuid, other_group):
        with pytest.raises(ElectionMismatchError):
            confirm(team.states[0], team.ceremony, election, ELECTION_ROOT, _random())


def _with_false_second_key() -> Ceremony:
    """The second trustee's key under a proof of knowledge that does not hold."""
    ceremony = _team().ceremony
    key = json.loads(ceremony.keys[1]) | {"pok": {"challenge": "1", "response": "1"}}
    return dataclasses.replace(ceremony, keys=(ceremony.keys[0], dumps(key), ceremony.keys[2]))


def test_confirmation_of_a_log_with_another_trustee_replaced() -> None:
    """The device also checks what it had not seen when it made its key: the others' keys."""
    with pytest.raises(TrusteeError) as caught:
        confirm(
            *(_team().states[0], _with_false_second_key(), election_of(_team())),
            *(ELECTION_ROOT, _random()),
        )
    assert caught.value.trustee == 2
