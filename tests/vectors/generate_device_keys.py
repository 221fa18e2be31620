"""Vectors of messages signed by a device key or a passkey (protocol.md §11; WebAuthn Level 3).

Signatures are deterministic (RFC 6979) here only so that the file is the same each time.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from crypto.device_keys import (
    cancel_message,
    checkin_message,
    fingerprint,
    hash_of_blinded_messages,
    issue_message,
    login_message,
    public_key_to_spki,
    signature_from_der,
    verify_device_signature,
    verify_passkey_assertion,
)
from tests.vectors.vector_file import VectorFile

PHI = "7TnGlfDbBOLFJ0uVkSh8nAfZH2PmgjZyv8mAHyJ4rcY"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PRIVATE_KEY = ec.derive_private_key(1234567890123456789, ec.SECP256R1())
RP_ID = "bau.example.vn"
ORIGIN = "https://bau.example.vn"


def _blinded_sha256(given: dict[str, Any]) -> Any:
    blinded = [bytes.fromhex(each) for each in given["blinded_messages"]]
    return {"blinded_sha256": hash_of_blinded_messages(blinded)}


def _issue(given: dict[str, Any]) -> Any:
    message = issue_message(given["phi"], given["member"], given["blinded_sha256"])
    return {"message": message.hex()}


def _login(given: dict[str, Any]) -> Any:
    return {"message": login_message(given["origin"], bytes.fromhex(given["nonce"])).hex()}


def _checkin(given: dict[str, Any]) -> Any:
    nonce = bytes.fromhex(given["nonce"])
    return {"message": checkin_message(given["meeting"], given["member"], nonce).hex()}


def _cancel(given: dict[str, Any]) -> Any:
    message = cancel_message(given["phi"], given["member"], given["reason"], given["text"])
    return {"message": message.hex()}


def _fingerprint(given: dict[str, Any]) -> Any:
    return {"fingerprint": fingerprint(bytes.fromhex(given["spki"])).hex()}


def _signature_from_der(given: dict[str, Any]) -> Any:
    return {"signature": signature_from_der(bytes.fromhex(given["der"])).hex()}


def _verify_device_signature(given: dict[str, Any]) -> Any:
    spki, message, signature = (
        bytes.fromhex(given[name]) for name in ("spki", "message", "signature")
    )
    verify_device_signature(spki, message, signature)
    return {}


def _verify_passkey_assertion(given: dict[str, Any]) -> Any:
    spki, message, signature, authenticator_data, client_data = (
        bytes.fromhex(given[name])
        for name in ("spki", "message", "signature", "authenticator_data", "client_data")
    )
    verify_passkey_assertion(
        *(spki, message, signature, authenticator_data, client_data),
        given["rp_id"],
        given["origins"],
    )
    return {}


OPERATIONS = {
    "blinded_sha256": _blinded_sha256,
    "issue_message": _issue,
    "login_message": _login,
    "checkin_message": _checkin,
    "cancel_message": _cancel,
    "fingerprint": _fingerprint,
    "signature_from_der": _signature_from_der,
    "verify_device_signature": _verify_device_signature,
    "verify_passkey_assertion": _verify_passkey_assertion,
}


def _sign(signed: bytes) -> bytes:
    return PRIVATE_KEY.sign(signed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "device-keys.json",
        "protocol.md §11 Device keys, Signed by a device key; WebAuthn Level 3 §6.1, §7.2",
        "tests/vectors/generate_device_keys.py",
        OPERATIONS,
    )
    nonce = bytes(range(32)).hex()
    blinded = {"blinded_messages": [(bytes([number]) * 384).hex() for number in (1, 2)]}
    hashed = file.positive("blinded_sha256", "two issuers", blinded)
    issue = {"phi": PHI, "member": 12} | hashed
    message = file.positive("issue_message", "", issue)["message"]
    file.positive("login_message", "", {"origin": ORIGIN, "nonce": nonce})
    file.positive("checkin_message", "", {"meeting": "m-1", "member": 3, "nonce": nonce})
    cancel = {"phi": PHI, "member": 1, "reason": "trustees_unavailable", "text": "Vắng mặt"}
    file.positive("cancel_message", "", cancel)
    for reason, change in (
        ("members are numbered from 1", {"member": 0}),
        ("the hash in upper case", {"blinded_sha256": hashed["blinded_sha256"].upper()}),
        ("a zero byte inside of a field", {"phi": "\0" + PHI[1:]}),
    ):
        file.negative("issue_message", reason, issue | change)
    file.negative("login_message", "a nonce of 31 bytes", {"origin": ORIGIN, "nonce": nonce[2:]})
    file.negative("blinded_sha256", "383 bytes", {"blinded_messages": ["00" * 383]})
    _add_device_signatures(file, message)
    _add_assertions(file, message)
    return file


def _add_device_signatures(file: VectorFile, message: str) -> None:
    spki = public_key_to_spki(PRIVATE_KEY.public_key()).hex()
    file.positive("fingerprint", "SHA-256 of the SPKI", {"spki": spki})
    for reason, wrong in (
        ("90 bytes", spki[:-2]),
        ("another curve's prefix", spki.replace("030107", "030106")),
        ("a point off the curve", spki[:-2] + f"{int(spki[-2:], 16) ^ 1:02x}"),
    ):
        file.negative("fingerprint", reason, {"spki": wrong})
    der = _sign(bytes.fromhex(message)).hex()
    signature = file.positive("signature_from_der", "as WebAuthn gives it", {"der": der})[
        "signature"
    ]
    file.negative("signature_from_der", "a byte after its end", {"der": der + "00"})
    file.negative(
        "signature_from_der", "a number with a leading zero", {"der": "300702020001020101"}
    )
    signed = {"spki": spki, "message": message, "signature": signature}
    file.positive("verify_device_signature", "as signed", signed)
    r, s = signature[:64], int(signature[64:], 16)
    other_s = signed | {"signature": f"{r}{ORDER - s:064x}"}
    file.positive("verify_device_signature", "with the other s, also valid", other_s)
    for reason, change in (
        ("another message", {"message": message + "00"}),
        ("r = 0", {"signature": "00" * 32 + signature[64:]}),
        ("s = n", {"signature": f"{r}{ORDER:064x}"}),
        ("63 bytes", {"signature": signature[:-2]}),
        ("a bit changed", {"signature": f"{r}{s ^ 1:064x}"}),
    ):
        file.negative("verify_device_signature", reason, signed | change)


def _client_data(message: str, **change: Any) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(bytes.fromhex(message)).digest())
    fields = {
        "type": "webauthn.get",
        "challenge": challenge.decode().rstrip("="),
        "origin": ORIGIN,
        "crossOrigin": False,
    }
    return json.dumps(fields | change, separators=(",", ":")).encode().hex()


def _assertion(
    message: str, client_data: str, flags: int = 5, rp_id: str = RP_ID, extension: str = ""
) -> dict[str, Any]:
    data = hashlib.sha256(rp_id.encode()).hexdigest() + f"{flags:02x}" + "0000002a" + extension
    signed = bytes.fromhex(data) + hashlib.sha256(bytes.fromhex(client_data)).digest()
    return {
        "spki": public_key_to_spki(PRIVATE_KEY.public_key()).hex(),
        "message": message,
        "signature": signature_from_der(_sign(signed)).hex(),
        "authenticator_data": data,
        "client_data": client_data,
        "rp_id": RP_ID,
        "origins": [ORIGIN],
    }


def _add_assertions(file: VectorFile, message: str) -> None:
    client_data = _client_data(message)
    good = _assertion(message, client_data)
    file.positive("verify_passkey_assertion", "user present and verified", good)
    absent = client_data.replace(b',"crossOrigin":false'.hex(), "")
    file.positive("verify_passkey_assertion", "crossOrigin absent", _assertion(message, absent))
    for reason, change in (
        ("type is not webauthn.get", {"type": "webauthn.create"}),
        ("challenge of another message", {"challenge": "A" * 43}),
        ("origin not in terms", {"origin": "https://bau.example.vn.evil"}),
        ("crossOrigin true", {"crossOrigin": True}),
    ):
        changed = _assertion(message, _client_data(message, **change))
        file.negative("verify_passkey_assertion", reason, changed)
    for reason, wrong in (
        ("user not present", _assertion(message, client_data, flags=4)),
        ("user not verified", _assertion(message, client_data, flags=1)),
        ("another rpId", _assertion(message, client_data, rp_id="example.vn")),
        ("extensions", _assertion(message, client_data, flags=0x85, extension="a0")),
        ("extensions announced, none there", _assertion(message, client_data, flags=0x85)),
        ("another message", good | {"message": message + "00"}),
        ("client data changed after signing", good | {"client_data": absent}),
        ("client data that are no object", _assertion(message, b"[]".hex())),
        (
            "a key twice in client data",
            _assertion(message, client_data.replace("7b", b'{"type":"webauthn.get",'.hex(), 1)),
        ),
    ):
        file.negative("verify_passkey_assertion", reason, wrong)


if __name__ == "__main__":
    vectors().write()
