"""What can go wrong with a log, in the board's words."""

from typing import ClassVar

from services.errors import Fault, PartyError


class LogNotFoundError(PartyError):
    """There is no log of this election."""

    name: ClassVar[str] = "log-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class CheckpointNotFoundError(PartyError):
    """The log has not come to this checkpoint, or there is none of the name."""

    name: ClassVar[str] = "checkpoint-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class RecordFileNotFoundError(PartyError):
    """The log's file is not there yet."""

    name: ClassVar[str] = "record-file-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class BoardMovedError(PartyError):
    """The log is not at the position from which the caller wants to go on."""

    name: ClassVar[str] = "board-moved"
    fault: ClassVar[Fault] = Fault.CONFLICT


class EntryRefusedError(PartyError):
    """The entry may not follow here (protocol.md §7), or is not of its form or size."""

    name: ClassVar[str] = "entry-refused"
    fault: ClassVar[Fault] = Fault.CONFLICT


class FileNotCommittedError(PartyError):
    """The file does not open the commitment that stands in the log."""

    name: ClassVar[str] = "file-not-committed"
    fault: ClassVar[Fault] = Fault.INVALID


class PromiseInvalidError(PartyError):
    """Not a promise of this election's box."""

    name: ClassVar[str] = "promise-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class BallotOnBoardError(PartyError):
    """The promised ballot is on the board, so nothing is missing."""

    name: ClassVar[str] = "ballot-on-board"
    fault: ClassVar[Fault] = Fault.CONFLICT


class ClaimNotDueError(PartyError):
    """A claim enters only between closing and the first partial decryption."""

    name: ClassVar[str] = "claim-not-due"
    fault: ClassVar[Fault] = Fault.CONFLICT


class RecordNotReadyError(PartyError):
    """A record is made after the result or the cancellation, of an election that was issued."""

    name: ClassVar[str] = "record-not-ready"
    fault: ClassVar[Fault] = Fault.CONFLICT
