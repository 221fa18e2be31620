"""Settings from the environment: what is unknown, missing or unsafe stops the service."""

from pathlib import Path

import pytest

from services.database import PARTIES
from services.environment import SettingsError, settings_from_environment

SERVED = {
    "PHIEUKIN_ORIGINS": "https://phieukin.example, https://hop.phieukin.example",
    "PHIEUKIN_RP_ID": "phieukin.example",
    "PHIEUKIN_LOG_ORIGIN": "phieukin.example/log",
}
LOOPBACK = ("http://127.0.0.1:8000", "http://localhost:8000")


def test_settings_of_a_served_service() -> None:
    """Everything that is given is taken; the rest has the documented default."""
    environment = settings_from_environment(
        SERVED
        | {
            "PHIEUKIN_CHECK_WINDOW_S": "30",
            "PHIEUKIN_STATE_DIR": "/var/lib/phieukin",
            "PHIEUKIN_CLIENT_HASH": "a" * 64,
            "PHIEUKIN_CLIENT_DIR": "/opt/phieukin/client",
            "PHIEUKIN_BOX_ORIGIN": "https://hom.phieukin.example",
            "PATH": "/usr/bin",
        }
    )
    settings = environment.settings
    assert settings.origins == ("https://phieukin.example", "https://hop.phieukin.example")
    assert (settings.rp_id, settings.log_origin) == ("phieukin.example", "phieukin.example/log")
    assert (settings.check_window_s, settings.login_ttl_s) == (30, 12 * 3600)
    assert settings.state_dir == Path("/var/lib/phieukin")
    assert settings.client_hash == "a" * 64
    assert settings.client_dir == Path("/opt/phieukin/client")
    assert settings.box_origin == "https://hom.phieukin.example"
    assert (environment.databases.owner, environment.databases.parties) == (None, None)


def test_loopback_needs_nothing() -> None:
    """A service that nobody else can reach starts without any setting."""
    settings = settings_from_environment({}, LOOPBACK).settings
    assert settings.origins == LOOPBACK
    assert settings.check_window_s == 60


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"PHIEUKIN_ORIGIN": "https://phieukin.example"}, "no setting PHIEUKIN_ORIGIN"),
        ({"PHIEUKIN_VOTING_METHOD": "open"}, "no setting PHIEUKIN_VOTING_METHOD"),
        ({"PHIEUKIN_RP_ID": ""}, "missing: PHIEUKIN_RP_ID"),
        ({"PHIEUKIN_RP_ID": "other.example"}, "PHIEUKIN_RP_ID"),
        ({"PHIEUKIN_RP_ID": "kin.example"}, "PHIEUKIN_RP_ID"),
        ({"PHIEUKIN_ORIGINS": "http://phieukin.example"}, "https only"),
        ({"PHIEUKIN_ORIGINS": "https://phieukin.example/"}, "an origin such as"),
        ({"PHIEUKIN_ORIGINS": "https://phieukin.example\n"}, None),
        ({"PHIEUKIN_LOG_ORIGIN": "https://phieukin.example"}, "PHIEUKIN_LOG_ORIGIN"),
        ({"PHIEUKIN_CHECK_WINDOW_S": "0"}, "at least 30"),
        ({"PHIEUKIN_CHECK_WINDOW_S": "29"}, "at least 30"),
        ({"PHIEUKIN_CHECK_WINDOW_S": "1e3"}, "a whole number"),
        ({"PHIEUKIN_CHECK_WINDOW_S": "٣٠"}, "a whole number"),
        ({"PHIEUKIN_MAX_BODY_BYTES": "10"}, "a whole number from 1024"),
        ({"PHIEUKIN_CLIENT_HASH": "A" * 64}, "PHIEUKIN_CLIENT_HASH"),
        ({"PHIEUKIN_BOX_ORIGIN": "hom.phieukin.example"}, "PHIEUKIN_BOX_ORIGIN"),
        ({"PHIEUKIN_DATABASE_URL_BOARD": "postgresql://a:word@b/c"}, "all parties' URLs"),
    ],
)
def test_setting_that_is_refused(change: dict[str, str], message: str | None) -> None:
    """A wrong setting is named; a value, which may be a secret, is not repeated."""
    if message is None:
        settings_from_environment(SERVED | change)  # white space around a value is no fault
        return
    with pytest.raises(SettingsError) as refusal:
        settings_from_environment(SERVED | change)
    assert message in str(refusal.value)
    assert "word" not in str(refusal.value)


@pytest.mark.parametrize("missing", sorted(SERVED))
def test_half_of_a_place(missing: str) -> None:
    """Where it is served is said whole or, on a loopback address, not at all."""
    given = {name: value for name, value in SERVED.items() if name != missing}
    with pytest.raises(SettingsError, match=missing):
        settings_from_environment(given, LOOPBACK)


def test_nothing_beyond_loopback() -> None:
    """A service that others can reach must be told its origins."""
    with pytest.raises(SettingsError, match="PHIEUKIN_ORIGINS"):
        settings_from_environment({})


def test_no_check_window_in_a_simulation() -> None:
    """Only a simulation on a loopback address may go without the time to compare codes."""
    zero = {"PHIEUKIN_CHECK_WINDOW_S": "0"}
    assert settings_from_environment(zero, LOOPBACK).settings.check_window_s == 0
    with pytest.raises(SettingsError, match="at least 30"):
        settings_from_environment({"PHIEUKIN_CHECK_WINDOW_S": "5"}, LOOPBACK)


def test_all_parties_urls() -> None:
    """The operator's own roles: every party's URL."""
    urls = {
        f"PHIEUKIN_DATABASE_URL_{party.upper()}": f"postgresql://{party}@db/phieukin"
        for party in PARTIES
    }
    databases = settings_from_environment(SERVED | urls).databases
    assert databases.parties is not None
    assert databases.parties["ballot_box"] == "postgresql://ballot_box@db/phieukin"


def test_who_may_sign(tmp_path: Path) -> None:
    """Authorities, their lists and a time-stamp server; the latter two need the first."""
    roots, crls = tmp_path / "roots.pem", tmp_path / "crls"
    lists, server = {"PHIEUKIN_SIGNER_CRLS": str(crls)}, {"PHIEUKIN_TSA_URL": "https://tsa.example"}
    given = {"PHIEUKIN_SIGNER_ROOTS": str(roots)}
    with pytest.raises(SettingsError, match="SIGNER_ROOTS"):
        settings_from_environment(given, LOOPBACK)
    roots.write_bytes(b"")
    with pytest.raises(SettingsError, match="SIGNER_CRLS"):
        settings_from_environment(given | lists, LOOPBACK)
    crls.mkdir()
    settings = settings_from_environment(given | lists | server, LOOPBACK).settings
    assert (settings.signer_roots, settings.signer_crls) == (roots, crls)
    assert settings.tsa_url == "https://tsa.example"
    for alone, name in ((lists, "SIGNER_CRLS"), (server, "TSA_URL")):
        with pytest.raises(SettingsError, match=name):
            settings_from_environment(alone, LOOPBACK)
    with pytest.raises(SettingsError, match="TSA_URL"):
        settings_from_environment(given | {"PHIEUKIN_TSA_URL": "ftp://tsa.example"}, LOOPBACK)
