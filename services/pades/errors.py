"""What can go wrong when a paper is signed; the sentences are in `problem_texts/pades.json`."""

from typing import ClassVar

from services.errors import Fault, PartyError


class SigningPaperUnreadableError(PartyError):
    """The file is not a PDF that can be read strictly, or is encrypted."""

    name: ClassVar[str] = "signing-paper-unreadable"
    fault: ClassVar[Fault] = Fault.INVALID


class SigningFieldMissingError(PartyError):
    """The paper has no signature field `field`; `fields` names those that it has."""

    name: ClassVar[str] = "signing-field-missing"
    fault: ClassVar[Fault] = Fault.INVALID


class SigningFieldSignedError(PartyError):
    """The field `field` bears a signature already."""

    name: ClassVar[str] = "signing-field-signed"
    fault: ClassVar[Fault] = Fault.CONFLICT


class SigningPictureInvalidError(PartyError):
    """The picture of a signature or seal is not a PNG, is animated, or cannot be read."""

    name: ClassVar[str] = "signing-picture-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class SigningPictureTooLargeError(PartyError):
    """The picture has more than `kibibytes` or `pixels`."""

    name: ClassVar[str] = "signing-picture-too-large"
    fault: ClassVar[Fault] = Fault.TOO_LARGE


class SigningPictureOpaqueError(PartyError):
    """The picture has no transparent ground, so it would hide what is below (Decree 30)."""

    name: ClassVar[str] = "signing-picture-opaque"
    fault: ClassVar[Fault] = Fault.INVALID


class SigningCertificateInvalidError(PartyError):
    """Not a DER certificate, more than `limit` of them, or a key that is not supported."""

    name: ClassVar[str] = "signing-certificate-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class SigningCertificateNotInForceError(PartyError):
    """The certificate is in force from `not_before` to `not_after` only."""

    name: ClassVar[str] = "signing-certificate-not-in-force"
    fault: ClassVar[Fault] = Fault.INVALID


class SigningCertificateNotForSigningError(PartyError):
    """The certificate's key usage allows neither signatures nor commitments (RFC 5280 §4.2.1.3)."""

    name: ClassVar[str] = "signing-certificate-not-for-signing"
    fault: ClassVar[Fault] = Fault.INVALID


class SigningValueWrongError(PartyError):
    """The value that came back is not this certificate's signature over the signed attributes."""

    name: ClassVar[str] = "signing-value-wrong"
    fault: ClassVar[Fault] = Fault.INVALID


class SigningStateError(Exception):
    """What was kept of a prepared signature is not what was kept: a fault of whoever kept it."""


class LongTermError(Exception):
    """A paper cannot be made B-LTA now; it stays as it was, and a later attempt may succeed."""


class IssuerUnknownError(LongTermError):
    """The certificate of `subject` does not chain to a configured authority, or has expired."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(f"{subject}: {reason}")
        self.subject = subject


class CertificateRevokedError(LongTermError):
    """The certificate of `subject` was revoked."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(f"{subject}: {reason}")
        self.subject = subject


class RevocationUnknownError(LongTermError):
    """Neither a CRL nor an OCSP answer says whether the certificate of `subject` was revoked."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(f"{subject}: {reason}")
        self.subject = subject


class TimeStampError(LongTermError):
    """The time-stamp server gave no time stamp that holds."""
