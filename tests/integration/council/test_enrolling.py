"""Invitations and enrolment over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.device_keys import fingerprint
from services.clock import system_clock
from services.council.enrolling import (
    enrol_device,
    inspect_invitation,
    invite_first_secretary,
    invite_member,
)
from services.council.errors import InvitationExpiredError
from services.council.party import CouncilParty
from tests.integration.conftest import ORIGIN, Hall, Person, b64u

Newcomer = Callable[[], Person]


def problem_of(answer: object) -> str:
    document = answer.json()  # type: ignore[attr-defined]
    return str(document["type"]).removeprefix("urn:phieukin:problem:")


async def test_member_enrols_and_logs_in(hall: Hall, newcomer: Newcomer) -> None:
    """A code registers a key, and the key logs its member in."""
    person = newcomer()
    code = await hall.invite(2)
    inspected = await person.ask("POST", "/enrolments/inspect", {"code": code})
    assert inspected.json() == {
        "name": "Trần Bình",
        "council_name": "Hội đồng Thi đua - Khen thưởng xã Đồi Thông",
    }
    enrolled = await person.enrol(code)
    assert enrolled.status_code == 201
    assert (await person.log_in()).status_code == 200
    me = (await person.ask("GET", "/me")).json()
    assert me == enrolled.json()
    assert (me["roles"], me["council_id"], me["member"]) == (["member"], hall.id, 2)
    assert me["council_name"] == "Hội đồng Thi đua - Khen thưởng xã Đồi Thông"
    assert (me["device_kind"], me["fingerprint"]) == ("device", fingerprint(person.spki).hex())
    view = (await person.ask("GET", f"/councils/{hall.id}")).json()
    assert [each["enrolled"] for each in view["members"]] == [False, True, False]


async def test_invitation_link_hides_the_code(hall: Hall) -> None:
    """The code stands behind "#", which browsers send to no server."""
    path = f"/councils/{hall.id}/members/1/invitation"
    invitation = (await hall.secretary.ask("POST", path, {})).json()
    assert invitation["link"] == f"{ORIGIN}/join#{invitation['code']}"


async def test_code_used_by_another_device(hall: Hall, newcomer: Newcomer) -> None:
    """A code is good for one device; for that one the answer may be asked again."""
    first, second = newcomer(), newcomer()
    code = await hall.invite(1)
    answer = await first.enrol(code)
    assert (await first.enrol(code)).json() == answer.json()
    refused = await second.enrol(code)
    assert (refused.status_code, problem_of(refused)) == (409, "invitation-used")
    inspected = await second.ask("POST", "/enrolments/inspect", {"code": code})
    assert problem_of(inspected) == "invitation-used"


async def test_new_invitation_ends_the_earlier(hall: Hall, newcomer: Newcomer) -> None:
    """Inviting a member again invalidates the code on the lost slip."""
    lost = await hall.invite(1)
    await hall.invite(1)
    refused = await newcomer().enrol(lost)
    assert (refused.status_code, problem_of(refused)) == (404, "invitation-unknown")


async def test_key_of_another_person(hall: Hall, newcomer: Newcomer) -> None:
    """All keys of a roster are distinct: one phone is one person's."""
    person = newcomer()
    await person.enrol(await hall.invite(1))
    refused = await person.enrol(await hall.invite(2))
    assert (refused.status_code, problem_of(refused)) == (409, "device-key-taken")


async def test_key_that_was_replaced_is_not_free(hall: Hall, newcomer: Newcomer) -> None:
    """A key once registered stays its person's, since it may stand in a record."""
    old_phone, new_phone = newcomer(), newcomer()
    await old_phone.enrol(await hall.invite(1))
    await old_phone.log_in()
    await new_phone.enrol(await hall.invite(1))
    assert problem_of(await old_phone.enrol(await hall.invite(2))) == "device-key-taken"
    assert (await old_phone.ask("GET", "/me")).status_code == 401
    replaced = await old_phone.log_in()
    assert (replaced.status_code, problem_of(replaced)) == (401, "device-replaced")
    assert (await new_phone.log_in()).status_code == 200


async def test_probing_for_replaced_keys(hall: Hall, newcomer: Newcomer) -> None:
    """That a key was replaced is said to its holder only: others learn nothing of it."""
    old_phone, new_phone, stranger = newcomer(), newcomer(), newcomer()
    await old_phone.enrol(await hall.invite(1))
    await new_phone.enrol(await hall.invite(1))
    known = (await old_phone.login_body())["fingerprint"]
    body = await stranger.login_body() | {"fingerprint": known}
    assert problem_of(await stranger.ask("POST", "/login", body)) == "login-refused"
    # Who left the council is like a phone that was never registered.
    await hall.put_members({2: "Trần Bình"})
    assert problem_of(await old_phone.log_in()) == "login-refused"
    assert problem_of(await new_phone.log_in()) == "login-refused"


async def test_another_name_under_a_number(hall: Hall, newcomer: Newcomer) -> None:
    """A new person inherits neither the device nor the login of who had the number before."""
    person = newcomer()
    await person.enrol(await hall.invite(3))
    await person.log_in()
    invited = await hall.invite(1)
    changed = await hall.put_members({1: "Lê An", 3: "Vũ Dung"})
    assert [(each["no"], each["enrolled"]) for each in changed.json()["members"]] == [
        (1, False),
        (3, False),
    ]
    assert (await person.ask("GET", "/me")).status_code == 401
    assert (await newcomer().enrol(invited)).status_code == 201  # who stayed keeps the invitation
    gone = await hall.secretary.ask("POST", f"/councils/{hall.id}/members/2/invitation", {})
    assert (gone.status_code, problem_of(gone)) == (404, "member-not-found")


async def test_two_members_with_one_number(hall: Hall) -> None:
    """Numbers on a roster are distinct; nothing is stored otherwise."""
    member = {"no": 1, "name": "Lê An", "position": "", "council_role": ""}
    path = f"/councils/{hall.id}/members"
    refused = await hall.secretary.ask("PUT", path, {"members": [member, member]})
    assert (refused.status_code, problem_of(refused)) == (422, "member-numbers-not-distinct")
    assert "số 1" in refused.json()["detail"]
    assert len((await hall.secretary.ask("GET", f"/councils/{hall.id}")).json()["members"]) == 3


@pytest.mark.parametrize("spki", ["", "AAAA", b64u(bytes(91)), "not base64url=="])
async def test_key_of_another_form(hall: Hall, newcomer: Newcomer, spki: str) -> None:
    """Only the fixed form of a P-256 key is taken, and the code stays good."""
    person = newcomer()
    code = await hall.invite(1)
    refused = await person.ask(
        "POST", "/enrolments", {"code": code, "spki": spki, "kind": "device"}
    )
    assert refused.status_code == 422
    assert (await person.enrol(code)).status_code == 201


async def test_code_is_too_old(council: CouncilParty, hall: Hall) -> None:
    """An invitation ends after its time."""
    invitation = await invite_member(council, hall.id, 1)
    late = replace(
        council,
        clock=lambda: system_clock() + timedelta(seconds=council.settings.enrolment_ttl_s + 1),
    )
    with pytest.raises(InvitationExpiredError):
        await inspect_invitation(late, invitation.code)
    with pytest.raises(InvitationExpiredError):
        await enrol_device(late, invitation.code, b64u(Person(hall.secretary.http).spki), "device")


async def test_secretary_is_invited_once(council: CouncilParty, secretary: Person) -> None:
    """Once a secretary has a device, no start of the service prints a link."""
    assert secretary.cookie is not None
    assert await invite_first_secretary(council) is None


async def test_auditor_reads_one_council(hall: Hall, newcomer: Newcomer) -> None:
    """An auditor sees the council that named them, and may change nothing."""
    path = f"/councils/{hall.id}/auditors"
    named = await hall.secretary.ask("POST", path, {"name": "Ngô Em"})
    assert named.status_code == 201
    auditor = newcomer()
    await auditor.enrol(named.json()["code"])
    await auditor.log_in()
    assert (await auditor.ask("GET", f"/councils/{hall.id}")).status_code == 200
    assert (await auditor.ask("GET", f"/councils/{'0' * 32}")).status_code == 403
    assert (await auditor.ask("POST", path, {"name": "Ai đó"})).status_code == 403
