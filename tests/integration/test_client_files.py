"""The service serves the built client, and nothing of it where there is none."""

import gzip
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from services.app import create_app
from services.client_files.files import ClientFiles, load_client_files
from services.database import Databases
from services.settings import Settings
from tests.integration.conftest import API, ORIGIN
from tests.integration.test_app import client_of, problem_name

INDEX = b"<!doctype html><title>Phieu Kin</title>" + b"<p>x</p>" * 50
SCRIPT = b"console.log(1);" * 50
FILES: Mapping[str, bytes] = {
    "assets/index-a1b2.js": SCRIPT,
    "favicon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "index.html": INDEX,
    "manifest.webmanifest": b"{}",
    "service_worker.js": b"1;",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> ClientFiles:
    folder = tmp_path_factory.mktemp("dist")
    (folder / "assets").mkdir()
    lines = []
    for path, content in FILES.items():
        (folder / path).write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
    (folder / "client-manifest.txt").write_text("".join(lines))
    return load_client_files(folder)


@pytest_asyncio.fixture(loop_scope="session")
async def browser(
    settings: Settings, databases: Databases, client: ClientFiles
) -> AsyncIterator[httpx.AsyncClient]:
    served = replace(settings, client_hash=client.client_hash)
    async with client_of(create_app(served, databases, client=client)) as http:
        yield http


@pytest.mark.parametrize(
    "path", ["/", "/join", "/ballot", "/hall", "/kiosk", "/verify", "/secretary/meetings/0af3"]
)
async def test_page(browser: httpx.AsyncClient, path: str) -> None:
    """Every page is one document, asked for anew each time, so that a new client arrives."""
    answer = await browser.get(path)
    assert (answer.status_code, answer.content) == (200, INDEX)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "trusted-types phieukin" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("assets/index-a1b2.js", "text/javascript; charset=utf-8"),
        ("favicon.svg", "image/svg+xml"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("service_worker.js", "text/javascript; charset=utf-8"),
        ("client-manifest.txt", "text/plain; charset=utf-8"),
    ],
)
async def test_file(
    browser: httpx.AsyncClient, client: ClientFiles, path: str, content_type: str
) -> None:
    """A file comes as it was built, with its type; only hashed names are kept for ever."""
    answer = await browser.get(f"/{path}")
    assert (answer.status_code, answer.content) == (200, client.files[path].content)
    assert answer.headers["content-type"] == content_type
    is_hashed = path.startswith("assets/")
    expected = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
    assert answer.headers["cache-control"] == expected
    assert answer.headers["vary"] == "accept-encoding"


async def test_hash_of_the_client(browser: httpx.AsyncClient, client: ClientFiles) -> None:
    """Anybody can compute `client_hash` from what is served."""
    manifest = (await browser.get("/client-manifest.txt")).content
    assert hashlib.sha256(manifest).hexdigest() == client.client_hash
    for line in manifest.decode().splitlines():
        sha256, _, path = line.partition("  ")
        content = (await browser.get(f"/{'' if path == 'index.html' else path}")).content
        assert hashlib.sha256(content).hexdigest() == sha256


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_known_file_is_not_sent_again(browser: httpx.AsyncClient, encoding: str) -> None:
    """The tag names the bytes: each form has its own, and who has them gets 304."""
    headers = {"accept-encoding": encoding}
    for path in ("/", "/service_worker.js", "/client-manifest.txt", "/assets/index-a1b2.js"):
        tag = (await browser.get(path, headers=headers)).headers["etag"]
        assert tag.startswith('"')
        for known in (tag, f'"other", W/{tag}', "*"):
            again = await browser.get(path, headers=headers | {"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert "content-security-policy" in again.headers
        changed = await browser.get(path, headers=headers | {"if-none-match": '"other"'})
        assert changed.status_code == 200


async def test_compressed_form(browser: httpx.AsyncClient) -> None:
    """Texts are compressed for who asks for it; the two forms have different tags."""
    plain = await browser.get("/", headers={"accept-encoding": "identity"})
    async with browser.stream("GET", "/", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(raw) < len(INDEX)
    assert gzip.decompress(raw) == INDEX
    assert answer.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in plain.headers


async def test_head(browser: httpx.AsyncClient) -> None:
    """HEAD tells what GET would, without the content."""
    for path in ("/", "/join", "/assets/index-a1b2.js"):
        got = await browser.get(path)
        asked = await browser.head(path)
        assert (asked.status_code, asked.content) == (200, b"")
        assert asked.headers == got.headers


@pytest.mark.parametrize(
    "path",
    [
        *("/index.html", "/assets/other.js", "/assets/", "/assets", "/no/such/page"),
        *("/join/x.js", "/secretary/index.html", "/robots.txt"),
        *("/assets/../index.html", "/%2e%2e/etc/passwd", "/joining", f"{API}/join"),
    ],
)
async def test_path_without_file(browser: httpx.AsyncClient, path: str) -> None:
    """What is not there is a problem document, never the first page."""
    answer = await browser.get(path)
    assert (answer.status_code, problem_name(answer)) == (404, "not-found")
    assert answer.headers["cache-control"] == "no-store"


async def test_page_takes_nothing(browser: httpx.AsyncClient) -> None:
    """A page is read, never written to."""
    for method in ("POST", "PUT", "DELETE"):
        answer = await browser.request(method, "/", headers={"origin": ORIGIN})
        assert (answer.status_code, problem_name(answer)) == (405, "method-not-allowed")


async def test_answers_of_the_api_stay_as_they_are(browser: httpx.AsyncClient) -> None:
    """Where a client is served, the API's answers are still neither kept nor compressed."""
    answer = await browser.get(f"{API}/presets", headers={"accept-encoding": "gzip"})
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in answer.headers
    assert "etag" not in answer.headers


async def test_service_without_client(http: httpx.AsyncClient) -> None:
    """No client was built: the API alone is served, and says so by a problem document."""
    for path in ("/", "/join", "/client-manifest.txt"):
        answer = await http.get(path)
        assert (answer.status_code, problem_name(answer)) == (404, "not-found")


async def test_box_with_a_host_of_its_own(settings: Settings, databases: Databases) -> None:
    """Pages may connect to the box where it has its own host, and to nobody else."""
    own = replace(settings, box_origin="https://hom.phieukin.example")
    async with client_of(create_app(own, databases)) as http:
        policy = (await http.get("/health/live")).headers["content-security-policy"]
    assert "connect-src 'self' https://hom.phieukin.example;" in policy
    async with client_of(create_app(settings, databases)) as http:
        policy = (await http.get("/health/live")).headers["content-security-policy"]
    assert "connect-src 'self';" in policy


def test_paths_are_no_part_of_the_api(tmp_path: Path, settings: Settings) -> None:
    """The client's paths are not in the API's document."""
    document = (Path(__file__).parents[2] / "schemas" / "openapi.json").read_text()
    assert "/client-manifest.txt" not in document
