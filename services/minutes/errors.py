"""What can go wrong with papers and the signatures on them; each says what to do."""

from typing import ClassVar

from services.errors import Fault, PartyError


class PaperNotFoundError(PartyError):
    """There is no paper of this id."""

    name: ClassVar[str] = "paper-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class NotAnnouncedError(PartyError):
    """The head teller has not announced the result, so nobody else may see it (words.md §3)."""

    name: ClassVar[str] = "not-announced"
    fault: ClassVar[Fault] = Fault.CONFLICT


class NothingCountedError(PartyError):
    """No election of the meeting has a result, so there is nothing to draw up a minute of."""

    name: ClassVar[str] = "nothing-counted"
    fault: ClassVar[Fault] = Fault.CONFLICT


class EndOfMeetingMissingError(PartyError):
    """The meeting minute states when the meeting ended; the secretary has not said it."""

    name: ClassVar[str] = "end-of-meeting-missing"
    fault: ClassVar[Fault] = Fault.CONFLICT


class ReplacementReasonMissingError(PartyError):
    """A paper that somebody has signed is replaced only by one that says why (Decree 30)."""

    name: ClassVar[str] = "replacement-reason-missing"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperTextInvalidError(PartyError):
    """A text has a time that does not exist, or characters that cannot be printed."""

    name: ClassVar[str] = "paper-text-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class PaperReplacedError(PartyError):
    """The paper was replaced by another one, so nobody signs it any more."""

    name: ClassVar[str] = "paper-replaced"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperTooLargeError(PartyError):
    """The upload is larger than a paper may be."""

    name: ClassVar[str] = "paper-too-large"
    fault: ClassVar[Fault] = Fault.TOO_LARGE


class PaperMediaTypeError(PartyError):
    """A signed paper is sent as `application/pdf`, not compressed."""

    name: ClassVar[str] = "paper-media-type"
    fault: ClassVar[Fault] = Fault.UNSUPPORTED


class PaperNotIncrementError(PartyError):
    """Not the latest file with one signature (or number and date) added and nothing else."""

    name: ClassVar[str] = "paper-not-increment"
    fault: ClassVar[Fault] = Fault.INVALID


class PaperSignatureInvalidError(PartyError):
    """The added signature is not valid over the whole file, or not PAdES, or locks the others."""

    name: ClassVar[str] = "paper-signature-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class PaperFieldNotExpectedError(PartyError):
    """The signature is not in one of the paper's own fields, or not in the sender's; `field`."""

    name: ClassVar[str] = "paper-field-not-expected"
    fault: ClassVar[Fault] = Fault.INVALID


class PaperWrongOrderError(PartyError):
    """Somebody has to sign before; `role` is who."""

    name: ClassVar[str] = "paper-wrong-order"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperSignatureWaitingError(PartyError):
    """A signature on this paper waits for the secretary's confirmation; `role` is whose."""

    name: ClassVar[str] = "paper-signature-waiting"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperNothingWaitsError(PartyError):
    """No signature of this certificate waits in this field: it was confirmed, or taken back."""

    name: ClassVar[str] = "paper-nothing-waits"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperIssuedError(PartyError):
    """The agency has signed, so nothing changes any more: a mistake leads to a new minute."""

    name: ClassVar[str] = "paper-issued"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperWithoutNumberError(PartyError):
    """This paper has no field for a number: only a meeting minute of the present form has."""

    name: ClassVar[str] = "paper-without-number"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperNumberInvalidError(PartyError):
    """A number is up to four digits and two letters, a date one that exists."""

    name: ClassVar[str] = "paper-number-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class PaperNumberMissingError(PartyError):
    """The agency signs last: number and date are given before."""

    name: ClassVar[str] = "paper-number-missing"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperNumberGivenError(PartyError):
    """The paper has the number `number` already; it is not given twice."""

    name: ClassVar[str] = "paper-number-given"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperNumberTakenError(PartyError):
    """Another minute of this council has this `number` in this `year`; `date` is that one's."""

    name: ClassVar[str] = "paper-number-taken"
    fault: ClassVar[Fault] = Fault.CONFLICT


class SignerCertificateExpiredError(PartyError):
    """The signer's certificate is in force only from `not_before` to `not_after`."""

    name: ClassVar[str] = "signer-certificate-expired"
    fault: ClassVar[Fault] = Fault.INVALID


class SignerCertificateUsageError(PartyError):
    """The certificate is not one for signatures (RFC 5280 §4.2.1.3), or is an issuer's own."""

    name: ClassVar[str] = "signer-certificate-usage"
    fault: ClassVar[Fault] = Fault.INVALID


class SignerCertificateRevokedError(PartyError):
    """A revocation list or an answer in the file names the signer's certificate."""

    name: ClassVar[str] = "signer-certificate-revoked"
    fault: ClassVar[Fault] = Fault.INVALID


class SignerIssuerUnknownError(PartyError):
    """The certificate does not lead to an authority that the operator trusts; `issuer`."""

    name: ClassVar[str] = "signer-issuer-unknown"
    fault: ClassVar[Fault] = Fault.INVALID


class SignerOfSomebodyElseError(PartyError):
    """The certificate was confirmed for another member or the agency of this council."""

    name: ClassVar[str] = "signer-of-somebody-else"
    fault: ClassVar[Fault] = Fault.CONFLICT


class SignatureRequestUnknownError(PartyError):
    """There is no such request, or its time is over, or the paper has changed since."""

    name: ClassVar[str] = "signature-request-unknown"
    fault: ClassVar[Fault] = Fault.MISSING
