"""PDFium draws one page at a time: it must not be used by two threads of a process at once."""

import threading
from typing import Final

PDFIUM: Final = threading.Lock()
"""Held while anything of pypdfium2 is used; what is opened under it is closed under it too."""
