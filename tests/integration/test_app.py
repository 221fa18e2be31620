"""What every answer of the application has in common."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, get

from services.api_document import TAGS, api_document, references
from services.app import create_app
from services.cli.openapi import render_document
from services.database import PARTIES, Databases, open_databases
from services.problems import TEXTS
from services.settings import Settings
from tests.integration.conftest import API, COUNCIL, ORIGIN, Hall, Person

ROOT = Path(__file__).parents[2]
PROBLEM = "application/problem+json"
STRANGER = "https://other.example"


def problem_name(answer: httpx.Response) -> str:
    """The problem's name; also checks that it is a whole problem document (RFC 9457)."""
    assert answer.headers["content-type"] == PROBLEM
    document = answer.json()
    assert document["status"] == answer.status_code
    for member in ("title", "detail", "en"):
        assert document[member]
        assert "{" not in document[member]
    return str(document["type"]).removeprefix("urn:phieukin:problem:")


def client_of(app: Litestar) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN)


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status", "name"),
    [
        ("GET", "/no/such/path", b"", {}, 404, "not-found"),
        ("GET", f"{API}/no/such/path", b"", {}, 404, "not-found"),
        ("GET", f"{API}/nothing", b"", {}, 404, "not-found"),
        ("DELETE", f"{API}/login", b"", {}, 405, "method-not-allowed"),
        ("POST", f"{API}/login", b"{", {}, 400, "malformed-request"),
        ("POST", f"{API}/login", b"\xff", {}, 400, "malformed-request"),
        ("POST", f"{API}/login", b"{}", {}, 422, "invalid-input"),
        ("POST", f"{API}/login", b"[]", {}, 422, "invalid-input"),
        ("GET", f"{API}/councils/{'a' * 32}", b"", {}, 401, "login-required"),
        ("POST", f"{API}/login/nonces", b"{}", {"origin": STRANGER}, 403, "origin-not-allowed"),
        ("POST", f"{API}/login/nonces", b"{}", {"origin": "null"}, 403, "origin-not-allowed"),
    ],
)
async def test_refusal_is_a_problem_document(
    http: httpx.AsyncClient,
    method: str,
    path: str,
    content: bytes,
    headers: dict[str, str],
    status: int,
    name: str,
) -> None:
    """Whoever refuses, the answer is a problem document with every security header."""
    answer = await http.request(method, path, content=content, headers=headers)
    assert (answer.status_code, problem_name(answer)) == (status, name)
    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_body_of_too_many_bytes(http: httpx.AsyncClient, settings: Settings) -> None:
    """A body over the limit is refused, announced or not."""
    body = b'{"code": "' + b"a" * settings.max_body_bytes + b'"}'

    async def chunks() -> Any:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    for content in (body, chunks()):
        answer = await http.post(f"{API}/enrolments/inspect", content=content)
        assert (answer.status_code, problem_name(answer)) == (413, "body-too-large")


async def test_unknown_field_is_named(secretary: Person) -> None:
    """An unknown field is refused, with its place, however deep it is."""
    council = COUNCIL | {"issuer": {**COUNCIL["issuer"], "logo": "x"}}  # type: ignore[dict-item]
    answer = await secretary.ask("POST", "/councils", {"council": council})
    assert (answer.status_code, problem_name(answer)) == (422, "invalid-input")
    (error,) = answer.json()["errors"]
    assert error["field"] == "council.issuer"
    assert "logo" in error["message"]
    answer = await secretary.ask("POST", "/councils", {"council": COUNCIL | {"logo": "x"}})
    assert answer.json()["errors"][0]["field"] == "council"
    answer = await secretary.ask("POST", "/councils", {})
    assert answer.json()["errors"][0]["field"] == ""


async def test_wrong_value_is_named(secretary: Person, hall: Hall) -> None:
    """A wrong value is refused with its place, and nothing is stored."""
    member = {"no": 0, "name": "Lê An", "position": "", "council_role": ""}
    path = f"/councils/{hall.id}/members"
    answer = await secretary.ask("PUT", path, {"members": [member]})
    assert answer.json()["errors"][0]["field"] == "members[0].no"
    assert len((await secretary.ask("GET", f"/councils/{hall.id}")).json()["members"]) == 3


async def test_request_from_our_own_page(secretary: Person) -> None:
    """A browser on our page, and a program without Origin, may change things."""
    for headers in ({"origin": ORIGIN}, {}):
        assert (await secretary.ask("POST", "/login/nonces", {}, headers=headers)).is_success


async def test_member_may_not_do_the_secretarys_work(hall: Hall, http: httpx.AsyncClient) -> None:
    """A member sees the council, and changes nothing."""
    member = Person(http)
    await member.enrol(await hall.invite(1))
    await member.log_in()
    for method, path, body in (
        ("POST", "/councils", {"council": COUNCIL}),
        ("PUT", f"/councils/{hall.id}/members", {"members": [_member(1)]}),
        ("POST", f"/councils/{hall.id}/members/1/invitation", {}),
        ("POST", f"/councils/{hall.id}/auditors", {"name": "Ai đó"}),
    ):
        answer = await member.ask(method, path, body)
        assert (answer.status_code, problem_name(answer)) == (403, "not-allowed")


def _member(no: int) -> dict[str, object]:
    return {"no": no, "name": "Lê An", "position": "", "council_role": ""}


async def test_crash_tells_nothing(
    settings: Settings, databases: Databases, capfd: pytest.CaptureFixture[str]
) -> None:
    """A crash shows its type in the log and its message nowhere: that may hold a secret."""

    @get("/crash", include_in_schema=False)
    async def crash() -> None:
        raise RuntimeError("a mark of a member")

    app = create_app(settings, databases)
    app.register(crash)
    async with client_of(app) as client:
        answer = await client.get("/crash")
    assert (answer.status_code, problem_name(answer)) == (500, "internal-error")
    assert "mark" not in answer.text
    written = capfd.readouterr()
    assert "mark" not in written.out + written.err
    line = json.loads(written.err)
    assert (line["event"], line["kind"]) == ("http.crash", "RuntimeError")


async def test_requests_leave_no_line(
    http: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    """Requests are not logged: the order of lines would tell who voted when."""
    await http.get(f"{API}/presets")
    await http.post(f"{API}/login", json={})
    written = capfd.readouterr()
    assert (written.out, written.err) == ("", "")


async def test_health(http: httpx.AsyncClient) -> None:
    """A proxy can ask whether the process lives and whether it can work."""
    assert (await http.get("/health/live")).text == "alive"
    assert (await http.get("/health/ready")).text == "ready"


async def test_without_database(settings: Settings, tmp_path: Path) -> None:
    """Without its database the service lives, but is not ready."""
    nowhere = f"postgresql+asyncpg://nobody@/nothing?host={tmp_path}"
    databases = open_databases(dict.fromkeys(PARTIES, nowhere))
    async with client_of(create_app(settings, databases)) as client:
        answer = await client.get("/health/ready")
        assert (answer.status_code, problem_name(answer)) == (503, "not-ready")
        assert (await client.get("/health/live")).status_code == 200
    await databases.dispose()


async def test_answers_have_their_length(http: httpx.AsyncClient) -> None:
    """No answer is compressed: its length would then depend on what it says."""
    answer = await http.get(f"{API}/presets", headers={"accept-encoding": "gzip, br"})
    assert "content-encoding" not in answer.headers


async def test_presets_carry_the_notice(http: httpx.AsyncClient) -> None:
    """Every list of presets begins with the sentence that the secretary must check them."""
    presets = (await http.get(f"{API}/presets")).json()
    assert presets["notice"].startswith("Mức tham khảo.")
    assert {each["name"] for each in presets["presets"]} >= {"council-90", "council-80", "own"}
    assert all(each["caution"] for each in presets["presets"])


def test_document_is_current() -> None:
    """schemas/openapi.json is what `phieukin openapi` prints."""
    assert (ROOT / "schemas" / "openapi.json").read_text() == render_document()


async def test_document_is_served(app: Litestar, http: httpx.AsyncClient) -> None:
    """The served document is the same."""
    assert (await http.get(f"{API}/openapi.json")).json() == api_document(app)


def test_document_is_complete(app: Litestar) -> None:
    """Every operation has a party, a name, a summary and its refusals as problem documents."""
    document = api_document(app)
    assert document["openapi"].startswith("3.1")
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        (tag,) = operation["tags"]
        assert tag in TAGS
        assert operation["summary"]
        refusals = {status for status in operation["responses"] if status >= "400"}
        assert {"400", "403", "405", "413", "422", "500"} <= refusals
        for status in refusals:
            (media_type,) = operation["responses"][status]["content"]
            assert media_type == PROBLEM
    assert all(reference.startswith("#/components/") for reference in references(document))


def test_document_forbids_unknown_fields(app: Litestar) -> None:
    """Every body that is taken refuses what it does not know, and says so."""
    document = api_document(app)
    bodies = {
        body["schema"]["$ref"].rpartition("/")[2]
        for path in document["paths"].values()
        for operation in path.values()
        for body in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in body["schema"]
    }
    assert {"LoginBody", "EmptyBody", "CouncilBody"} <= bodies
    for name in bodies:
        assert document["components"]["schemas"][name]["additionalProperties"] is False


def test_no_field_is_named_as_a_dependency(app: Litestar) -> None:
    """Else litestar would take an error in that field for a crash of ours and answer 500."""
    dependencies = set(app.dependencies or {})
    assert "council_party" in dependencies
    for schema in api_document(app)["components"]["schemas"].values():
        assert not dependencies & schema.get("properties", {}).keys() - SHOWN_ONLY


# In answers only.
SHOWN_ONLY = {"account"}


def test_no_path_takes_a_ballot(app: Litestar) -> None:
    """No endpoint takes a tracker, leaf or index of a ballot (protocol.md §7)."""
    parameters = {
        name for path in api_document(app)["paths"] for name in re.findall(r"{(\w+)}", path)
    }
    assert parameters <= {
        *("account_id", "council_id", "meeting_id", "paper_id", "uuid", "no", "name"),
        *("field", "request_id", "copy_id", "code"),
    }
    for path in api_document(app)["paths"].values():
        for operation in path.values():
            assert all(each["in"] == "path" for each in operation.get("parameters", []))


def test_sentences_say_what_to_do() -> None:
    """Every problem has a title and sentences in Vietnamese and English."""
    for name, text in TEXTS.items():
        assert re.fullmatch(r"[a-z][a-z0-9-]*", name)
        for sentence in (text.detail, text.en):
            assert sentence[-1] in ".!?)", name
        assert text.title[-1] != ".", name
