"""A file of either form, told by its first bytes: people rename files."""

from collections.abc import Sequence
from typing import Final

from services.imports.csv_file import read_csv
from services.imports.tables import Row
from services.imports.xlsx_file import OLD_EXCEL_MAGIC, ZIP_MAGIC, read_xlsx

MAX_FILE_BYTES: Final = 1_048_576


def read_tables(data: bytes) -> Sequence[Sequence[Row]]:
    """
    The file's rows; of a CSV file once by each delimiter that it may have.

    Raises ImportFileInvalidError.
    """
    if data.startswith((ZIP_MAGIC, OLD_EXCEL_MAGIC)):
        return [read_xlsx(data)]
    return read_csv(data)
