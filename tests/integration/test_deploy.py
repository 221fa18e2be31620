"""The files of deploy/ are what the program takes: settings, roles, compose, container."""

import re
import secrets
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.database import PARTIES
from services.database_setup import (
    DATABASE,
    OWNER,
    DatabaseSetupError,
    check_migrated,
    migrate,
    role_of,
)
from services.embedded_postgres import SUPERUSER, EmbeddedPostgres, throwaway_postgres
from services.environment import OWNER_URL, PARTY_URLS, settings_from_environment

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def sample_settings() -> dict[str, str]:
    lines = (DEPLOY / "config" / "phieukin.env").read_text().splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())


def test_sample_settings_are_taken() -> None:
    """The service starts with the sample as it stands, and every setting in it is known."""
    settings = settings_from_environment(sample_settings()).settings
    assert settings.origins == ("https://phieukin.example",)
    assert settings.software_name == "Phiếu Kín"
    assert settings.check_window_s == 60


def test_sample_names_every_setting() -> None:
    """An operator finds each setting in the sample, at least as a comment."""
    text_of_sample = (DEPLOY / "config" / "phieukin.env").read_text()
    for name in (
        "ORIGINS",
        "RP_ID",
        "LOG_ORIGIN",
        "BOX_ORIGIN",
        "STATE_DIR",
        "DATABASE_URL",
        "CLIENT_DIR",
    ):
        assert f"PHIEUKIN_{name}" in text_of_sample


def test_compose_gives_complete_settings(compose: Any) -> None:
    """Two replicas get the parties' URLs and not the owner's; preparing gets both."""
    services = compose["services"]
    assert services["phieukin"]["deploy"]["replicas"] == 2
    for name in ("phieukin", "prepare"):
        given = {
            key: re.sub(r"\$\{\w+:\?\}", "secret", value)
            for key, value in services[name]["environment"].items()
        }
        databases = settings_from_environment(sample_settings() | given).databases
        assert databases.parties is not None
        assert databases.parties.keys() == set(PARTIES)
        assert (databases.owner is not None) == (name == "prepare")
    assert OWNER_URL not in services["phieukin"]["environment"]
    assert set(PARTY_URLS.values()) <= services["phieukin"]["environment"].keys()


def test_compose_has_no_secret_of_its_own(compose: Any) -> None:
    """Every password is asked from the operator; none has a default."""
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "DATABASE_URL" in name:
                assert re.search(r"\$\{\w+:\?\}", value), name


def test_compose_names_files_that_exist(compose: Any) -> None:
    """Files that are mounted, and the image's recipe, are in the repository."""
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("."):
                assert (DEPLOY / "compose" / source).is_file(), source
    build = compose["services"]["phieukin"]["build"]
    assert (DEPLOY / "compose" / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


def test_image_runs_as_nobody_in_particular() -> None:
    """The image's last user is a number that is not root's, and every copied path exists."""
    lines = (DEPLOY / "container" / "Containerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users[-1].split(":")[0].isdecimal()
    assert users[-1].split(":")[0] != "0"
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source


def test_readme_tries_phones_with_files_that_exist() -> None:
    """The first try with phones names settings that the service takes, and a file of deploy/."""
    readme = (ROOT / "README.md").read_text()
    (line,) = re.findall(r"^    (PHIEUKIN_ORIGINS=.*) make serve$", readme, re.MULTILINE)
    given = dict(pair.split("=", 1) for pair in line.split())
    assert settings_from_environment(given).settings.origins == ("https://phieukin.lan",)
    proxied = (DEPLOY / "proxy" / "Caddyfile.first-try").read_text()
    assert "phieukin.lan {" in proxied
    assert "deploy/proxy/Caddyfile.first-try" in readme


def test_image_has_a_client_of_its_own() -> None:
    """The image builds the client from its lock file; what lies around here is not taken."""
    lines = (DEPLOY / "container" / "Containerfile").read_text().splitlines()
    assert lines.index("RUN npm ci") < lines.index("RUN npm run build")
    assert "COPY --from=client /client/dist /opt/phieukin/app/services/web/dist" in lines
    ignored = (ROOT / ".containerignore").read_text().splitlines()
    assert {"services/web/dist", "services/web/node_modules"} <= set(ignored)


def test_image_has_the_tested_versions() -> None:
    """What the image installs is what the tests ran with, by the same hashes."""
    tested = _pins(ROOT / "requirements.lock")
    shipped = _pins(DEPLOY / "container" / "requirements.lock")
    assert len(shipped) > 30
    assert shipped.items() <= tested.items()
    assert "pytest" not in shipped


def _pins(path: Path) -> dict[str, str]:
    """Version, marker and hashes by package."""
    blocks = re.split(r"\n(?=\S)", re.sub(r"\n\s*#[^\n]*", "", path.read_text()))
    found: dict[str, str] = {}
    for block in blocks:
        name, _, rest = block.partition("==")
        found[name] = rest.split()[0] + "".join(sorted(re.findall(r"sha256:[0-9a-f]{64}", rest)))
    return found


def run_roles_file(postgres: EmbeddedPostgres, passwords: dict[str, str]) -> None:
    """Run deploy/postgres/roles.sql as an operator would, by the psql of the wheel."""
    subprocess.run(
        [
            *(
                postgres.programs / "psql",
                "-h",
                postgres.socket_dir,
                "-U",
                SUPERUSER,
                "-d",
                "postgres",
                "-X",
                "-q",
            ),
            *(f"-v{name}_password={word}" for name, word in passwords.items()),
            *("-f", DEPLOY / "postgres" / "roles.sql"),
        ],
        env={"PGPASSWORD": postgres.superuser_password},
        check=True,
        capture_output=True,
    )


async def test_operators_own_roles() -> None:
    """Roles made by roles.sql suffice: the owner migrates, every party gets in by its own role."""
    passwords = {name: secrets.token_hex(12) for name in ("owner", *PARTIES)}
    with throwaway_postgres() as postgres:
        run_roles_file(postgres, passwords)
        urls = {
            party: postgres.url(role_of(party), passwords[party], DATABASE) for party in PARTIES
        }
        party_url = urls["board"].render_as_string(hide_password=False)
        with pytest.raises(DatabaseSetupError, match="--prepare-database"):
            await check_migrated(party_url)
        await migrate(postgres.url(OWNER, passwords["owner"], DATABASE))
        await check_migrated(party_url)
        for party, url in urls.items():
            engine = create_async_engine(url, poolclass=NullPool)
            async with engine.connect() as connection:
                user = await connection.scalar(text("SELECT current_user"))
                own = text("SELECT rolconfig FROM pg_roles WHERE rolname = current_user")
                settings = await connection.scalar(own)
            await engine.dispose()
            assert user == role_of(party)
            # A logged statement has a time: two of them could join a person and a ballot.
            assert {"log_min_error_statement=panic", "log_statement=none"} <= set(settings)
