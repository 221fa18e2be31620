"""What `phieukin serve` keeps in its state folder: the embedded PostgreSQL and its password."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from services.embedded_postgres import EmbeddedPostgres

PASSWORD_FILE: Final = "database-password"
LOCK_FILE: Final = "lock"
CLUSTER_FOLDER: Final = "postgresql"


class StateFolderError(Exception):
    """The folder cannot be used; the message says what to change."""


@contextmanager
def embedded_cluster(state_dir: Path, *, durable: bool = True) -> Iterator[EmbeddedPostgres]:
    """
    The cluster of this folder, running; stopped at the end. `durable` off: see EmbeddedPostgres.

    Raises StateFolderError when another process of ours uses the folder, EmbeddedPostgresError.
    """
    state_dir = state_dir.absolute()
    # Run by root, PostgreSQL runs as somebody else, who must be able to pass but not to look.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    state_dir.mkdir(mode=mode, parents=True, exist_ok=True)
    if state_dir.stat().st_uid != os.geteuid():
        raise StateFolderError(f"{state_dir} belongs to somebody else")
    state_dir.chmod(mode)
    with _locked(state_dir / LOCK_FILE):
        postgres = EmbeddedPostgres(
            state_dir / CLUSTER_FOLDER, _password(state_dir), durable=durable
        )
        try:
            postgres.start()
            yield postgres
        finally:
            postgres.stop()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateFolderError(
                f"another phieukin serve uses {path.parent}; choose another --state-dir"
            ) from None
        yield


def _password(state_dir: Path) -> str:
    """The superuser's password: drawn once, kept 0600, never shown or logged."""
    path = state_dir / PASSWORD_FILE
    if not path.exists():
        if (state_dir / CLUSTER_FOLDER / "data").exists():
            raise StateFolderError(f"{path} is missing, and the cluster asks for it")
        partial = path.with_suffix(".new")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    return path.read_text()
