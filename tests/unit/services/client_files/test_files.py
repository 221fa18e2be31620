"""A folder is a whole built client, or it is not served at all."""

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from services.client_files.files import ClientFilesError, load_client_files
from services.client_files.http import takes_gzip

SCRIPT = b"export const title = 'Phi\xe1\xba\xbfu K\xc3\xadn';\n" * 20
BUILT: Mapping[str, bytes] = {
    "assets/index-BZ31x9.js": SCRIPT,
    "favicon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "icons/192.png": b"\x89PNG",
    "index.html": b"<!doctype html>",
}


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    lines = [f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)]
    return "".join(lines).encode()


def build(folder: Path, files: Mapping[str, bytes], manifest: bytes | None = None) -> Path:
    written = {**files, "client-manifest.txt": manifest or manifest_of(files)}
    for path, content in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_built_client(tmp_path: Path) -> None:
    """Its hash is that of the manifest's bytes; texts have a smaller form, pictures none."""
    client = load_client_files(build(tmp_path, BUILT))
    assert client.client_hash == hashlib.sha256(manifest_of(BUILT)).hexdigest()
    assert client.files.keys() == {*BUILT, "client-manifest.txt"}
    script = client.files["assets/index-BZ31x9.js"]
    assert script.content == SCRIPT
    assert script.gzipped is not None
    assert len(script.gzipped) < len(SCRIPT)
    assert gzip.decompress(script.gzipped) == SCRIPT
    assert script.is_immutable
    assert not client.index.is_immutable
    assert client.files["icons/192.png"].gzipped is None
    again = load_client_files(tmp_path).files["assets/index-BZ31x9.js"]
    assert again.gzipped == script.gzipped


def test_folder_without_manifest(tmp_path: Path) -> None:
    """An interrupted build has no manifest yet, and is not served."""
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    with pytest.raises(ClientFilesError, match="make web"):
        load_client_files(tmp_path)
    with pytest.raises(ClientFilesError):
        load_client_files(tmp_path / "nothing")


def test_file_that_was_changed(tmp_path: Path) -> None:
    """A file with other bytes than the manifest names stops the service: the hash would lie."""
    build(tmp_path, BUILT)
    (tmp_path / "index.html").write_bytes(b"<!DOCTYPE html>")
    with pytest.raises(ClientFilesError, match=r"index\.html is not the file"):
        load_client_files(tmp_path)


def test_file_that_is_missing_or_added(tmp_path: Path) -> None:
    """The manifest names every file, and no other."""
    build(tmp_path, BUILT)
    (tmp_path / "assets" / "other.js").write_bytes(b"")
    with pytest.raises(ClientFilesError, match=r"not in .*: assets/other\.js"):
        load_client_files(tmp_path)
    (tmp_path / "assets" / "other.js").unlink()
    (tmp_path / "favicon.svg").unlink()
    with pytest.raises(ClientFilesError, match=r"missing: favicon\.svg"):
        load_client_files(tmp_path)


def test_link_to_another_file(tmp_path: Path) -> None:
    """A link could lead out of the folder."""
    build(tmp_path, BUILT)
    (tmp_path / "assets" / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(ClientFilesError, match="plain file"):
        load_client_files(tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        {"favicon.svg": b"<svg/>"},
        {**BUILT, "index.php": b""},
        {**BUILT, ".htaccess": b""},
        {**BUILT, "api/v1/me": b""},
        {**BUILT, "health/live.txt": b"alive"},
        {**BUILT, "a b.js": b""},
        {**BUILT, "Hội.js": b""},
    ],
)
def test_file_that_no_client_has(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    """No page without index.html, no unknown kind, no hidden file, none of the service's paths."""
    with pytest.raises(ClientFilesError):
        load_client_files(build(tmp_path, files))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"",
        lambda text: text[:-1],
        lambda text: text.upper(),
        lambda text: text.replace(b"  ", b" *"),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"".join(reversed(text.splitlines(keepends=True))),
        lambda text: text + text.splitlines(keepends=True)[-1],
        lambda text: text.replace(b"index.html", b"../index.html"),
    ],
)
def test_manifest_of_another_form(tmp_path: Path, change: object) -> None:
    """One client has one manifest: sorted, each path once, in the form of sha256sum."""
    assert callable(change)
    build(tmp_path, BUILT)
    (tmp_path / "client-manifest.txt").write_bytes(change(manifest_of(BUILT)))
    with pytest.raises(ClientFilesError):
        load_client_files(tmp_path)


@pytest.mark.parametrize(
    ("accept_encoding", "expected"),
    [
        ("", False),
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0, *", False),
        ("gzip; q=0.000", False),
        ("*", True),
        ("*;q=0", False),
        ("br", False),
        ("x-gzip", False),
    ],
)
def test_who_takes_gzip(accept_encoding: str, expected: bool) -> None:
    """A compressed answer goes only to who asked for it."""
    assert takes_gzip(accept_encoding) is expected
