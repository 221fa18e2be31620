"""Councils in lists; secretaries and auditors: named, listed, invited again."""

import uuid
from collections.abc import Callable

import pytest

from crypto.device_keys import fingerprint
from services.council.enrolling import invite_first_secretary, invite_secretary
from services.council.party import CouncilParty
from tests.integration.conftest import COUNCIL, NAMES, ORIGIN, Hall, Person
from tests.integration.council.test_enrolling import problem_of

Newcomer = Callable[[], Person]


async def enrolled(newcomer: Newcomer, code: str) -> Person:
    person = newcomer()
    assert (await person.enrol(code)).status_code == 201
    assert (await person.log_in()).status_code == 200
    return person


async def test_councils(hall: Hall, secretary: Person, newcomer: Newcomer) -> None:
    """The secretary sees all by name, a member its own, nobody without a login."""
    other = await secretary.ask("POST", "/councils", {"council": COUNCIL | {"name": "An Hội"}})
    mine = {"id": hall.id, "name": COUNCIL["name"], "members": len(NAMES)}
    found = (await secretary.ask("GET", "/councils")).json()["councils"]
    assert mine in found
    assert {"id": other.json()["id"], "name": "An Hội", "members": 0} in found
    assert [each["name"] for each in found] == sorted(each["name"] for each in found)
    member = await enrolled(newcomer, await hall.invite(1))
    assert (await member.ask("GET", "/councils")).json() == {"councils": [mine]}
    assert problem_of(await newcomer().ask("GET", "/councils")) == "login-required"


async def test_second_secretary_takes_over(
    hall: Hall, secretary: Person, newcomer: Newcomer
) -> None:
    """Named by the first, with a link like everybody's, and with the same rights."""
    name = f"Phó thư ký {uuid.uuid4().hex}"
    named = await secretary.ask("POST", "/secretaries", {"name": name})
    assert named.status_code == 201
    view = named.json()
    assert view["link"] == f"{ORIGIN}/join#{view['code']}"
    assert (view["account"]["name"], view["account"]["roles"]) == (name, ["secretary"])
    assert "device_kind" not in view["account"]
    second = await enrolled(newcomer, view["code"])
    assert (await second.ask("GET", f"/councils/{hall.id}")).status_code == 200
    assert (await second.ask("POST", "/councils", {"council": COUNCIL})).status_code == 201
    listed = (await second.ask("GET", "/secretaries")).json()["secretaries"]
    assert len(listed) >= 2
    (me,) = (each for each in listed if each["id"] == view["account"]["id"])
    assert (me["device_kind"], me["fingerprint"]) == ("device", fingerprint(second.spki).hex())
    assert me == (await second.ask("GET", "/me")).json()


async def test_secretary_with_a_new_phone(secretary: Person, newcomer: Newcomer) -> None:
    """Invited again, the new device takes the old one's place, whose login ends."""
    named = (await secretary.ask("POST", "/secretaries", {"name": "Thư ký có máy mới"})).json()
    old = await enrolled(newcomer, named["code"])
    path = f"/secretaries/{named['account']['id']}/invitation"
    again = await secretary.ask("POST", path, {})
    assert again.status_code == 201
    assert (await old.ask("GET", "/me")).status_code == 200  # until the new device is there
    new = await enrolled(newcomer, again.json()["code"])
    assert problem_of(await old.ask("GET", "/me")) == "login-required"
    assert problem_of(await old.log_in()) == "device-replaced"
    assert (await new.ask("GET", "/me")).json()["name"] == "Thư ký có máy mới"


async def test_start_with_a_secretary_who_never_enrolled(
    council: CouncilParty, secretary: Person
) -> None:
    """One secretary with a device is enough: no start hands out a link to the other's account."""
    assert secretary.cookie is not None
    await invite_secretary(council, "An")  # the first by name
    assert await invite_first_secretary(council) is None


async def test_auditors(hall: Hall, secretary: Person, newcomer: Newcomer) -> None:
    """Listed by council, with who has a device; one who lost it is invited again."""
    path = f"/councils/{hall.id}/auditors"
    assert (await secretary.ask("GET", path)).json() == {"auditors": []}
    named = [
        (await secretary.ask("POST", path, {"name": name})).json() for name in ("Vũ Em", "Ngô An")
    ]
    assert named[0]["account"]["council_name"] == COUNCIL["name"]
    lost = await enrolled(newcomer, named[0]["code"])
    listed = (await secretary.ask("GET", path)).json()["auditors"]
    assert [(each["name"], "device_kind" in each) for each in listed] == [
        ("Ngô An", False),
        ("Vũ Em", True),
    ]
    again = await secretary.ask("POST", f"{path}/{named[0]['account']['id']}/invitation", {})
    assert again.status_code == 201
    await enrolled(newcomer, again.json()["code"])
    assert problem_of(await lost.log_in()) == "device-replaced"


async def test_invited_as_what_they_are_not(hall: Hall, secretary: Person) -> None:
    """No endpoint of one kind of account makes an invitation for another kind's, or council's."""
    other = (await secretary.ask("POST", "/councils", {"council": COUNCIL})).json()["id"]
    auditors = f"/councils/{hall.id}/auditors"
    auditor = (await secretary.ask("POST", auditors, {"name": "Vũ Em"})).json()["account"]["id"]
    me = (await secretary.ask("GET", "/me")).json()["id"]
    for path in (
        f"/secretaries/{auditor}/invitation",
        f"/secretaries/{'0' * 32}/invitation",
        f"{auditors}/{me}/invitation",
        f"/councils/{other}/auditors/{auditor}/invitation",
    ):
        refused = await secretary.ask("POST", path, {})
        assert (refused.status_code, problem_of(refused)) == (404, "account-not-found"), path
    unknown = await secretary.ask("GET", f"/councils/{'0' * 32}/auditors")
    assert problem_of(unknown) == "council-not-found"


@pytest.mark.parametrize("name", ["\0", "Lê\nAn", "Nguye\u0302\u0303n An"])
async def test_name_that_no_record_can_hold(hall: Hall, secretary: Person, name: str) -> None:
    """It is refused with its own problem, never a crash of the database."""
    for path in ("/secretaries", f"/councils/{hall.id}/auditors"):
        refused = await secretary.ask("POST", path, {"name": name})
        assert (refused.status_code, problem_of(refused)) == (422, "name-not-canonical")
    refused = await hall.put_members({1: "Lê\0An"})
    assert (refused.status_code, problem_of(refused)) == (422, "name-not-canonical")


@pytest.mark.parametrize("who", ["member", "auditor", "nobody"])
async def test_only_secretaries(hall: Hall, newcomer: Newcomer, who: str) -> None:
    """Others neither name, nor list, nor invite them."""
    person = newcomer()
    if who == "member":
        person = await enrolled(newcomer, await hall.invite(1))
    if who == "auditor":
        path = f"/councils/{hall.id}/auditors"
        named = await hall.secretary.ask("POST", path, {"name": "Vũ Em"})
        person = await enrolled(newcomer, named.json()["code"])
    for method, path, body in (
        ("POST", "/secretaries", {"name": "Ai đó"}),
        ("GET", "/secretaries", None),
        ("POST", f"/secretaries/{'0' * 32}/invitation", {}),
        ("GET", f"/councils/{hall.id}/auditors", None),
        ("POST", f"/councils/{hall.id}/auditors/{'0' * 32}/invitation", {}),
    ):
        refused = await person.ask(method, path, body)
        expected = "login-required" if who == "nobody" else "not-allowed"
        assert problem_of(refused) == expected, path
