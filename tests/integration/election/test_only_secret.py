"""Every way in: no request, document or row ever gets another method than the secret ballot.

protocol.md §2, "Only secret"; the vocabulary itself is tested in tests/unit/schemas.
"""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from litestar import Litestar
from sqlalchemy.exc import DBAPIError

from schemas.canonical import encode
from schemas.entries import EntryError, decode_entry, encode_entry
from schemas.only_secret import METHOD, names_method, names_open_vote
from schemas.terms import Terms
from services.api_document import api_document
from services.election.issuing import issue_ballots
from services.election.store import election_table, metadata
from services.problems import TEXTS
from tests.integration.conftest import Person
from tests.integration.election.hall import Hall

WORDS = (
    "Phần mềm chỉ tổ chức bỏ phiếu kín khi xét danh hiệu thi đua, khen thưởng;"
    " không có hình thức giơ tay hay biểu quyết."
)
METHODS: list[object] = [
    *("show_of_hands", "open", "roll_call", "giơ tay", "biểu quyết", "public", "Secret", ""),
    *(None, True, 0, [], {"name": "open"}),
]
FLAGS = [
    {"open": True},
    {"is_open": False},
    {"show_of_hands": True},
    {"secret": False},
    {"anonymous": "no"},
    {"giơ_tay": 1},
    {"bieuQuyet": "x"},
    {"công khai": True},
    {"ballot_type": "open"},
    {"voting_mode": "roll_call"},
    {"votingMethod": "viva-voce"},
    {"hình thức": "giơ tay"},
    {"options": {"deep": [{"how": "Biểu quyết công khai"}]}},
    {"extra": "show of hands"},
]


def draft_body(**changes: object) -> dict[str, Any]:
    rule = {
        "share": "80%",
        "comparator": "at_least",
        "base": "all_members",
        "citation": "Điều 9 Quy chế: bỏ phiếu kín, không thực hiện biểu quyết",
    }
    nomination = {
        "no": 1,
        "kind": "individual",
        "name": "Nguyễn Thị Một",
        "unit": "Phòng Một",
        "award": "Bằng khen",
        "rule": rule,
        "summary": "Từng được bình chọn giơ tay; nay không biểu quyết công khai",
    }
    return {
        "group": "Ed25519",
        "nominations": [nomination],
        "quorum": {"share": "2/3"},
        **changes,
    }


def assert_refused(answer: Any) -> None:
    """The refusal is its own problem, in the words that the council may read."""
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["type"] == "urn:phieukin:problem:open-vote-forbidden"
    assert problem["detail"] == WORDS
    assert answer.headers["content-type"] == "application/problem+json"


async def drafts_of(hall: Hall) -> list[sa.Row[Any]]:
    async with hall.election.database.engine.connect() as connection:
        mine = election_table.c.meeting_id == hall.meeting_id
        return list(await connection.execute(sa.select(election_table).where(mine)))


@pytest.mark.parametrize("method", METHODS)
async def test_draft_that_names_another_method(
    hall: Hall, secretary: Person, method: object
) -> None:
    """`method` has one value, and nothing is stored of a request with another."""
    path = f"/meetings/{hall.meeting_id}/elections"
    assert_refused(await secretary.ask("POST", path, draft_body(method=method)))
    assert await drafts_of(hall) == []


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: next(iter(flag)))
async def test_draft_with_a_flag_or_field_for_it(
    hall: Hall, secretary: Person, flag: dict[str, object]
) -> None:
    """Any name, value or flag, at any depth, before it is called an unknown field."""
    path = f"/meetings/{hall.meeting_id}/elections"
    assert_refused(await secretary.ask("POST", path, draft_body(**flag)))
    nested = draft_body()
    nested["nominations"][0]["rule"] |= flag
    assert_refused(await secretary.ask("POST", path, nested))
    assert await drafts_of(hall) == []


async def test_method_secret_or_left_out(hall: Hall, secretary: Person) -> None:
    """Both are the same draft; the council's own words about open votes pass."""
    path = f"/meetings/{hall.meeting_id}/elections"
    for body in (draft_body(), draft_body(method="secret")):
        answer = await secretary.ask("POST", path, body)
        assert answer.status_code == 201, answer.text
        view = answer.json()
        assert view["method"] == "secret"
        rule = view["nominations"][0]["rule"]
        assert rule["citation"] == "Điều 9 Quy chế: bỏ phiếu kín, không thực hiện biểu quyết"
    assert {row.method for row in await drafts_of(hall)} == {"secret"}


async def test_every_endpoint(hall: Hall, secretary: Person) -> None:
    """Wherever it is asked: the body of any act, and also where there is no body."""
    uuid = await hall.draft()
    meeting, election = f"/meetings/{hall.meeting_id}", f"/elections/{uuid}"
    asked = {"method": "show_of_hands"}
    for verb, path in [
        ("POST", "/meetings"),
        ("PUT", f"{meeting}/officers"),
        ("PUT", f"{meeting}/settings"),
        ("POST", f"{meeting}/end"),
        ("POST", f"{meeting}/hall"),
        ("POST", "/hall"),
        ("POST", f"{meeting}/elections"),
        ("PUT", f"{election}/nominations"),
        ("PUT", f"{election}/counting-team"),
        *(("POST", f"{election}/{act}") for act in ("issue", "start", "close", "cancel")),
        ("PUT", f"{meeting}/members/1/attendance"),
        ("POST", f"{meeting}/checkin"),
        ("PUT", f"{meeting}/texts"),
        ("POST", f"{election}/issuance"),
        ("POST", f"{election}/claims"),
        ("POST", f"{election}/ceremony/certificate"),
        ("POST", f"{election}/partial-decryptions"),
        ("POST", f"{election}/announce"),
        ("POST", f"{election}/counting-minute"),
        ("POST", "/councils"),
        ("PUT", f"/councils/{hall.council_id}/members"),
        ("GET", meeting),
        ("GET", election),
        ("GET", f"{election}/events"),
        ("GET", f"{election}/board/entries"),
        ("GET", f"{election}/record.zip"),
    ]:
        assert_refused(await secretary.ask(verb, path, asked))
        assert_refused(await secretary.ask(verb, path, params={"ballot_type": "open"}))
        assert_refused(await secretary.ask(verb, path, headers={"x-voting-method": "open"}))
    assert (await hall.read(uuid)).version == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"method":"open","method":"secret"}',
        rb'{"m\u0065thod":"\u006fpen"}',
        b"method=open",
        json.dumps({"method": unicodedata.normalize("NFD", "giơ tay")}).encode(),
        '{"phương thức":"bỏ phiếu công khai"}'.encode(),
        '{"method":"giơ tay"}'.encode("utf-16"),
    ],
)
async def test_body_in_disguise(hall: Hall, secretary: Person, body: bytes) -> None:
    """Twice the same field, escapes, forms, other encodings."""
    path = f"/meetings/{hall.meeting_id}/elections"
    headers = {"content-type": "application/json"}
    assert_refused(await secretary.ask("POST", path, content=body, headers=headers))


async def test_unknown_field_that_asks_for_nothing_open(hall: Hall, secretary: Person) -> None:
    """It is an ordinary mistake and is called one."""
    path = f"/meetings/{hall.meeting_id}/elections"
    answer = await secretary.ask("POST", path, draft_body(colour="red"))
    assert answer.json()["type"] == "urn:phieukin:problem:invalid-input"


async def test_no_endpoint_for_it(secretary: Person) -> None:
    """There is no address where an open vote could be held."""
    for path in ("/open-votes", "/elections/open", "/show-of-hands", "/bieu-quyet"):
        assert (await secretary.ask("POST", path, {})).status_code in (404, 405, 422), path


def names_and_values(document: object) -> Iterator[str]:
    """Every property name, enum value and constant of a JSON schema, and every path."""
    if isinstance(document, dict):
        for name in ("properties", "paths"):
            yield from document.get(name, {})
        for name in ("enum", "const"):
            found = document.get(name, ())
            yield from map(str, found if isinstance(found, list) else [found])
        for value in document.values():
            yield from names_and_values(value)
    elif isinstance(document, list):
        for value in document:
            yield from names_and_values(value)


def test_api_document_offers_no_other_method(app: Litestar) -> None:
    """No key, enum value, flag or path of OpenAPI names another; `method` has one value."""
    document = api_document(app)
    offered = set(names_and_values(document))
    assert {name for name in offered if names_open_vote(name)} == set()
    assert {name for name in offered if names_method(name)} == {"method"}
    text = json.dumps(document)
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        method = schema.get("properties", {}).get("method")
        if method is not None:
            assert method.get("enum", [method.get("const")]) == [METHOD]
    assert '"method"' in text


async def test_terms_with_another_method(hall: Hall) -> None:
    """An entry that says another method is no entry: nobody could verify such a record."""
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    terms = (await hall.log(uuid)).first_of(Terms)
    assert terms is not None
    document = msgspec.json.decode(encode_entry(terms))
    assert decode_entry(encode(document)) == terms
    for method in ("open", "show_of_hands", "Secret", ""):
        with pytest.raises(EntryError):
            decode_entry(encode({**document, "method": method}))
    del document["method"]
    with pytest.raises(EntryError):
        decode_entry(encode(document))


@pytest.mark.parametrize("method", ["open", "show_of_hands", "Secret", "", "secret ", None])
async def test_row_with_another_method(hall: Hall, method: str | None) -> None:
    """The table refuses it to whoever writes past the service, on insert and on update."""
    uuid = await hall.draft()
    engine = hall.election.database.engine
    row = (await drafts_of(hall))[0]._mapping
    copy = {**row, "uuid": "2" * 14, "place": 9, "method": method}
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError):
            await connection.execute(election_table.insert().values(copy))
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError):
            await connection.execute(
                election_table.update().where(election_table.c.uuid == uuid).values(method=method)
            )
    assert [each.method for each in await drafts_of(hall)] == ["secret"]


async def test_owner_of_the_tables_is_refused_too(hall: Hall, owner_engine: Any) -> None:
    """Not only rights: the CHECK holds for whoever may write the column."""
    uuid = await hall.draft()
    async with owner_engine.connect() as connection:
        with pytest.raises(DBAPIError, match="method_is_secret"):
            await connection.execute(
                election_table.update().where(election_table.c.uuid == uuid).values(method="open")
            )


def test_no_table_column_for_it() -> None:
    """Beside `method`, no column of this party says how a vote is held."""
    columns = [column.name for table in metadata.sorted_tables for column in table.columns]
    assert [name for name in columns if names_method(name) or names_open_vote(name)] == ["method"]


def test_words_of_the_refusal() -> None:
    """They are those of the words list."""
    assert TEXTS["open-vote-forbidden"].detail == WORDS
