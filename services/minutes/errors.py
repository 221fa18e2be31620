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


class MeetingMinuteOnlyError(PartyError):
    """Extracts are taken from the meeting's minute, not from a counting minute."""

    name: ClassVar[str] = "meeting-minute-only"
    fault: ClassVar[Fault] = Fault.CONFLICT


class ExtractNotFoundError(PartyError):
    """The minute has no extract of this number."""

    name: ClassVar[str] = "extract-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class PaperContentNotKeptError(PartyError):
    """The paper was drawn up by a release that did not keep what it was drawn up from."""

    name: ClassVar[str] = "paper-content-not-kept"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CopyMediaTypeError(PartyError):
    """A copy is sent as a PDF, PNG or JPEG, not compressed again."""

    name: ClassVar[str] = "copy-media-type"
    fault: ClassVar[Fault] = Fault.UNSUPPORTED


class CopyUnreadableError(PartyError):
    """The file is not what its media type says, is damaged, or needs a password."""

    name: ClassVar[str] = "copy-unreadable"
    fault: ClassVar[Fault] = Fault.INVALID


class CopyTooLargeError(PartyError):
    """The file has more pages, or more pixels, than any scan of a paper."""

    name: ClassVar[str] = "copy-too-large"
    fault: ClassVar[Fault] = Fault.TOO_LARGE


class CopyCodeMissingError(PartyError):
    """No code of the paper could be read from the scan, and none was typed."""

    name: ClassVar[str] = "copy-code-missing"
    fault: ClassVar[Fault] = Fault.INVALID


class CopyOfAnotherPaperError(PartyError):
    """The codes on the scan, or the typed one, are those of another election."""

    name: ClassVar[str] = "copy-of-another-paper"
    fault: ClassVar[Fault] = Fault.INVALID


class CopyNotFoundError(PartyError):
    """The paper has no copy of this id."""

    name: ClassVar[str] = "copy-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class TooManyCopiesError(PartyError):
    """The paper has as many copies as are kept; `most` is how many."""

    name: ClassVar[str] = "too-many-copies"
    fault: ClassVar[Fault] = Fault.CONFLICT


class HandSignedCopyOnlyError(PartyError):
    """Only a scan of the paper signed in ink can finish it, not a plain copy."""

    name: ClassVar[str] = "hand-signed-copy-only"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PaperAlreadySignedError(PartyError):
    """All have signed this paper already, with certificates or by another scan."""

    name: ClassVar[str] = "paper-already-signed"
    fault: ClassVar[Fault] = Fault.CONFLICT
