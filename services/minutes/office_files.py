"""Office Open XML files (ECMA-376) whose bytes depend on their content alone."""

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Final

_CORE: Final = "docProps/core.xml"
_MODIFIED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FIRST_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can say


def with_fixed_times(file: bytes, instant: str) -> bytes:
    """
    The same file as of `instant` (RFC 3339): the libraries enter the time of day when they write.

    Parts keep their order: some readers want `[Content_Types].xml` where it was.
    """
    moment = datetime.fromisoformat(instant).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file)) as before,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.infolist():
            data = before.read(part)
            if part.filename == _CORE:
                data = _MODIFIED.sub(rb"\g<1>" + moment + rb"\g<2>", data)
            kept = zipfile.ZipInfo(part.filename, _FIRST_TIME)
            kept.compress_type = zipfile.ZIP_DEFLATED
            kept.external_attr = 0o600 << 16
            after.writestr(kept, data)
    return written.getvalue()
