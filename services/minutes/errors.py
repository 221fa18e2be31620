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
    """The upload is not the latest file with exactly one signature added and nothing else."""

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
