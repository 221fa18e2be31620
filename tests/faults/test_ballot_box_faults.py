"""Every write of the box, broken before and after its commit: again gives the same answer."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import services.ballot_box
from crypto.elections import Election
from services.ballot_box.casting import cast_ballot
from services.ballot_box.closing import close_box, empty_box, returned_ballots
from services.ballot_box.opening import create_box_key, open_box, start_casting
from services.ballot_box.party import BallotBox
from services.ballot_box.store import metadata
from services.database import Databases
from tests.faults.faulty_database import ConnectionBrokenError, break_at
from tests.sample_ballots import (
    box_terms,
    draw_uuid,
    make_box_election,
    make_voter,
    open_sample_box,
)
from tests.sample_parties import make_box
from tests.stored_rows import stored_rows

READS = {"look for ballot", "look for credential", "read box", "count ballots"}


@dataclass(frozen=True)
class Scene:
    """A box that is cast into, with one ballot in it; another ballot; a box to be opened."""

    election: Election
    body: bytes
    prepared: Election
    keyed: Election
    new_uuid: str


async def set_scene(box: BallotBox) -> Scene:
    election, prepared = await open_sample_box(box), await open_sample_box(box, casting=False)
    keyed = make_box_election()
    await create_box_key(box, keyed.uuid)
    await cast_ballot(box, election.uuid, make_voter(election).body())
    return Scene(election, make_voter(election).body(), prepared, keyed, draw_uuid())


async def close_and_empty(box: BallotBox, scene: Scene) -> None:
    await close_box(box, scene.election.uuid)
    await empty_box(box, scene.election.uuid)


Act = Callable[[BallotBox, Scene], Awaitable[object]]
WRITES: dict[str, Act] = {
    "create box key": lambda box, scene: create_box_key(box, scene.new_uuid),
    "open box": lambda box, scene: open_box(box, box_terms(scene.keyed)),
    "start casting": lambda box, scene: start_casting(box, scene.prepared.uuid),
    "cast ballot": lambda box, scene: cast_ballot(box, scene.election.uuid, scene.body),
    "close box": lambda box, scene: close_box(box, scene.election.uuid),
    "read ballots": lambda box, scene: close_box(box, scene.election.uuid),
    "close box for good": lambda box, scene: empty_box(box, scene.election.uuid),
    "erase ballots": lambda box, scene: empty_box(box, scene.election.uuid),
}
# The second transaction of an act: what the first stored stays when it breaks.
SECOND = {"read ballots", "erase ballots"}


def test_every_write_is_here() -> None:
    """A new act of the box needs its two faults."""
    folder = Path(services.ballot_box.__path__[0])
    acts = {
        act
        for file in folder.glob("*.py")
        for act in re.findall(r'transact\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))
    }
    assert acts == WRITES.keys() | READS


@pytest.mark.parametrize("act", WRITES)
async def test_fail_and_not_persisted(databases: Databases, act: str) -> None:
    """The commit did not happen: nothing is stored, nothing promised, and again it works."""
    box = make_box(databases)
    scene = await set_scene(box)
    broken = break_at(box.database, act, persisted=False)
    before = await stored_rows(box.database, metadata)
    with pytest.raises(ConnectionBrokenError):
        await WRITES[act](make_box(databases, broken), scene)
    assert broken.broken == [act]
    assert (await stored_rows(box.database, metadata) == before) is (act not in SECOND)
    answer = await WRITES[act](box, scene)
    assert await stored_rows(box.database, metadata) != before
    assert await WRITES[act](box, scene) == answer


@pytest.mark.parametrize("act", WRITES)
async def test_fail_but_persisted(databases: Databases, act: str) -> None:
    """The commit happened unheard: again changes nothing more and answers as always."""
    box = make_box(databases)
    scene = await set_scene(box)
    broken = break_at(box.database, act, persisted=True)
    before = await stored_rows(box.database, metadata)
    with pytest.raises(ConnectionBrokenError):
        await WRITES[act](make_box(databases, broken), scene)
    after = await stored_rows(box.database, metadata)
    assert after != before
    answer = await WRITES[act](box, scene)
    if act != "close box for good":  # its second transaction was still to come
        assert await stored_rows(box.database, metadata) == after
    assert await WRITES[act](box, scene) == answer


async def test_promise_lost_on_its_way(databases: Databases) -> None:
    """A ballot whose promise was lost is in the box once, and promised when sent again."""
    box = make_box(databases)
    scene = await set_scene(box)
    broken = break_at(box.database, "cast ballot", persisted=True)
    with pytest.raises(ConnectionBrokenError):
        await cast_ballot(make_box(databases, broken), scene.election.uuid, scene.body)
    assert await returned_ballots(box, scene.election.uuid) == 2
    entries = await close_box(box, scene.election.uuid)
    promise = await cast_ballot(box, scene.election.uuid, scene.body)
    assert promise == await cast_ballot(make_box(databases), scene.election.uuid, scene.body)
    assert len(entries) == 2


async def test_crash_between_closing_and_emptying(databases: Databases) -> None:
    """A cancelled box is empty at last, however often the service crashed on the way."""
    box = make_box(databases)
    scene = await set_scene(box)
    for act in ("close box", "read ballots", "close box for good", "erase ballots"):
        broken = break_at(box.database, act, persisted=False)
        with pytest.raises(ConnectionBrokenError):
            await close_and_empty(make_box(databases, broken), scene)
        if act in ("close box", "read ballots"):
            await close_box(box, scene.election.uuid)
            continue
        await empty_box(box, scene.election.uuid)
        break
    rows = (await stored_rows(box.database, metadata))["ballot"]
    mine = [row for row in rows if scene.election.uuid in row]
    assert len(mine) == 1
    assert mine[0].endswith("None, None, None)")
