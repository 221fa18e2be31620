"""Imports over HTTP: by the secretary, nothing stored, every fault by its row."""

from collections.abc import Callable

import httpx
import pytest

from services.imports.http import CSV, XLSX
from services.imports.templates import members_csv, members_xlsx, nominations_xlsx
from tests.integration.conftest import API, Hall, Person
from tests.integration.test_app import problem_name
from tests.unit.services.imports.files import MEMBER_HEADINGS, csv_of


async def send(
    person: Person, data: bytes, media_type: str = CSV, what: str = "members", **headers: str
) -> httpx.Response:
    return await person.ask(
        "POST",
        f"/imports/{what}",
        content=data,
        headers={"content-type": media_type, **headers},
    )


async def test_rows_go_where_they_are_meant_for(secretary: Person, hall: Hall) -> None:
    """What an import answers, the roster takes as it is."""
    for data, media_type in ((members_csv(), f"{CSV}; charset=utf-8"), (members_xlsx(), XLSX)):
        answer = await send(secretary, data, media_type)
        assert answer.status_code == 200, answer.text
        members = answer.json()["members"]
        put = await secretary.ask("PUT", f"/councils/{hall.id}/members", {"members": members})
        assert put.status_code == 200, put.text
        assert [each["name"] for each in put.json()["members"]] == [m["name"] for m in members]
    listed = await send(secretary, nominations_xlsx(), XLSX, "nominations")
    assert [each["no"] for each in listed.json()["nominations"]] == [1, 2]


async def test_faults_are_rows_of_the_problem(secretary: Person) -> None:
    """The problem document names every row that must be mended."""
    answer = await send(
        secretary, csv_of([MEMBER_HEADINGS, (0, "B", "", ""), (3, "", "Ủy viên", "")])
    )
    assert (answer.status_code, problem_name(answer)) == (422, "import-rows-invalid")
    assert "2 chỗ cần sửa" in answer.json()["detail"]
    assert answer.json()["rows"] == [
        {"row": 2, "column": "Số TT", "problem": "Số thứ tự phải là số nguyên từ 1 đến 500."},
        {"row": 3, "column": "Họ và tên", "problem": "Ô này để trống. Điền vào ô này."},
    ]


async def test_who_may_import(newcomer: Callable[[], Person], hall: Hall) -> None:
    """Only the secretary, and what a stranger sends is not even read."""
    stranger = newcomer()
    answer = await send(stranger, members_csv())
    assert (answer.status_code, problem_name(answer)) == (401, "login-required")
    assert (await stranger.enrol(await hall.invite(1))).status_code == 201
    await stranger.log_in()
    answer = await send(stranger, members_csv())
    assert (answer.status_code, problem_name(answer)) == (403, "not-allowed")


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "application/pdf"])
async def test_other_kind_of_file(secretary: Person, media_type: str) -> None:
    """Only CSV and XLSX are read."""
    answer = await send(secretary, b"{}", media_type)
    assert (answer.status_code, problem_name(answer)) == (415, "import-media-type")
    answer = await send(secretary, members_csv(), **{"content-encoding": "gzip"})
    assert (answer.status_code, problem_name(answer)) == (415, "import-media-type")


async def test_file_that_is_too_large(secretary: Person) -> None:
    """More than 1 MiB is no list."""
    answer = await send(secretary, b"x" * (1_048_576 + 1))
    assert (answer.status_code, problem_name(answer)) == (413, "body-too-large")


async def test_open_vote_in_a_file(secretary: Person) -> None:
    """A column, or a query, that asks for an open vote hears why there is none."""
    rows = [(*MEMBER_HEADINGS, "Hình thức biểu quyết"), (1, "Lê An", "", "", "giơ tay")]
    answer = await send(secretary, csv_of(rows))
    assert (answer.status_code, problem_name(answer)) == (422, "open-vote-forbidden")
    answer = await send(secretary, members_csv(), what="nominations?method=open")
    assert (answer.status_code, problem_name(answer)) == (422, "open-vote-forbidden")


@pytest.mark.parametrize("name", ["members", "nominations"])
@pytest.mark.parametrize(("form", "media_type"), [("csv", CSV), ("xlsx", XLSX)])
async def test_template(secretary: Person, name: str, form: str, media_type: str) -> None:
    """A template comes as a file and is taken as it is."""
    answer = await secretary.http.get(f"{API}/imports/{name}/template.{form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["content-disposition"].endswith(f'.{form}"')
    assert (await send(secretary, answer.content, media_type, name)).status_code == 200
