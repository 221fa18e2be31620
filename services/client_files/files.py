"""The built web client as values, and how a folder of its files is read and checked."""

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

MANIFEST: Final = "client-manifest.txt"
INDEX: Final = "index.html"
ASSETS: Final = "assets/"
# Where `make web` builds it, and where a package has it.
BUILT_CLIENT: Final = Path(__file__).parents[1] / "web" / "dist"
MAX_FILES: Final = 1000
MAX_BYTES: Final = 32 * 1024 * 1024

# Texts, that gzip makes smaller, and pictures, that it does not. The framework adds the charset.
TEXT_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
PICTURE_TYPES: Final[Mapping[str, str]] = {
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
CONTENT_TYPES: Final[Mapping[str, str]] = {**TEXT_TYPES, **PICTURE_TYPES}
# The service's own paths, that no file of the client may take.
RESERVED: Final = ("api/", "health/")

_LINE: Final = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_-][A-Za-z0-9._/-]{0,199})", re.ASCII)


class ClientFilesError(Exception):
    """The folder does not hold a whole built client; the message says what is wrong with it."""


@dataclass(frozen=True)
class ClientFile:
    """One file as it is served; `gzipped` where that is smaller, `sha256` in hex."""

    path: str
    content: bytes
    gzipped: bytes | None
    content_type: str
    sha256: str

    @property
    def is_immutable(self) -> bool:
        """Its name holds its hash, so that a browser never has to ask for it again."""
        return self.path.startswith(ASSETS)


@dataclass(frozen=True)
class ClientFiles:
    """
    Every file of the built client by its path, without a leading slash.

    `client_hash` is SHA-256 of the bytes of `client-manifest.txt`, hex (protocol.md §11 "Client").
    """

    files: Mapping[str, ClientFile]
    client_hash: str

    @property
    def index(self) -> ClientFile:
        return self.files[INDEX]


def load_client_files(folder: Path) -> ClientFiles:
    """
    Read a folder that the client was built into, each file against the manifest.

    Raises ClientFilesError: a file that is missing, is changed, is not in the manifest, or is of
    no known kind; a build that was interrupted must not be served.
    """
    try:
        found = dict(_read_folder(folder))
    except OSError as error:
        raise ClientFilesError(f"{folder}: {error.strerror}") from error
    if MANIFEST not in found:
        raise ClientFilesError(f"{folder} has no {MANIFEST}: build the client with `make web`")
    expected = _parse_manifest(found[MANIFEST])
    _compare(expected, found)
    files = {path: _client_file(path, content) for path, content in found.items()}
    return ClientFiles(files, files[MANIFEST].sha256)


def _read_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    total = 0
    for number, path in enumerate(sorted(each for each in folder.rglob("*") if not each.is_dir())):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file():
            raise ClientFilesError(f"{name} is not a plain file")
        total += path.stat().st_size
        if number >= MAX_FILES or total > MAX_BYTES:
            raise ClientFilesError(f"more than {MAX_FILES} files or {MAX_BYTES} bytes")
        yield name, path.read_bytes()


def _parse_manifest(manifest: bytes) -> dict[str, str]:
    """Hashes by path: lines `<sha256 hex>  <path>`, sorted by path, as `sha256sum` writes them."""
    try:
        text = manifest.decode("ascii")
    except UnicodeDecodeError:
        raise ClientFilesError(f"{MANIFEST}: not ASCII") from None
    if not text.endswith("\n"):
        raise ClientFilesError(f"{MANIFEST}: its last line is not whole")
    hashes: dict[str, str] = {}
    for number, line in enumerate(text[:-1].split("\n"), start=1):
        match = _LINE.fullmatch(line)
        if match is None or not _is_plain(match[2]):
            raise ClientFilesError(f"{MANIFEST}, line {number}: not a hash and a path")
        if hashes and match[2] <= next(reversed(hashes)):
            raise ClientFilesError(f"{MANIFEST}, line {number}: not sorted by path")
        hashes[match[2]] = match[1]
    return hashes


def _is_plain(path: str) -> bool:
    """Neither out of the folder, nor hidden, nor the manifest itself, nor the service's own."""
    parts = path.split("/")
    is_hidden = any(part == "" or part.startswith(".") for part in parts)
    return not is_hidden and path != MANIFEST and not path.startswith(RESERVED)


def _compare(expected: Mapping[str, str], found: Mapping[str, bytes]) -> None:
    names = found.keys() - {MANIFEST}
    if missing := sorted(expected.keys() - names):
        raise ClientFilesError(f"missing: {', '.join(missing[:5])}")
    if unknown := sorted(names - expected.keys()):
        raise ClientFilesError(f"not in {MANIFEST}: {', '.join(unknown[:5])}")
    for path, sha256 in expected.items():
        if hashlib.sha256(found[path]).hexdigest() != sha256:
            raise ClientFilesError(f"{path} is not the file that {MANIFEST} names")
        if PurePosixPath(path).suffix not in CONTENT_TYPES:
            raise ClientFilesError(f"{path}: a kind of file that a client does not have")
    if INDEX not in expected:
        raise ClientFilesError(f"missing: {INDEX}")


def _client_file(path: str, content: bytes) -> ClientFile:
    suffix = PurePosixPath(path).suffix
    # No time in it: two processes of one service serve the same bytes.
    smaller = gzip.compress(content, 9, mtime=0) if suffix in TEXT_TYPES else content
    return ClientFile(
        path=path,
        content=content,
        gzipped=smaller if len(smaller) < len(content) else None,
        content_type=CONTENT_TYPES[suffix],
        sha256=hashlib.sha256(content).hexdigest(),
    )
