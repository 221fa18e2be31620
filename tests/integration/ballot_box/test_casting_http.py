"""Casting over HTTP: by nobody, plain, in one length (protocol.md §5)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, cast

import pytest
import pytest_asyncio
from httpx import ASGITransport
from httpx import AsyncClient as Client
from litestar import Litestar
from litestar.di import Provide

from crypto.checkpoints import parse_note_key, verify_promise
from crypto.elections import Election
from services.ballot_box.closing import close_box
from services.ballot_box.http import handlers, read_casting_body
from services.ballot_box.opening import create_box_key
from services.ballot_box.party import BallotBox
from services.ballot_box.store import metadata
from services.problems import EXCEPTION_HANDLERS
from tests.sample_ballots import draw_uuid, make_voter, open_sample_box
from tests.stored_rows import stored_rows

JSON = {"content-type": "application/json"}


@pytest_asyncio.fixture(loop_scope="session")
async def client(box: BallotBox) -> AsyncIterator[Client]:
    app = Litestar(
        route_handlers=handlers,
        dependencies={"ballot_box": Provide(lambda: box, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
    )
    transport = ASGITransport(cast(Any, app), raise_app_exceptions=False)
    async with Client(transport=transport, base_url="https://localhost") as running:
        yield running


async def send(
    client: Client, election: Election, body: bytes, headers: Mapping[str, str] = JSON
) -> Any:
    return await client.post(
        f"/elections/{election.uuid}/ballots", content=body, headers=dict(headers)
    )


async def test_ballot_cast(client: Client, box: BallotBox) -> None:
    """The answer is the promise and nothing else, of one length for every ballot."""
    election = await open_sample_box(box)
    key = parse_note_key(await create_box_key(box, election.uuid))
    lengths = set()
    for marks in (((1, 0), (1, 0)), ((0, 0), (0, 1))):
        answer = await send(client, election, make_voter(election).body(marks))
        assert answer.status_code == 200
        assert set(answer.json()) == {"promise"}
        verify_promise(answer.json()["promise"], key)
        assert "set-cookie" not in answer.headers
        head = sum(len(name) + len(value) for name, value in answer.headers.items())
        lengths.add((head, len(answer.content)))
    assert len(lengths) == 1


@pytest.mark.parametrize(
    ("header", "value", "problem", "status"),
    [
        ("cookie", "a=b", "cast-with-identity", 400),
        ("authorization", "Bearer x", "cast-with-identity", 400),
        ("proxy-authorization", "Basic x", "cast-with-identity", 400),
        ("content-encoding", "gzip", "cast-encoded", 415),
        ("content-encoding", "identity", "cast-encoded", 415),
        ("content-type", "text/plain", "cast-encoded", 415),
    ],
)
async def test_request_that_could_tell(
    client: Client, box: BallotBox, header: str, value: str, problem: str, status: int
) -> None:
    """A valid ballot with an identity or in another encoding is refused, and not stored."""
    election = await open_sample_box(box)
    body = make_voter(election).body()
    before = await stored_rows(box.database, metadata)
    answer = await send(client, election, body, {**JSON, header: value})
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:phieukin:problem:{problem}"
    assert await stored_rows(box.database, metadata) == before
    assert (await send(client, election, body)).status_code == 200


async def test_announced_length(client: Client, box: BallotBox) -> None:
    """Another length is refused by its header alone."""
    election = await open_sample_box(box)
    body = make_voter(election).body()
    for other in (body + b" ", body[:-1], b""):
        answer = await send(client, election, other)
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:phieukin:problem:ballot-length"


@pytest.mark.parametrize("chunks", [1, 3, 7])
async def test_length_that_is_not_announced(client: Client, box: BallotBox, chunks: int) -> None:
    """A body in chunks is read up to Λ bytes; the whole of it counts."""
    election = await open_sample_box(box)
    body = make_voter(election).body()
    url = f"/elections/{election.uuid}/ballots"

    async def parts(content: bytes) -> AsyncIterator[bytes]:
        size = len(content) // chunks + 1
        for start in range(0, len(content), size):
            yield content[start : start + size]

    for other in (body + b" ", body * 5, body[:-1]):
        answer = await client.post(url, content=parts(other), headers=JSON)
        assert answer.json()["type"] == "urn:phieukin:problem:ballot-length"
    answer = await client.post(url, content=parts(body), headers=JSON)
    assert answer.status_code == 200


class EndlessRequest:
    """A request that never ends: it counts what was read of it."""

    def __init__(self) -> None:
        self.headers = dict(JSON)
        self.read_bytes = 0

    async def stream(self) -> AsyncIterator[bytes]:
        while True:
            self.read_bytes += 1000
            yield bytes(1000)


async def test_endless_request(box: BallotBox) -> None:
    """No more than Λ bytes and one chunk are ever read."""
    election = await open_sample_box(box)
    request: Any = EndlessRequest()
    with pytest.raises(Exception, match="ballot-length"):
        await read_casting_body(request, election.uuid, box)
    assert request.read_bytes <= len(make_voter(election).body()) + 1000


async def test_path_that_is_no_election(client: Client) -> None:
    """Whatever stands in the path, the answer is a problem document."""
    for uuid in ("0", "x" * 5000, "..%2f", "2MoJPRgWzLnoy\u1ec7"):
        answer = await client.post(f"/elections/{uuid}/ballots", content=b"", headers=JSON)
        assert answer.status_code in (404, 422)
        assert answer.headers["content-type"].startswith("application/problem+json")


async def test_problems_of_states(client: Client, box: BallotBox) -> None:
    """Closed box, used token and unknown election each have their problem type."""
    election = await open_sample_box(box)
    voter = make_voter(election)
    first, second = voter.body(), voter.body()
    promised = await send(client, election, first)
    spent = await send(client, election, second)
    await close_box(box, election.uuid)
    closed = await send(client, election, make_voter(election).body())
    again = await send(client, election, first)
    unknown = await client.post(f"/elections/{draw_uuid()}/ballots", content=first, headers=JSON)
    assert again.content == promised.content
    names = [answer.json()["type"].rpartition(":")[2] for answer in (spent, closed, unknown)]
    assert names == ["token-spent", "wrong-state", "box-not-found"]
    assert [answer.status_code for answer in (spent, closed, unknown)] == [409, 409, 404]
    for answer in (spent, closed, unknown):
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["detail"]
