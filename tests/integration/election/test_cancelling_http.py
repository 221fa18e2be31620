"""Who may cancel over HTTP: the secretary, and of a closed election who presides, with the key."""

from crypto.device_keys import cancel_message, sign_with_device_key
from schemas import base64url
from services.election.closing import close_voting
from tests.integration.conftest import Person
from tests.integration.election.conftest import LogIn
from tests.integration.election.hall import AGREE, Hall
from tests.integration.election.test_election_http import problem_of

TEXT = "Không đủ chìa mở hòm phiếu"


async def test_presiding_officer_cancels_a_closed_election(hall: Hall, log_in: LogIn) -> None:
    """The signature that only this device can make goes to the service without a go-between."""
    uuid = await hall.draft()
    presiding, member = await log_in(hall, 1), await log_in(hall, 2)
    path = f"/elections/{uuid}/cancel"
    unsigned = {"reason": "trustees_unavailable", "text": TEXT}
    assert problem_of(await presiding.ask("POST", path, unsigned)) == "not-allowed"
    await hall.open_voting(uuid)
    await hall.cast(uuid, [1, 2, 3, 4, 5], [AGREE, AGREE])
    await close_voting(hall.election, uuid)
    phi = (await hall.read(uuid)).phi or ""
    body = unsigned | {"presiding_signature": _signed_by_presiding(hall, phi)}
    assert problem_of(await member.ask("POST", path, body)) == "not-allowed"
    other_reason = body | {"reason": "council_decision"}
    assert problem_of(await presiding.ask("POST", path, other_reason)) == "not-allowed"
    answer = await presiding.ask("POST", path, unsigned)
    assert problem_of(answer) == "presiding-signature-invalid"
    answer = await presiding.ask("POST", path, body)
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert answer.json()["cancelled"]["text"] == TEXT


async def test_secretary_brings_the_signature(hall: Hall, secretary: Person) -> None:
    """As before: the secretary may send what the presiding officer has signed."""
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    await hall.cast(uuid, [1, 2, 3, 4, 5], [AGREE, AGREE])
    await close_voting(hall.election, uuid)
    phi = (await hall.read(uuid)).phi or ""
    body = {
        "reason": "trustees_unavailable",
        "text": TEXT,
        "presiding_signature": _signed_by_presiding(hall, phi),
    }
    answer = await secretary.ask("POST", f"/elections/{uuid}/cancel", body)
    assert answer.json()["state"] == "cancelled"


def _signed_by_presiding(hall: Hall, phi: str) -> dict[str, str]:
    message = cancel_message(phi, 1, "trustees_unavailable", TEXT)
    signature = sign_with_device_key(hall.phones[1].key, message)
    return {"signature": base64url.encode(signature)}
