"""What people are shown of a signer's certificate."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.minutes.signer_certificates import facts_of


def certificate(*parts: tuple[x509.ObjectIdentifier, str]) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def test_name_of_a_person_comes_first() -> None:
    """Authorities begin with the country; officials look for the person, without English labels."""
    facts = facts_of(
        certificate(
            (NameOID.COUNTRY_NAME, "VN"),
            (NameOID.ORGANIZATION_NAME, "Sở Nội vụ"),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, "Phòng Thi đua"),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, "Văn phòng"),
            (NameOID.COMMON_NAME, "Tạ Đình Khoa"),
            (NameOID.USER_ID, "CCCD:001"),
        )
    )
    assert facts.subject == "Tạ Đình Khoa, VN, Sở Nội vụ, Phòng Thi đua, Văn phòng, CCCD:001"
    assert facts.serial == "7"


def test_name_without_a_common_name() -> None:
    """Whatever it has is shown."""
    assert facts_of(certificate((NameOID.COUNTRY_NAME, "VN"))).subject == "VN"
