"""Members with devices of their own, and an election whose ballots are being issued to them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.blind_tokens import Blinding, begin_token, parse_token_key, public_key_to_bytes
from crypto.device_keys import (
    hash_of_blinded_messages,
    issue_message,
    public_key_to_spki,
    sign_with_device_key,
)
from crypto.randomness import system_randomness
from schemas import base64url
from schemas.fields import AttendanceState, KeyKind
from schemas.roster import DeviceKey, MemberAttendance
from services.registrar.attendance import open_meeting, set_attendance
from services.registrar.blind_signing import private_key_to_bytes
from services.registrar.issuing import open_issuing
from services.registrar.model import DeviceSignature, IssuanceRequest, IssuingTerms
from services.registrar.party import Registrar
from services.registrar.store import RegistrarStore
from tests.sample_ballots import draw_uuid, token_private_key
from tests.sample_parties import ORIGIN, RP_ID

PHI = "A" * 43
CREDENTIAL = "c0ffee" * 10 + "0000"


@dataclass(frozen=True)
class MemberDevice:
    """A member's phone or kiosk key."""

    no: int
    kind: KeyKind = "device"
    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def spki(self) -> bytes:
        return public_key_to_spki(self.private_key.public_key())

    @property
    def key(self) -> DeviceKey:
        return DeviceKey(kind=self.kind, spki=base64url.encode(self.spki))

    def sign(self, message: bytes) -> DeviceSignature:
        return DeviceSignature(sign_with_device_key(self.private_key, message))

    def request(self, blinded: Sequence[bytes], phi: str = PHI) -> IssuanceRequest:
        message = issue_message(phi, self.no, hash_of_blinded_messages(blinded))
        return IssuanceRequest(tuple(blinded), self.sign(message))


@dataclass(frozen=True)
class SampleIssuing:
    """An election that is issuing: members 1 to 5, four states of attendance, 5 without a key."""

    uuid: str
    meeting_id: str
    token_key: bytes
    terms: IssuingTerms
    devices: dict[int, MemberDevice]

    def blind(self) -> Blinding:
        return begin_token(parse_token_key(self.token_key), PHI, CREDENTIAL, system_randomness)

    def request_of(self, member: int, blinding: Blinding | None = None) -> IssuanceRequest:
        taken = blinding or self.blind()
        return self.devices[member].request([taken.blinded_message])


ATTENDANCE: dict[int, AttendanceState] = {
    1: "present",
    2: "online",
    3: "absent_consulted",
    4: "absent",
    5: "present",
}


async def open_sample_meeting(registrar: Registrar) -> str:
    """A fresh meeting with the attendance of `ATTENDANCE`."""
    meeting_id = secrets.token_hex(16)
    await open_meeting(registrar, meeting_id, list(ATTENDANCE))
    for no, state in ATTENDANCE.items():
        await set_attendance(registrar, meeting_id, MemberAttendance(no=no, state=state))
    return meeting_id


def issuing_terms(
    uuid: str, meeting_id: str, devices: dict[int, MemberDevice], *, late_issuance: bool = True
) -> IssuingTerms:
    return IssuingTerms(
        uuid=uuid,
        meeting_id=meeting_id,
        phi=PHI,
        rp_id=RP_ID,
        origins=(ORIGIN,),
        late_issuance=late_issuance,
        keys={no: device.key for no, device in devices.items()},
    )


async def put_token_key(registrar: Registrar, uuid: str) -> bytes:
    """What `create_token_key` does, without the time it takes to make a key."""
    private_key = token_private_key()
    spki = public_key_to_bytes(private_key.public_key())

    async def work(connection: AsyncConnection) -> None:
        await RegistrarStore(connection).add_token_key(
            uuid, spki, private_key_to_bytes(private_key)
        )

    await registrar.database.transact("add token key", work)
    return spki


async def open_sample_issuing(registrar: Registrar, *, late_issuance: bool = True) -> SampleIssuing:
    """A fresh election that is issuing ballots."""
    uuid, meeting_id = draw_uuid(), await open_sample_meeting(registrar)
    devices = {no: MemberDevice(no) for no in (1, 2, 3, 4)}
    token_key = await put_token_key(registrar, uuid)
    terms = issuing_terms(uuid, meeting_id, devices, late_issuance=late_issuance)
    await open_issuing(registrar, terms)
    return SampleIssuing(uuid, meeting_id, token_key, terms, devices)
