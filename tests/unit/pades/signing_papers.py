"""A meeting minute to sign, and people who sign it."""

import datetime
import functools
from dataclasses import dataclass

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from services.minutes.signature_check import check_signed_paper
from services.simulation.test_authority import SigningIdentity, TestAuthority
from tests.fixtures.paper_builder import content_of, counted_record, issue

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
AnyKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@functools.cache
def authority() -> TestAuthority:
    return TestAuthority.create(NOW)


@functools.cache
def identity(name: str) -> SigningIdentity:
    return authority().issue(name, NOW)


@functools.cache
def issued() -> bytes:
    """The meeting minute as it goes out for signing."""
    record = counted_record()
    return issue(content_of("meeting", record), record)


def check_accepted(held: bytes, upload: bytes, *before: str) -> str:
    """What the service does with an upload; returns the field."""
    places = content_of("meeting", counted_record()).places
    return check_signed_paper(held, upload, places, before)


@dataclass(frozen=True)
class KeyHolder:
    """A person with any kind of key; `certificate` is self-signed: issuers are not the matter."""

    key: AnyKey
    certificate: bytes  # DER

    @property
    def chain(self) -> list[bytes]:
        return [self.certificate]

    @property
    def asn1_certificate(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate)

    @property
    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


def holder(
    key: AnyKey,
    *,
    starts: datetime.timedelta = datetime.timedelta(days=-1),
    ends: datetime.timedelta = datetime.timedelta(days=1),
    may_sign: bool = True,
) -> KeyHolder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Người ký")])
    usage = x509.KeyUsage(may_sign, may_sign, not may_sign, *(False,) * 6)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW + starts)
        .not_valid_after(NOW + ends)
        .add_extension(usage, critical=True)
        .sign(key, algorithm)
    )
    return KeyHolder(key, certificate.public_bytes(serialization.Encoding.DER))
