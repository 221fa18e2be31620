"""Hash out, signature in: a signature whose key never comes near."""

import datetime
import functools

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from services.errors import PartyError
from services.pades.errors import (
    SigningCertificateInvalidError,
    SigningCertificateNotForSigningError,
    SigningCertificateNotInForceError,
    SigningStateError,
    SigningValueWrongError,
)
from services.pades.remote import PreparedSignature, finish_signature, prepare_signature
from tests.unit.pades.drawn_pictures import handwriting
from tests.unit.pades.signing_papers import NOW, KeyHolder, check_accepted, holder, issued

P256, P384 = ec.SECP256R1(), ec.SECP384R1()


@functools.cache
def on_curve(curve: str = "P-256") -> KeyHolder:
    return holder(ec.generate_private_key({"P-256": P256, "P-384": P384}[curve]))


@functools.cache
def with_rsa() -> KeyHolder:
    return holder(rsa.generate_private_key(public_exponent=65537, key_size=2048))


@functools.cache
def prepared(person: KeyHolder) -> PreparedSignature:
    return prepare_signature(issued(), "secretary", person.chain, "Người ký", NOW)


def sign_digest(person: KeyHolder, digest: bytes) -> bytes:
    """What a token does: it gets 32 bytes, knows no paper."""
    already = utils.Prehashed(hashes.SHA256())
    if isinstance(person.key, rsa.RSAPrivateKey):
        return person.key.sign(digest, padding.PKCS1v15(), already)
    assert isinstance(person.key, ec.EllipticCurvePrivateKey)
    return person.key.sign(digest, ec.ECDSA(already))


@pytest.mark.parametrize("person", [with_rsa, on_curve, lambda: on_curve("P-384")])
def test_signature_by_a_token(person: functools.partial[KeyHolder]) -> None:
    """The service accepts it as the very increment it waits for."""
    out = prepared(person())
    signed = finish_signature(out.state, sign_digest(person(), out.digest))

    assert check_accepted(issued(), signed) == "secretary"


def test_two_numbers_one_after_the_other() -> None:
    """Browsers and tokens give ECDSA values as IEEE P1363."""
    out = prepared(on_curve())
    first, second = utils.decode_dss_signature(sign_digest(on_curve(), out.digest))
    signed = finish_signature(out.state, first.to_bytes(32) + second.to_bytes(32))

    assert check_accepted(issued(), signed) == "secretary"


def test_with_a_picture() -> None:
    """The picture stands in what is signed, so it is given when the signature is prepared."""
    person = on_curve()
    out = prepare_signature(issued(), "secretary", person.chain, "Người ký", NOW, handwriting())
    signed = finish_signature(out.state, sign_digest(person, out.digest))

    assert check_accepted(issued(), signed) == "secretary"
    assert b"/SMask" in signed[len(issued()) :]


@pytest.mark.parametrize("value", [b"", bytes(64), bytes(70), bytes(2000)])
def test_no_signature_at_all(value: bytes) -> None:
    """Nothing is written that this certificate's key did not sign."""
    with pytest.raises(SigningValueWrongError):
        finish_signature(prepared(on_curve()).state, value)


def test_signature_of_another_key() -> None:
    out = prepared(on_curve())
    other = holder(ec.generate_private_key(P256))

    with pytest.raises(SigningValueWrongError):
        finish_signature(out.state, sign_digest(other, out.digest))


def test_signature_over_the_hash_of_another_paper() -> None:
    person = with_rsa()

    with pytest.raises(SigningValueWrongError):
        finish_signature(prepared(person).state, sign_digest(person, bytes(32)))


def test_state_that_somebody_cut() -> None:
    with pytest.raises(SigningStateError):
        finish_signature(prepared(on_curve()).state[:-1], bytes(64))


def test_state_of_another_version() -> None:
    state = msgspec.msgpack.decode(prepared(on_curve()).state) | {"type": "pades/2"}

    with pytest.raises(SigningStateError):
        finish_signature(msgspec.msgpack.encode(state), bytes(64))


DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("person", "error"),
    [
        (lambda: holder(ec.generate_private_key(P256), ends=-DAY / 2), "not-in-force"),
        (lambda: holder(ec.generate_private_key(P256), starts=DAY / 2), "not-in-force"),
        (lambda: holder(ec.generate_private_key(P256), may_sign=False), "not-for-signing"),
        (lambda: holder(ed25519.Ed25519PrivateKey.generate()), "invalid"),
        (lambda: holder(ec.generate_private_key(ec.SECP256K1())), "invalid"),
        (
            lambda: holder(rsa.generate_private_key(65537, key_size=1024)),  # noqa: S505 - too short
            "invalid",
        ),
    ],
)
def test_certificate_that_may_not_sign(person: functools.partial[KeyHolder], error: str) -> None:
    """Said before anything is handed out."""
    errors: dict[str, type[PartyError]] = {
        "not-in-force": SigningCertificateNotInForceError,
        "not-for-signing": SigningCertificateNotForSigningError,
        "invalid": SigningCertificateInvalidError,
    }
    with pytest.raises(errors[error]):
        prepare_signature(issued(), "secretary", person().chain, "Người ký", NOW)


@pytest.mark.parametrize("chain", [[], [b"no certificate"], [bytes(20_000)]])
def test_no_certificate(chain: list[bytes]) -> None:
    with pytest.raises(SigningCertificateInvalidError):
        prepare_signature(issued(), "secretary", chain, "Người ký", NOW)


def test_too_many_certificates() -> None:
    with pytest.raises(SigningCertificateInvalidError):
        prepare_signature(issued(), "secretary", on_curve().chain * 11, "Người ký", NOW)
