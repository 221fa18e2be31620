"""Casting: one token, one ballot, one promise (protocol.md §5)."""

import hashlib
from dataclasses import replace

import pytest

from crypto.casting import casting_length
from crypto.checkpoints import parse_note_key, verify_promise
from services.ballot_box.casting import cast_ballot
from services.ballot_box.closing import close_box, empty_box, returned_ballots
from services.ballot_box.errors import (
    BoxNotFoundError,
    BoxStateError,
    BoxTermsError,
    TokenSpentError,
)
from services.ballot_box.model import BoxTerms
from services.ballot_box.opening import create_box_key, length_of_casting, open_box, start_casting
from services.ballot_box.party import BallotBox
from services.database import Databases
from tests.sample_ballots import (
    box_terms,
    draw_uuid,
    make_box_election,
    make_token,
    make_voter,
    open_sample_box,
)
from tests.sample_elections import GROUP_NAMES
from tests.sample_parties import make_box


@pytest.mark.parametrize("group", GROUP_NAMES)
async def test_ballot_in_the_box(box: BallotBox, group: str) -> None:
    """The promise is signed by the box key and names election and ballot."""
    election = await open_sample_box(box, group=group)
    voter = make_voter(election)
    ballot = voter.ballot()
    note = await cast_ballot(box, election.uuid, voter.body_of(ballot))
    key = parse_note_key(await create_box_key(box, election.uuid))
    assert key.name == f"localhost/log/{election.uuid}/box"
    promise = verify_promise(note, key)
    assert (promise.uuid, promise.phi) == (election.uuid, election.fingerprint)
    assert promise.tracker == hashlib.sha256(ballot.encode()).digest()
    assert await returned_ballots(box, election.uuid) == 1


@pytest.mark.parametrize("ended", ["voting", "closed", "emptied"])
async def test_same_bytes_again(databases: Databases, ended: str) -> None:
    """The same bytes get the same promise, in every state from voting on, from every replica."""
    box, replica = make_box(databases), make_box(databases)
    election = await open_sample_box(box)
    body = make_voter(election).body()
    note = await cast_ballot(box, election.uuid, body)
    if ended != "voting":
        await close_box(box, election.uuid)
    if ended == "emptied":
        await empty_box(box, election.uuid)
    assert await cast_ballot(box, election.uuid, body) == note
    assert await cast_ballot(replica, election.uuid, body) == note
    assert await returned_ballots(box, election.uuid) == 1


async def test_second_ballot_with_same_token(box: BallotBox) -> None:
    """A token buys one ballot."""
    election = await open_sample_box(box)
    voter = make_voter(election)
    await cast_ballot(box, election.uuid, voter.body())
    with pytest.raises(TokenSpentError):
        await cast_ballot(box, election.uuid, voter.body(((0, 1), (0, 1))))
    assert await returned_ballots(box, election.uuid) == 1


async def test_same_ballot_with_another_token(box: BallotBox) -> None:
    """Other bytes are no repetition: the credential is used."""
    election = await open_sample_box(box)
    voter = make_voter(election)
    ballot = voter.ballot()
    await cast_ballot(box, election.uuid, voter.body_of(ballot))
    again = replace(voter, token=make_token(election.fingerprint, voter.credential))
    with pytest.raises(TokenSpentError):
        await cast_ballot(box, election.uuid, again.body_of(ballot))


async def test_ballots_of_different_marks(box: BallotBox) -> None:
    """All casting requests of one election have one length, and so have all answers."""
    election = await open_sample_box(box)
    marks = [((1, 0), (1, 0)), ((0, 1), (0, 0)), ((0, 0), (0, 0)), ((0, 1), (1, 0))]
    bodies = [make_voter(election).body(chosen) for chosen in marks]
    notes = [await cast_ballot(box, election.uuid, body) for body in bodies]
    assert {len(body) for body in bodies} == {casting_length(election)}
    assert casting_length(election) == await length_of_casting(box, election.uuid)
    assert len({len(note) for note in notes}) == 1


async def test_box_before_voting(box: BallotBox) -> None:
    """A prepared box takes nothing yet."""
    election = await open_sample_box(box, casting=False)
    body = make_voter(election).body()
    with pytest.raises(BoxStateError):
        await cast_ballot(box, election.uuid, body)
    await start_casting(box, election.uuid)
    await start_casting(box, election.uuid)
    await cast_ballot(box, election.uuid, body)


async def test_closed_box(box: BallotBox) -> None:
    """Nothing is accepted after closing, and a closed box does not start again."""
    election = await open_sample_box(box)
    await close_box(box, election.uuid)
    with pytest.raises(BoxStateError):
        await cast_ballot(box, election.uuid, make_voter(election).body())
    with pytest.raises(BoxStateError):
        await start_casting(box, election.uuid)
    assert await returned_ballots(box, election.uuid) == 0


async def test_order_of_closing(box: BallotBox) -> None:
    """Ballots leave the box ascending by the 32 bytes of the tracker; again the same."""
    election = await open_sample_box(box)
    voters = [make_voter(election) for _ in range(5)]
    cast = {}
    for voter in voters:
        ballot = voter.ballot()
        await cast_ballot(box, election.uuid, voter.body_of(ballot))
        cast[hashlib.sha256(ballot.encode()).digest()] = (ballot, (voter.token,))
    entries = await close_box(box, election.uuid)
    assert [(entry.ballot, entry.token) for entry in entries] == [
        cast[tracker] for tracker in sorted(cast)
    ]
    assert await close_box(box, election.uuid) == entries


async def test_emptied_box(box: BallotBox) -> None:
    """A cancelled election keeps no ballot and takes none; only trackers stay."""
    election = await open_sample_box(box)
    await cast_ballot(box, election.uuid, make_voter(election).body())
    await empty_box(box, election.uuid)
    await empty_box(box, election.uuid)
    with pytest.raises(BoxStateError):
        await close_box(box, election.uuid)
    with pytest.raises(BoxStateError):
        await cast_ballot(box, election.uuid, make_voter(election).body())
    await empty_box(box, draw_uuid())


async def test_box_that_is_not_there(box: BallotBox) -> None:
    """Acts on no box say so; it holds no ballot."""
    uuid = draw_uuid()
    for act in (cast_ballot(box, uuid, b""), start_casting(box, uuid), close_box(box, uuid)):
        with pytest.raises(BoxNotFoundError):
            await act
    assert await returned_ballots(box, uuid) == 0


async def test_box_that_was_never_started(box: BallotBox) -> None:
    """Closing ends voting; a box in which nobody could vote is emptied instead."""
    election = await open_sample_box(box, casting=False)
    with pytest.raises(BoxStateError):
        await close_box(box, election.uuid)


async def test_box_opened_again(box: BallotBox) -> None:
    """The same terms again change nothing; key and terms stay as they were."""
    election = make_box_election()
    key = await create_box_key(box, election.uuid)
    terms = box_terms(election)
    await open_box(box, terms)
    await open_box(box, terms)
    assert await create_box_key(box, election.uuid) == key
    other = BoxTerms(terms.uuid, terms.phi, terms.election_text, terms.token_keys * 2)
    with pytest.raises(BoxTermsError):
        await open_box(box, other)


@pytest.mark.parametrize("fault", ["no key", "uuid", "phi", "election", "token key", "no issuer"])
async def test_terms_that_do_not_fit(box: BallotBox, fault: str) -> None:
    """A box opens only for the election that uuid and phi name, with keys of the profile."""
    election = make_box_election()
    terms = box_terms(election)
    uuid = draw_uuid() if fault == "uuid" else terms.uuid
    spoiled = BoxTerms(
        uuid=uuid,
        phi="A" * 43 if fault == "phi" else terms.phi,
        election_text=terms.election_text + " " * (fault == "election"),
        token_keys={"token key": (b"no key",), "no issuer": ()}.get(fault, terms.token_keys),
    )
    if fault != "no key":
        await create_box_key(box, uuid)
    with pytest.raises(BoxTermsError):
        await open_box(box, spoiled)
    with pytest.raises(BoxNotFoundError):
        await start_casting(box, uuid)
