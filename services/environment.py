"""Settings and database addresses from PHIEUKIN_… variables; whatever is unknown is refused.

A service that starts with a misspelt setting runs with a default that nobody chose. Only a service
on a loopback address, which nobody else reaches, may start without saying where it is served.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from services.database import PARTIES
from services.settings import Settings

PREFIX: Final = "PHIEUKIN_"
OWNER_URL: Final = "PHIEUKIN_DATABASE_URL"
PARTY_URLS: Final = {party: f"{OWNER_URL}_{party.upper()}" for party in PARTIES}
TEXTS: Final = (
    "ORIGINS",
    "RP_ID",
    "LOG_ORIGIN",
    "STATE_DIR",
    "BOX_ORIGIN",
    "SOFTWARE_NAME",
    "CLIENT_DIR",
    "SIGNER_ROOTS",
    "SIGNER_CRLS",
    "TSA_URL",
)
# Name, least and greatest value.
NUMBERS: Final = {
    "CHECK_WINDOW_S": (0, 3600),
    "LOGIN_TTL_S": (300, 7 * 24 * 3600),
    "ENROLMENT_TTL_S": (300, 90 * 24 * 3600),
    "MAX_BODY_BYTES": (1024, 16 * 1024 * 1024),
    "MAX_PAPER_BYTES": (1024 * 1024, 1024 * 1024 * 1024),
}
# Read by other programs of the project, not by the service.
OTHERS: Final = frozenset({"PHIEUKIN_TRUSTEE_PASS_PHRASE"})
LEAST_CHECK_WINDOW_S: Final = 30
LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost"})
DEFAULT_STATE_DIR: Final = Path(".phieukin")

_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?", re.ASCII)
_LOG_ORIGIN: Final = re.compile(r"[a-z0-9.:-]+(?:/[a-z0-9._-]+)*", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class SettingsError(Exception):
    """The service must not start with these settings; the message says which to change."""


@dataclass(frozen=True)
class DatabaseAddresses:
    """
    Neither: the embedded server. `owner` alone: roles and tables are set up by the service.
    `parties` (all of them): the operator has made the roles.
    """

    owner: str | None
    parties: Mapping[str, str] | None


@dataclass(frozen=True)
class Environment:
    settings: Settings
    databases: DatabaseAddresses


def settings_from_environment(
    variables: Mapping[str, str], loopback_origins: tuple[str, ...] = ()
) -> Environment:
    """
    Read all PHIEUKIN_… variables; `loopback_origins` are used where no origin is given.

    Raises SettingsError.
    """
    given = {name: value for name, value in variables.items() if name.startswith(PREFIX)}
    known = {
        OWNER_URL,
        *PARTY_URLS.values(),
        *(PREFIX + name for name in (*TEXTS, *NUMBERS, "CLIENT_HASH")),
        *OTHERS,
    }
    if unknown := sorted(given.keys() - known):
        raise SettingsError(f"there is no setting {', '.join(unknown)}")
    texts = {name: given[PREFIX + name].strip() for name in TEXTS if PREFIX + name in given}
    numbers: dict[str, Any] = {
        name.lower(): _number(name, given[PREFIX + name])
        for name in NUMBERS
        if PREFIX + name in given
    }
    settings = Settings(
        **_place(texts, loopback_origins),
        state_dir=Path(texts["STATE_DIR"]) if "STATE_DIR" in texts else DEFAULT_STATE_DIR,
        box_origin=_origin("BOX_ORIGIN", texts["BOX_ORIGIN"]) if "BOX_ORIGIN" in texts else None,
        software_name=texts.get("SOFTWARE_NAME") or Settings.software_name,
        client_dir=Path(texts["CLIENT_DIR"]) if texts.get("CLIENT_DIR") else None,
        client_hash=_client_hash(given.get(PREFIX + "CLIENT_HASH")),
        signer_roots=Path(texts["SIGNER_ROOTS"]) if texts.get("SIGNER_ROOTS") else None,
        signer_crls=Path(texts["SIGNER_CRLS"]) if texts.get("SIGNER_CRLS") else None,
        tsa_url=texts.get("TSA_URL") or None,
        **numbers,
    )
    check_settings(settings)
    return Environment(settings, _databases(given))


def check_settings(settings: Settings) -> None:
    """Refuse values that do not go together. Raises SettingsError."""
    _check_signers(settings)
    hosts = {urlsplit(origin).hostname for origin in settings.origins}
    is_loopback = hosts <= LOOPBACK_HOSTS
    window_s = settings.check_window_s
    if window_s < LEAST_CHECK_WINDOW_S and not (is_loopback and window_s == 0):
        # protocol.md §8: phones compare and may claim in that time.
        raise SettingsError(
            f"PHIEUKIN_CHECK_WINDOW_S: at least {LEAST_CHECK_WINDOW_S};"
            " 0 only for a simulation on a loopback address"
        )
    if not is_loopback and any(origin.startswith("http:") for origin in settings.origins):
        raise SettingsError("PHIEUKIN_ORIGINS: https only, except on a loopback address")
    for host in hosts - LOOPBACK_HOSTS:
        if host != settings.rp_id and not str(host).endswith(f".{settings.rp_id}"):
            raise SettingsError(
                f"PHIEUKIN_RP_ID: must be the host of every origin or a parent of it, not of {host}"
            )


def _check_signers(settings: Settings) -> None:
    """What is judged by a file that is not there would be judged by nothing."""
    roots, crls, tsa_url = settings.signer_roots, settings.signer_crls, settings.tsa_url
    if roots is not None and not roots.is_file():
        raise SettingsError("PHIEUKIN_SIGNER_ROOTS: a PEM file of CA certificates")
    if crls is not None and (roots is None or not crls.is_dir()):
        raise SettingsError("PHIEUKIN_SIGNER_CRLS: a folder, together with PHIEUKIN_SIGNER_ROOTS")
    if tsa_url is not None and (roots is None or not tsa_url.startswith(("https://", "http://"))):
        raise SettingsError("PHIEUKIN_TSA_URL: an address, together with PHIEUKIN_SIGNER_ROOTS")


def _place(texts: Mapping[str, str], loopback_origins: tuple[str, ...]) -> dict[str, Any]:
    """Where the service is served: all three settings, or none on a loopback address."""
    names = ("ORIGINS", "RP_ID", "LOG_ORIGIN")
    missing = [PREFIX + name for name in names if not texts.get(name)]
    if not missing:
        origins = tuple(_origin("ORIGINS", each.strip()) for each in texts["ORIGINS"].split(","))
        if not _LOG_ORIGIN.fullmatch(texts["LOG_ORIGIN"]):
            raise SettingsError("PHIEUKIN_LOG_ORIGIN: a name such as phieukin.example/log")
        return {"origins": origins, "rp_id": texts["RP_ID"], "log_origin": texts["LOG_ORIGIN"]}
    if loopback_origins and len(missing) == len(names):
        return {"origins": loopback_origins, "rp_id": "localhost", "log_origin": "localhost/log"}
    raise SettingsError(f"missing: {', '.join(missing)}")


def _origin(name: str, value: str) -> str:
    if not _ORIGIN.fullmatch(value):
        raise SettingsError(f"{PREFIX}{name}: an origin such as https://phieukin.example")
    return value


def _number(name: str, value: str) -> int:
    least, greatest = NUMBERS[name]
    if not (value.isascii() and value.isdecimal() and least <= int(value) <= greatest):
        raise SettingsError(f"{PREFIX}{name}: a whole number from {least} to {greatest}")
    return int(value)


def _client_hash(value: str | None) -> str | None:
    if value is not None and not _HASH.fullmatch(value):
        raise SettingsError("PHIEUKIN_CLIENT_HASH: SHA-256 in 64 lowercase hex digits")
    return value


def _databases(given: Mapping[str, str]) -> DatabaseAddresses:
    found = {party: given[name] for party, name in PARTY_URLS.items() if name in given}
    if found and len(found) < len(PARTIES):
        missing = [name for party, name in PARTY_URLS.items() if party not in found]
        raise SettingsError(f"missing: {', '.join(missing)} (all parties' URLs, or none)")
    return DatabaseAddresses(given.get(OWNER_URL), found or None)
