"""`phieukin serve`: the service in one process, with its own PostgreSQL unless told otherwise."""

import argparse
import asyncio
import dataclasses
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from granian.constants import Interfaces
from granian.server.embed import Server
from sqlalchemy.exc import SQLAlchemyError

from services.app import Parties, create_app
from services.cli.first_try import first_try_text
from services.client_files.files import (
    BUILT_CLIENT,
    ClientFiles,
    ClientFilesError,
    load_client_files,
)
from services.council.enrolling import invite_first_secretary
from services.database import Databases, open_databases
from services.database_setup import (
    DatabaseSetupError,
    check_migrated,
    migrate,
    parse_database_url,
    prepare_database,
    prepare_embedded,
)
from services.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from services.environment import (
    LOOPBACK_HOSTS,
    DatabaseAddresses,
    Environment,
    SettingsError,
    check_settings,
    settings_from_environment,
)
from services.service_state import StateFolderError, embedded_cluster
from services.settings import Settings
from services.simulation.sample_meeting import SampleError, SampleMeeting, as_json, prepare_sample

DONE, REFUSED, MALFORMED = 0, 1, 2
BACKLOG: Final = 1024
START_TIME_LIMIT_S: Final = 30


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe `phieukin serve`."""
    parser = subparsers.add_parser(
        "serve",
        help="run the service",
        description="Settings are PHIEUKIN_… variables (deploy/config/phieukin.env). Without any,"
        " it serves a loopback address with its own PostgreSQL. On an empty database it prints"
        " the secretary's enrolment link.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on [127.0.0.1]")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one [8000]")
    parser.add_argument("--state-dir", type=Path, metavar="DIR", help="[.phieukin]")
    parser.add_argument(
        "--check-window-s",
        type=int,
        metavar="SECONDS",
        help="time between closing and opening the sum; 0 only in a simulation [60]",
    )
    parser.add_argument("--json", action="store_true", help="announce the start as one JSON line")
    parser.add_argument(
        "--throwaway",
        action="store_true",
        help="the state folder is deleted afterwards: nothing waits for the disk (simulations)",
    )
    parser.add_argument(
        "--sample",
        action="store_true",
        help="on a loopback address: set up the council of the demo with a meeting of today, and"
        " print everybody's link",
    )
    parser.add_argument(
        "--prepare-database",
        action="store_true",
        help="only set up roles and tables in PHIEUKIN_DATABASE_URL, then end",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; 0 stopped in order, 1 could not start, 2 wrong settings."""
    if not 0 <= arguments.port <= 65_535:
        return _complain("a port is a number from 0 to 65535", MALFORMED)
    if arguments.sample and arguments.host not in LOOPBACK_HOSTS:
        return _complain("--sample prints members' links: only on a loopback address", MALFORMED)
    # Before there is an event loop, a signal must still stop PostgreSQL in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not arguments.prepare_database:
            arguments.port = _free_port(arguments.host, arguments.port)
        environment = _read_environment(arguments)
        client = None if arguments.prepare_database else _load_client(environment.settings)
        environment = _with_client_hash(environment, client)
        with ExitStack() as stack:
            postgres: EmbeddedPostgres | None = None
            if environment.databases.owner is None and environment.databases.parties is None:
                postgres = stack.enter_context(
                    embedded_cluster(
                        environment.settings.state_dir, durable=not arguments.throwaway
                    )
                )
            asyncio.run(_run(arguments, environment, client, postgres))
    except SettingsError as error:
        return _complain(str(error), MALFORMED)
    except (
        StateFolderError,
        EmbeddedPostgresError,
        DatabaseSetupError,
        ClientFilesError,
        SampleError,
    ) as error:
        return _complain(str(error), REFUSED)
    except (OSError, SQLAlchemyError) as error:
        # The library's messages may repeat an address with its password.
        text = error.strerror if isinstance(error, OSError) else "the database cannot be used"
        return _complain(f"{type(error).__name__}: {text}", REFUSED)
    except KeyboardInterrupt:
        return DONE
    return DONE


def _complain(text: str, code: int) -> int:
    print(f"phieukin serve: {text}", file=sys.stderr)
    return code


def _free_port(host: str, port: int) -> int:
    """
    `port` if nobody listens on it, for 0 any such. Raises OSError.

    The server itself would share a port with another process without a word, and each would get
    half of the requests.
    """
    with socket.create_server((host, port)) as probe:
        return int(probe.getsockname()[1])


def _read_environment(arguments: argparse.Namespace) -> Environment:
    # "localhost" first, in links: a browser makes no passkey for a number.
    origins = tuple(f"http://{host}:{arguments.port}" for host in ("localhost", "127.0.0.1"))
    is_loopback = arguments.host in LOOPBACK_HOSTS
    environment = settings_from_environment(os.environ, origins if is_loopback else ())
    settings = environment.settings
    if arguments.state_dir is not None:
        settings = dataclasses.replace(settings, state_dir=arguments.state_dir)
    if arguments.check_window_s is not None:
        settings = dataclasses.replace(settings, check_window_s=arguments.check_window_s)
    check_settings(settings)
    return dataclasses.replace(environment, settings=settings)


def _load_client(settings: Settings) -> ClientFiles | None:
    """The client that the settings name, else the one that was built here. ClientFilesError."""
    if settings.client_dir is not None:
        return load_client_files(settings.client_dir)
    return load_client_files(BUILT_CLIENT) if BUILT_CLIENT.is_dir() else None


def _with_client_hash(environment: Environment, client: ClientFiles | None) -> Environment:
    """
    What is served is what `terms` will name. Raises SettingsError where the operator named another.
    """
    settings = environment.settings
    if client is None:
        return environment
    if settings.client_hash not in (None, client.client_hash):
        raise SettingsError(f"PHIEUKIN_CLIENT_HASH: the client here is {client.client_hash}")
    settings = dataclasses.replace(settings, client_hash=client.client_hash)
    return dataclasses.replace(environment, settings=settings)


async def _run(
    arguments: argparse.Namespace,
    environment: Environment,
    client: ClientFiles | None,
    postgres: EmbeddedPostgres | None,
) -> None:
    urls = await _party_urls(environment.databases, postgres)
    if arguments.prepare_database:
        return
    async with _opened(urls) as databases:
        await _serve(arguments, environment.settings, client, databases)


async def _party_urls(
    addresses: DatabaseAddresses, postgres: EmbeddedPostgres | None
) -> dict[str, str]:
    """The parties' URLs, once roles and tables are there. Raises DatabaseSetupError."""
    if postgres is not None:
        return await prepare_embedded(postgres)
    owner = None if addresses.owner is None else parse_database_url(addresses.owner)
    if addresses.parties is None:
        if owner is None:
            raise AssertionError("neither embedded nor given")
        return await prepare_database(owner)
    urls = {
        party: parse_database_url(url).render_as_string(hide_password=False)
        for party, url in addresses.parties.items()
    }
    if owner is not None:
        await migrate(owner)
    for url in urls.values():
        await check_migrated(url)
    return urls


@asynccontextmanager
async def _opened(urls: dict[str, str]) -> AsyncIterator[Databases]:
    databases = open_databases(urls)
    try:
        yield databases
    finally:
        await databases.dispose()


async def _serve(
    arguments: argparse.Namespace,
    settings: Settings,
    client: ClientFiles | None,
    databases: Databases,
) -> None:
    app = create_app(settings, databases, client=client)
    server = Server(
        app,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        websockets=False,
        log_enabled=False,  # addresses and paths are no lines of ours
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopping.wait())
    try:
        await _wait_until_it_answers(arguments.host, arguments.port, serving)
        parties: Parties = app.state.parties
        invitation = await invite_first_secretary(parties.council)
        sample = await prepare_sample(parties) if arguments.sample else None
        link = None if invitation is None else invitation.link
        _announce(arguments, settings, link, sample)
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        server.stop()  # type: ignore[no-untyped-call]  # granian leaves it without annotations
        await serving


async def _wait_until_it_answers(host: str, port: int, serving: asyncio.Task[None]) -> None:
    """Raises OSError when it does not come up."""
    async with asyncio.timeout(START_TIME_LIMIT_S):
        while not serving.done():
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            await writer.wait_closed()
            return
    await serving


def _announce(
    arguments: argparse.Namespace,
    settings: Settings,
    link: str | None,
    sample: SampleMeeting | None,
) -> None:
    """`link` enrols the first secretary; absent once a secretary has a device."""
    listening = f"http://{arguments.host}:{arguments.port}"
    if arguments.json:
        announced: dict[str, object] = {"listening": listening}
        announced |= {} if link is None else {"enrolment_link": link}
        announced |= {} if sample is None else {"sample": as_json(sample)}
        print(json.dumps(announced), flush=True)
        return
    print(f"Phiếu Kín listens on {listening}", flush=True)
    if settings.client_hash is None:
        print("There is no web client: `make web` builds it.", flush=True)
    if sample is not None:
        print(first_try_text(sample, settings.origins[0], link), flush=True)
    elif link is not None:
        print(f"No secretary has a device yet. Enrolment link, for one device:\n{link}", flush=True)
