"""A counting team that goes through the key ceremony in memory, for tests and vectors."""

import dataclasses
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.ballot_encryption import encrypt_ballot
from crypto.ballots import Ballot, parse_ballot
from crypto.belenios_json import dumps
from crypto.ceremony import Ceremony, verify_ceremony
from crypto.decryption import Statement, decrypt_partially
from crypto.elections import Election, parse_election
from crypto.groups import Group, group_by_name
from crypto.proofs import Proof
from crypto.randomness import Randomness, draw_scalar
from crypto.tally import EncryptedTally, encrypt_tally
from crypto.trustee_device import (
    TrusteeState,
    commit,
    make_certificate,
    make_key,
    reveal,
)
from crypto.trustee_verification import election_key
from crypto.trustees import ThresholdTeam
from tests.seeded_randomness import SeededRandomness

UUID = "2MoJPRgWzLnoyF"
CERTIFICATES_ROOT = bytes(range(32))
ELECTION_ROOT = bytes(range(1, 33))
BOARD_ROOT = bytes(range(2, 34))


@dataclass(frozen=True)
class CountingTeam:
    """The trustees' states after the ceremony, and what the log holds of it."""

    group: Group
    states: tuple[TrusteeState, ...]
    ceremony: Ceremony
    team: ThresholdTeam


@dataclass(frozen=True)
class ClosedElection:
    """An election whose ballots are all in, with the counting team that can open the sum."""

    election: Election
    team: CountingTeam
    ballots: tuple[Ballot, ...]
    tally: EncryptedTally

    def statement(self, trustee: int) -> Statement:
        public_key = self.team.team.verification_keys[trustee - 1].public_key
        return Statement(self.election, self.tally, BOARD_ROOT, trustee, public_key)

    def decrypt(self, trustee: int, randomness: Randomness) -> tuple[str, Proof]:
        secret = self.team.states[trustee - 1].decryption_key
        assert secret is not None
        return decrypt_partially(self.statement(trustee), secret, randomness)


def until_committed(
    group: Group, size: int, threshold: int, randomness: Randomness
) -> list[TrusteeState]:
    """Play the ceremony up to and with the commitments."""
    states = [
        make_certificate(group, UUID, index, size, threshold, randomness)
        for index in range(1, size + 1)
    ]
    certificates = [state.certificate for state in states]
    return [commit(state, certificates, CERTIFICATES_ROOT, randomness) for state in states]


def hold_ceremony(group: Group, size: int, threshold: int, randomness: Randomness) -> CountingTeam:
    """Play the whole ceremony."""
    states = until_committed(group, size, threshold, randomness)
    commitments = [state.commitment for state in states]
    revealed = [reveal(state, commitments) for state in states]
    reveals = [each for _, each, _ in revealed]
    states = [
        make_key(state, reveals, [shares[state.index - 1] for _, _, shares in revealed], randomness)
        for state, _, _ in revealed
    ]
    ceremony = Ceremony(
        uuid=UUID,
        threshold=threshold,
        certificates=tuple(state.certificate for state in states),
        certificates_root=CERTIFICATES_ROOT,
        commitments=tuple(commitments),
        reveals=tuple(reveals),
        keys=tuple(state.verification_key for state in states),
    )
    return CountingTeam(group, tuple(states), ceremony, verify_ceremony(group, ceremony))


def election_of(team: CountingTeam, questions: int = 2) -> Election:
    """Make an election of agree/disagree questions under the team's key."""
    key = team.group.element_to_text(election_key(team.group, (team.team,)))
    question = {"answers": ["Đồng ý", "Không đồng ý"], "min": 0, "max": 1}
    value = {
        "version": 1,
        "description": "phieukin/terms/1 " + "0" * 64,
        "name": "Hội đồng Thi đua - Khen thưởng",
        "group": team.group.name,
        "public_key": key,
        "questions": [
            question | {"question": f"{number}. Trường hợp {number}"}
            for number in range(1, questions + 1)
        ],
        "uuid": UUID,
    }
    return parse_election(dumps(value))


def close_election(
    team: CountingTeam, marks: Sequence[Sequence[tuple[int, int]]], randomness: Randomness
) -> ClosedElection:
    """Cast one ballot for each row of marks and close."""
    election = election_of(team, len(marks[0]))
    ballots = tuple(
        parse_ballot(
            election,
            encrypt_ballot(
                election,
                draw_scalar(team.group, randomness),
                row,
                randomness(32),
                draw_scalar(team.group, randomness),
            ),
        )
        for row in marks
    )
    return ClosedElection(election, team, ballots, encrypt_tally(election, ballots))


@functools.cache
def two_of_three(group_name: str) -> CountingTeam:
    """The same team of three each time, any two of whom decrypt."""
    return hold_ceremony(group_by_name(group_name), 3, 2, SeededRandomness("counting team"))


@functools.cache
def closed_election(group_name: str) -> ClosedElection:
    """The same closed election each time: results (2, 1) and (1, 0)."""
    marks = [[(1, 0), (0, 0)], [(1, 0), (1, 0)], [(0, 1), (0, 0)]]
    return close_election(two_of_three(group_name), marks, SeededRandomness("ballots"))


def with_reveal(ceremony: Ceremony, index: int, **change: str) -> Ceremony:
    """Change a part of one trustee's reveal."""
    reveals = list(ceremony.reveals)
    reveals[index - 1] = dataclasses.replace(reveals[index - 1], **change)
    return dataclasses.replace(ceremony, reveals=tuple(reveals))
