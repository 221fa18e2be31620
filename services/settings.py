"""Settings of the service: one frozen dataclass, each field with its meaning and unit."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """
    What the operator decides. Read by `settings_from_environment` in `environment.py`.

    `origins`: where the client is served, as browsers write it ("https://phieukin.example"); the
    first is the public one, in links. `rp_id`: the passkeys' relying party, a host name.
    `log_origin`: name of the log in checkpoints, without scheme ("phieukin.example/log").
    """

    origins: tuple[str, ...]
    rp_id: str
    log_origin: str
    state_dir: Path  # embedded PostgreSQL and generated passwords; 0700
    box_origin: str | None = None  # the box's own host name, where it has one
    check_window_s: int = 60  # between closing and opening the sum; 0 only in a simulation
    login_ttl_s: int = 12 * 3600
    enrolment_ttl_s: int = 14 * 24 * 3600
    max_body_bytes: int = 1_048_576  # of any JSON request; papers have their own limit
    max_paper_bytes: int = 64 * 1024 * 1024
    software_name: str = "Phiếu Kín"
    client_dir: Path | None = None  # the built client to serve; none: no client is served
    client_hash: str | None = None  # SHA-256 of its manifest, hex (protocol.md §11 "Client")
    signer_roots: Path | None = None  # PEM of CA certificates; none: issuers are not judged
    signer_crls: Path | None = None  # folder of their revocation lists (*.crl)
    tsa_url: str | None = None  # RFC 3161; none: signatures stay at PAdES B-B
