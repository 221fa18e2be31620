"""A certificate authority for simulated people only: a root and one certificate a person.

Whoever trusts this root trusts a demonstration. Keys are ECDSA P-256 (X.509, RFC 5280).
"""

import datetime
from dataclasses import dataclass
from typing import Final, Self

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FOR: Final = datetime.timedelta(days=3650)
ORGANISATION: Final = "Phiếu Kín (thử nghiệm)"
ROOT_NAME: Final = "Chứng thực thử nghiệm, không có giá trị pháp lý"


@dataclass(frozen=True, repr=False)
class SigningIdentity:
    """One person's key and certificate, with the certificates above it."""

    name: str
    private_key: asn1_keys.PrivateKeyInfo
    certificate: asn1_x509.Certificate
    issuers: tuple[asn1_x509.Certificate, ...]


@dataclass(frozen=True, repr=False)
class TestAuthority:
    """Issues certificates to people of a simulation; `certificate` is its self-signed root."""

    __test__ = False  # not a test case, whatever its name begins with

    private_key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def create(cls, now: datetime.datetime) -> Self:
        """A fresh authority, valid from `now` on (less a day, for clocks that differ)."""
        private_key = ec.generate_private_key(ec.SECP256R1())
        name = _name(ROOT_NAME)
        certificate = (
            _builder(name, name, private_key.public_key(), now)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(for_issuing=True), critical=True)
            .sign(private_key, hashes.SHA256())
        )
        return cls(private_key, certificate)

    @property
    def pem(self) -> bytes:
        """The root as PEM, for `phieukin verify --trust`."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, name: str, now: datetime.datetime) -> SigningIdentity:
        """A key and certificate for the person of this name."""
        private_key = ec.generate_private_key(ec.SECP256R1())
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(
            self.private_key.public_key()
        )
        certificate = (
            _builder(_name(name), self.certificate.subject, private_key.public_key(), now)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(for_issuing=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
            )
            .add_extension(issuer_key, critical=False)
            .sign(self.private_key, hashes.SHA256())
        )
        private_der = private_key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return SigningIdentity(
            name,
            asn1_keys.PrivateKeyInfo.load(private_der),
            _to_asn1(certificate),
            (_to_asn1(self.certificate),),
        )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, _shortened(common_name)),
        ]
    )


def _shortened(name: str) -> str:
    """At most 64 bytes: RFC 5280 (ub-common-name) means letters, but `cryptography` counts so."""
    return name.encode()[:64].decode(errors="ignore").strip()


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime.datetime,
) -> x509.CertificateBuilder:
    start = now.replace(microsecond=0) - datetime.timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(*, for_issuing: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not for_issuing,
        content_commitment=not for_issuing,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=for_issuing,
        crl_sign=for_issuing,
        encipher_only=False,
        decipher_only=False,
    )


def _to_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
