"""One signature into one empty field, as the service and the signer's own program make it."""

import datetime
import io

import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader

from services.pades.errors import (
    SigningCertificateNotInForceError,
    SigningFieldMissingError,
    SigningFieldSignedError,
    SigningPaperUnreadableError,
)
from services.pades.signing import sign_field
from services.simulation.paper_signing import sign_paper, signer_of
from tests.unit.pades.drawn_pictures import handwriting
from tests.unit.pades.signing_papers import NOW, check_accepted, identity, issued


def signed(picture: bytes | None = None) -> bytes:
    return sign_paper(issued(), "secretary", identity("Thư ký"), NOW, picture)


def test_service_accepts_it() -> None:
    assert check_accepted(issued(), signed()) == "secretary"


def test_service_accepts_it_with_a_picture() -> None:
    assert check_accepted(issued(), signed(handwriting())) == "secretary"


def test_time_is_the_one_that_was_given() -> None:
    """The stamp, /M and nothing else say when: PAdES wants no signing time in the CMS as well."""
    signature = PdfFileReader(io.BytesIO(signed())).embedded_signatures[0]
    attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}

    assert signature.self_reported_timestamp == NOW
    assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}


def test_certificates_of_the_issuers_travel_with_it() -> None:
    person = identity("Thư ký")
    signature = PdfFileReader(io.BytesIO(signed())).embedded_signatures[0]
    carried = {choice.chosen.dump() for choice in signature.signed_data["certificates"]}

    assert carried == {person.certificate.dump(), *(issuer.dump() for issuer in person.issuers)}
    assert isinstance(signature.signed_data, cms.SignedData)


def test_field_that_the_paper_does_not_have() -> None:
    """The error names those that it has."""
    with pytest.raises(SigningFieldMissingError) as refused:
        sign_paper(issued(), "minister", identity("Thư ký"), NOW)

    assert "presiding" in str(refused.value.facts["fields"])


def test_field_that_is_signed() -> None:
    with pytest.raises(SigningFieldSignedError):
        sign_paper(signed(), "secretary", identity("Thư ký"), NOW)


@pytest.mark.parametrize("paper", [b"", b"%PDF-1.7\n", b"no paper"])
def test_file_that_is_no_paper(paper: bytes) -> None:
    with pytest.raises(SigningPaperUnreadableError):
        sign_paper(paper, "secretary", identity("Thư ký"), NOW)


def test_certificate_that_has_expired() -> None:
    later = NOW + datetime.timedelta(days=5000)

    with pytest.raises(SigningCertificateNotInForceError):
        sign_field(issued(), "secretary", signer_of(identity("Thư ký")), "Thư ký", later)
