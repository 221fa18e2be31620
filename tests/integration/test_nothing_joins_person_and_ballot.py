"""
Nothing joins a person and a ballot: tables, rights, casting requests, logs (protocol.md §2, §5).

That no endpoint asks for one ballot is shown in `test_no_single_ballot`.
"""

import asyncio
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from litestar import Litestar
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from crypto.belenios_json import loads
from crypto.randomness import system_randomness
from schemas.scenario import Scenario, parse_scenario
from services.ballot_box.party import BallotBox
from services.ballot_box.store import ballot_table
from services.council.http import LOGIN_COOKIE
from services.database import PARTIES
from services.database_setup import DATABASE, OWNER, derive_password, role_of
from services.embedded_postgres import EmbeddedPostgres
from services.simulation.meeting import MeetingPlay
from tests.integration.conftest import API, Person
from tests.sample_ballots import make_voter, open_sample_box

SCENARIOS = Path(__file__).parents[1] / "fixtures" / "scenarios"
# One meeting a worker is enough.
pytestmark = pytest.mark.xdist_group("one meeting on the wire")

PERSON = {"member", "members", "account", "no", "fingerprint", "cookie", "recipient", "person"}
BALLOT = {"ballot", "tracker", "credential", "token", "promise", "body", "receipt", "leaf"}
TIMES = {"date", "time", "timestamp", "interval"}
ADDRESSES = {"inet", "cidr", "macaddr", "macaddr8"}
# What these requests and their answers say is nobody's business, whole or in part.
PRIVATE_PATHS = ("/ballots", "/issuance", "/login", "/login/nonces", "/enrolments", "/checkin")
LEAST_CHARACTERS = 16


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def columns(
    postgres: EmbeddedPostgres, database_urls: dict[str, str]
) -> dict[tuple[str, str], dict[str, str]]:
    """Every table and view of every schema, with the types of its columns, as the owner sees it."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, data_type in await ask_owner(
        postgres,
        "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
    ):
        found.setdefault((schema, table), {})[column] = data_type
    assert {schema for schema, _ in found} >= set(PARTIES)
    return found


async def ask_owner(postgres: EmbeddedPostgres, statement: str, **values: object) -> list[Any]:
    url = postgres.url(OWNER, derive_password(postgres.superuser_password, OWNER), DATABASE)
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        rows = (await connection.execute(sa.text(statement), values)).all()
    await engine.dispose()
    return [tuple(row) for row in rows]


def words_of(columns: dict[str, str]) -> set[str]:
    return {word for column in columns for word in column.split("_")}


async def test_tables_with_person_and_ballot(
    columns: dict[tuple[str, str], dict[str, str]],
) -> None:
    """No table of any party has a column for a person beside one for a ballot."""
    persons = {table for table, its in columns.items() if words_of(its) & PERSON}
    ballots = {table for table, its in columns.items() if words_of(its) & BALLOT}
    assert {("registrar", "issuance"), ("council", "login")} <= persons
    assert {("ballot_box", "ballot"), ("board", "entry")} <= ballots
    assert not persons & ballots


async def test_times_and_addresses(columns: dict[tuple[str, str], dict[str, str]]) -> None:
    """Where ballots or issuances are kept stands no time; an address stands nowhere."""
    for (schema, table), its in columns.items():
        types = {each.partition(" ")[0] for each in its.values()}
        assert not types & ADDRESSES, (schema, table)
        if schema == "ballot_box" or table in ("issuance", "issuing"):
            assert not types & TIMES, (schema, table)


async def test_no_sequence_anywhere(
    postgres: EmbeddedPostgres, columns: dict[tuple[str, str], dict[str, str]]
) -> None:
    """No number is drawn in order: a sequence would tell who came after whom."""
    assert columns
    assert not await ask_owner(
        postgres,
        "SELECT n.nspname, relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind = 'S'",
    )


async def test_role_that_sees_both_sides(
    postgres: EmbeddedPostgres, columns: dict[tuple[str, str], dict[str, str]]
) -> None:
    """No party's role may enter both the registrar's schema and the box's, or another's at all."""
    assert columns
    for party in PARTIES:
        rows = await ask_owner(
            postgres,
            "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(:role, oid, 'USAGE')"
            " AND nspname = ANY(:schemas)",
            role=role_of(party),
            schemas=list(PARTIES),
        )
        assert rows == [(party,)]


@pytest.mark.parametrize("with_what", ["login", "authorization", "encoding", "shorter", "longer"])
async def test_cast_that_could_tell_who(
    app: Litestar, http: httpx.AsyncClient, secretary: Person, with_what: str
) -> None:
    """The whole application refuses such a cast, and nothing is stored; without it, it is taken."""
    box: BallotBox = app.state.parties.ballot_box
    election = await open_sample_box(box)
    body = make_voter(election).body()
    headers = {"content-type": "application/json"}
    more, sent = {}, body
    if with_what == "login":
        more = {"cookie": f"{LOGIN_COOKIE}={secretary.cookie}"}
    if with_what == "authorization":
        more = {"authorization": f"Bearer {secretary.cookie}"}
    if with_what == "encoding":
        more = {"content-encoding": "identity"}
    if with_what == "shorter":
        sent = body[:-1]
    if with_what == "longer":
        sent = body + b" "
    path = f"{API}/elections/{election.uuid}/ballots"
    refused = await http.post(path, content=sent, headers=headers | more)
    assert refused.status_code in (400, 415, 422)
    assert await ballots_in(box, election.uuid) == 0
    assert (await http.post(path, content=body, headers=headers)).status_code == 200
    assert await ballots_in(box, election.uuid) == 1


async def ballots_in(box: BallotBox, uuid: str) -> int:
    async with box.database.engine.connect() as connection:
        count = sa.select(sa.func.count()).where(ballot_table.c.uuid == uuid)
        return int((await connection.execute(count)).scalar_one())


@dataclass
class Wire:
    """All requests of a meeting's clients with their answers, as they went over the wire."""

    answers: list[httpx.Response] = field(default_factory=list)

    def of(self, ending: str) -> list[httpx.Response]:
        return [each for each in self.answers if each.request.url.path.endswith(ending)]


@dataclass(frozen=True)
class PlayedMeeting:
    """What a meeting left on the wire, and all that the service and its database wrote."""

    wire: Wire
    written: str
    trackers: tuple[str, ...]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def played() -> AsyncIterator[PlayedMeeting]:
    """A whole meeting with `phieukin serve`; every ballot is also sent spoiled and twice."""
    document = json.loads((SCENARIOS / "doi-thong-school.json").read_text())
    assert len({tuple(marks) for marks in document["votes"].values() if marks}) > 3
    with tempfile.TemporaryDirectory(prefix="phieukin-") as name, pytest.MonkeyPatch.context() as m:
        folder = Path(name)
        await asyncio.to_thread(folder.chmod, 0o711)
        wire = Wire()
        _record(m, wire)
        with (folder / "stderr").open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "services.cli.main", "serve", "--port", "0", "--json", "--throwaway"),
                *("--check-window-s", "0", "--state-dir", str(folder / "state")),
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                env={k: v for k, v in os.environ.items() if not k.startswith("PHIEUKIN")},
            )
            try:
                trackers = await _play(parse_scenario(document), process)
            finally:
                process.send_signal(signal.SIGTERM)
                output, _ = await process.communicate()
        logs = [folder / "stderr", folder / "state" / "postgresql" / "server.log"]
        written = "".join(path.read_text() for path in logs) + output.decode()
        yield PlayedMeeting(wire, written, trackers)


async def _play(scenario: Scenario, process: asyncio.subprocess.Process) -> tuple[str, ...]:
    assert process.stdout is not None
    announced = json.loads(await process.stdout.readline())
    play = MeetingPlay(
        scenario,
        "Ed25519",
        announced["listening"],
        announced["enrolment_link"],
        system_randomness,
        lambda _: None,
    )
    try:
        held = await play.hold()
    finally:
        await play.close()
    return tuple(receipt.tracker for receipt in held.receipts)


def _record(patch: pytest.MonkeyPatch, wire: Wire) -> None:
    """Keep all requests; send every ballot spoiled before, and once more after, itself."""
    send = httpx.AsyncClient.send

    async def send_and_keep(
        client: httpx.AsyncClient, request: httpx.Request, **options: Any
    ) -> httpx.Response:
        if not request.url.path.endswith("/ballots"):
            wire.answers.append(await send(client, request, **options))
            return wire.answers[-1]
        place = request.content.index(b"response") + len(b'response\\":\\"')
        spoiled = bytearray(request.content)
        spoiled[place] = ord("2") if spoiled[place] != ord("2") else ord("3")
        for content in (bytes(spoiled), request.content, request.content):
            again = client.build_request(
                "POST", request.url, content=content, headers=request.headers
            )
            wire.answers.append(await send(client, again, **options))
        return wire.answers[-1]

    patch.setattr(httpx.AsyncClient, "send", send_and_keep)


async def test_casts_on_the_wire(played: PlayedMeeting) -> None:
    """Requests to cast have one length, whatever the marks; so have their answers."""
    casts = played.wire.of("/ballots")
    good = [each for each in casts if each.status_code == 200]
    assert len(good) == 2 * len(played.trackers) == 2 * (len(casts) - len(good))
    assert len({wire_length(each.request.headers) for each in casts}) == 1
    assert len({len(each.request.content) for each in casts}) == 1
    assert len({wire_length(each.headers) + len(each.content) for each in good}) == 1
    ballots = {loads(json.loads(each.request.content)["ballot"])["credential"] for each in good}
    assert len(ballots) == len(played.trackers)
    for each in casts:
        assert not {"cookie", "authorization", "referer", "origin"} & set(each.request.headers)
        assert "set-cookie" not in each.headers


def wire_length(headers: httpx.Headers) -> int:
    return sum(len(name) + len(value) for name, value in headers.raw)


async def test_nothing_private_was_written(played: PlayedMeeting) -> None:
    """What the service and its database write holds nothing of a ballot, a token or a login."""
    assert '"event": "election.advanced"' in played.written
    secrets = set(played.trackers)
    for answer in played.wire.answers:
        if answer.request.url.path.endswith(PRIVATE_PATHS):
            secrets |= set(texts_of(answer.request.content)) | set(texts_of(answer.content))
            secrets |= {
                value.partition("=")[2].partition(";")[0]
                for value in (
                    *answer.request.headers.get_list("cookie"),
                    *answer.headers.get_list("set-cookie"),
                )
            }
    for cast in played.wire.of("/ballots"):
        body = json.loads(cast.request.content)
        assert {*body["token"], loads(body["ballot"])["credential"]} <= secrets
    for issuance in played.wire.of("/issuance"):
        assert set(json.loads(issuance.request.content)["blinded"]) <= secrets
    names = {text for text in secrets if not text.isascii()}
    for secret in secrets - names:
        assert secret not in played.written, secret


async def test_no_address_was_written(played: PlayedMeeting) -> None:
    """No line names a client's address or a path, and no line is about a single ballot."""
    assert not re.search(r"127\.0\.0\.1|::1|/api/v1|\bPOST\b|\bGET\b", played.written)
    events = re.findall(r'"event": "([a-z_.]+)"', played.written)
    assert events
    assert not [event for event in events if event.startswith(("ballot.", "http.", "unlisted"))]


def texts_of(content: bytes) -> Iterator[str]:
    """All longer texts in a JSON document, also in the JSON within its strings."""
    try:
        value = json.loads(content)
    except ValueError:
        return
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and len(value) >= LEAST_CHARACTERS:
            yield value
            if value.startswith("{"):
                waiting.append(json.loads(value))
            else:
                waiting += [line for line in value.split() if line != value]
