"""What a member's device key signs, and what a verifier accepts."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from crypto.device_keys import (
    SPKI_PREFIX,
    checkin_message,
    fingerprint,
    hash_of_blinded_messages,
    issue_message,
    login_message,
    message,
    parse_device_key,
    public_key_to_spki,
    sign_with_device_key,
    signature_from_der,
    verify_device_signature,
    verify_passkey_assertion,
)
from crypto.errors import MalformedError, SignatureError
from tests.unit.crypto.software_authenticator import Assertion, SoftwareAuthenticator

PRIVATE_KEY = ec.derive_private_key(5, ec.SECP256R1())
SPKI = public_key_to_spki(PRIVATE_KEY.public_key())
PHI = "A" * 43
MESSAGE = issue_message(PHI, 12, "0" * 64)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def test_messages_of_each_use() -> None:
    """Every message begins with its use; zero bytes stand between its fields."""
    zeros = "0" * 64
    assert f"phieukin/issue/1\0{PHI}\00012\0{zeros}".encode() == MESSAGE
    assert login_message("https://a.vn", bytes(32)) == (
        f"phieukin/login/1\0https://a.vn\0{zeros}".encode()
    )
    assert checkin_message("m1", 3, bytes(32)) == f"phieukin/checkin/1\0m1\0003\0{zeros}".encode()


@pytest.mark.parametrize("field", ["", "a\0b", "a" * 513, "\ud800"])
def test_field_that_could_be_read_in_two_ways(field: str) -> None:
    """A field is neither empty nor too long and holds no zero byte."""
    with pytest.raises(MalformedError):
        message("login", [field])


def test_arguments_not_of_their_form() -> None:
    """Member numbers, hashes and nonces are checked before anything is signed."""
    with pytest.raises(MalformedError):
        issue_message(PHI, 0, "0" * 64)
    with pytest.raises(MalformedError):
        issue_message(PHI, 1, "A" * 64)
    with pytest.raises(MalformedError):
        login_message("https://a.vn", bytes(31))


def test_hash_of_blinded_messages() -> None:
    """The blinded messages are joined in the order of the issuers."""
    first, second = bytes(384), bytes([1]) * 384
    assert hash_of_blinded_messages([first, second]) == hashlib.sha256(first + second).hexdigest()
    for wrong in ([], [bytes(383)]):
        with pytest.raises(MalformedError):
            hash_of_blinded_messages(wrong)


def test_device_signature() -> None:
    """A device signature is of one key and one message."""
    signature = sign_with_device_key(PRIVATE_KEY, MESSAGE)
    verify_device_signature(SPKI, MESSAGE, signature)
    with pytest.raises(SignatureError):
        verify_device_signature(SPKI, MESSAGE + b"x", signature)
    other = public_key_to_spki(ec.derive_private_key(6, ec.SECP256R1()).public_key())
    with pytest.raises(SignatureError):
        verify_device_signature(other, MESSAGE, signature)


def test_device_signature_with_high_s() -> None:
    """Both forms of s are accepted: authenticators do not normalise."""
    signature = sign_with_device_key(PRIVATE_KEY, MESSAGE)
    s = ORDER - int.from_bytes(signature[32:], "big")
    verify_device_signature(SPKI, MESSAGE, signature[:32] + s.to_bytes(32, "big"))


@pytest.mark.parametrize("number", [0, ORDER])
def test_device_signature_out_of_range(number: int) -> None:
    """0 < r, s < n."""
    signature = sign_with_device_key(PRIVATE_KEY, MESSAGE)
    bad = number.to_bytes(32, "big")
    for wrong in (bad + signature[32:], signature[:32] + bad):
        with pytest.raises(SignatureError):
            verify_device_signature(SPKI, MESSAGE, wrong)


def test_device_signature_of_wrong_length() -> None:
    """A signature has 64 bytes."""
    with pytest.raises(MalformedError):
        verify_device_signature(SPKI, MESSAGE, bytes(63))


def test_fingerprint() -> None:
    """The fingerprint hashes the whole SPKI."""
    assert fingerprint(SPKI) == hashlib.sha256(SPKI).digest()
    assert SPKI.startswith(SPKI_PREFIX)


@pytest.mark.parametrize(
    "spki", [b"", SPKI[:-1], SPKI + b"\0", b"\x31" + SPKI[1:], SPKI[:-1] + bytes([SPKI[-1] ^ 1])]
)
def test_device_key_not_of_the_form(spki: bytes) -> None:
    """A device key is the fixed prefix and a point of P-256."""
    with pytest.raises(MalformedError):
        parse_device_key(spki)


def test_key_of_another_curve() -> None:
    """Only P-256 keys are device keys."""
    with pytest.raises(MalformedError):
        public_key_to_spki(ec.derive_private_key(5, ec.SECP384R1()).public_key())


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30\x00",
        encode_dss_signature(0, 1),
        encode_dss_signature(1, ORDER),
        bytes.fromhex("300702020001020101"),
    ],
)
def test_der_signature_not_of_the_form(der: bytes) -> None:
    """A DER signature has one form, and its numbers are in range."""
    with pytest.raises(MalformedError):
        signature_from_der(der)


AUTHENTICATOR = SoftwareAuthenticator()


def _verify(assertion: Assertion, signed: bytes = MESSAGE) -> None:
    verify_passkey_assertion(
        AUTHENTICATOR.spki,
        signed,
        assertion.signature,
        assertion.authenticator_data,
        assertion.client_data,
        "bau.example.vn",
        ["https://bau.example.vn", "https://thung.example.vn"],
    )


@pytest.mark.parametrize(
    "authenticator",
    [
        SoftwareAuthenticator(),
        SoftwareAuthenticator(counter=77),
        SoftwareAuthenticator(origin="https://thung.example.vn"),
        SoftwareAuthenticator(flags=0x1D),
        SoftwareAuthenticator(client_fields={"other_keys_can_be_added_here": "…"}),
    ],
)
def test_assertion(authenticator: SoftwareAuthenticator) -> None:
    """A present, verified user on one of the origins signs; the counter does not matter."""
    _verify(authenticator.sign(MESSAGE))


def test_assertion_without_cross_origin() -> None:
    """`crossOrigin` may be absent."""
    with_it = SoftwareAuthenticator().sign(MESSAGE).client_data
    without = with_it.replace(b', "crossOrigin": false', b"")
    assert without != with_it
    _verify(AUTHENTICATOR.sign_client_data(without))


@pytest.mark.parametrize(
    ("authenticator", "reason"),
    [
        (SoftwareAuthenticator(client_fields={"type": "webauthn.create"}), "not of an assertion"),
        (SoftwareAuthenticator(client_fields={"challenge": "AAAA"}), "challenge"),
        (SoftwareAuthenticator(origin="https://bau.example.vn.evil"), "another origin"),
        (SoftwareAuthenticator(client_fields={"origin": None}), "another origin"),
        (SoftwareAuthenticator(client_fields={"crossOrigin": True}), "another site"),
        (SoftwareAuthenticator(client_fields={"crossOrigin": 0}), "another site"),
        (SoftwareAuthenticator(rp_id="example.vn"), "relying party"),
        (SoftwareAuthenticator(flags=0x04), "not present"),
        (SoftwareAuthenticator(flags=0x01), "not verified"),
        (SoftwareAuthenticator(flags=0x85), "announce"),
        (SoftwareAuthenticator(flags=0x45), "announce"),
        (SoftwareAuthenticator(flags=0x85, extensions=b"\xa0"), "37 bytes"),
        (
            SoftwareAuthenticator(private_key=ec.derive_private_key(8, ec.SECP256R1())),
            "signature is wrong",
        ),
    ],
)
def test_assertion_with_one_fault(authenticator: SoftwareAuthenticator, reason: str) -> None:
    """Each check of protocol.md §11 refuses by itself."""
    with pytest.raises(SignatureError, match=reason):
        _verify(authenticator.sign(MESSAGE))


def test_assertion_over_another_message() -> None:
    """The challenge is the hash of the message that the verifier builds."""
    with pytest.raises(SignatureError, match="challenge"):
        _verify(AUTHENTICATOR.sign(MESSAGE), signed=issue_message(PHI, 13, "0" * 64))


@pytest.mark.parametrize(
    "client_data",
    [
        b"",
        b"\xff",
        b"[]",
        b"{" + b'"a":1,' * 400 + b'"b":1}',
        b"[" * 2_000,
        b'{"type":"webauthn.get","type":"webauthn.get"}',
    ],
)
def test_client_data_not_of_the_form(client_data: bytes) -> None:
    """Client data are a bounded JSON object without doubled keys."""
    with pytest.raises(MalformedError):
        _verify(AUTHENTICATOR.sign_client_data(client_data))
