"""What can go wrong with what stands beside a paper: extracts, text copies, copies and scans."""

from typing import ClassVar

from services.errors import Fault, PartyError


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
