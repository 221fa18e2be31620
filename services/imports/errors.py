"""What can go wrong with an imported file."""

from typing import ClassVar

from services.errors import Fault, PartyError, RowFault, RowsError

# A file that is wrong from top to bottom needs no more to be seen as such.
MAX_FAULTS = 200


class ImportRowsInvalidError(RowsError):
    """Something in the file must be mended first; `rows` says what, by row and column."""

    name: ClassVar[str] = "import-rows-invalid"
    fault: ClassVar[Fault] = Fault.INVALID

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(faults[:MAX_FAULTS], count=len(faults))


class ImportFileInvalidError(ImportRowsInvalidError):
    """The file as a whole cannot be read: one fault, of row 0."""

    def __init__(self, sentence: str) -> None:
        super().__init__([RowFault(row=0, column="", problem=sentence)])


class ImportMediaTypeError(PartyError):
    """A list is sent as CSV or XLSX, not compressed."""

    name: ClassVar[str] = "import-media-type"
    fault: ClassVar[Fault] = Fault.UNSUPPORTED
