"""pdfsig, openssl and pyHanko agree with the verifier on the signatures of good papers."""

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.fixtures.paper_builder import authority, built_paper
from tests.tampering.paper_attacks import file_reasons, finished

OPENSSL = (
    "cms -verify -binary -inform DER -in cms.der -content content"
    f" -CAfile root.pem -purpose any -no_check_time -out {os.devnull}"
).split()
PAPERS: dict[str, Callable[[], bytes]] = {
    "counting": lambda: built_paper("counting").signed,
    "meeting": lambda: built_paper("meeting").signed,
    "finished": finished,
}
HOW_MANY = {"counting": 3, "meeting": 2, "finished": 3}


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        assert os.environ.get("CI") != "true", f"{name} is missing"
        pytest.skip(f"{name} is not installed")
    return found


@pytest.mark.parametrize("name", PAPERS)
def test_pdfsig(name: str, tmp_path: Path) -> None:
    """poppler finds every signature valid, and one of them over the whole file."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(PAPERS[name]())
    said = subprocess.run(
        [program("pdfsig"), "-nocert", str(path)], capture_output=True, text=True, check=True
    ).stdout

    assert said.count("Signature Validation: Signature is Valid.") == HOW_MANY[name]
    assert said.count("Total document signed") == 1


@pytest.mark.parametrize("name", PAPERS)
def test_openssl(name: str, tmp_path: Path) -> None:
    """openssl verifies the CMS of every signature over the bytes that its ByteRange names."""
    paper = PAPERS[name]()
    (tmp_path / "root.pem").write_bytes(authority().pem)
    signatures = PdfFileReader(io.BytesIO(paper)).embedded_regular_signatures
    assert len(signatures) == HOW_MANY[name]
    for signature in signatures:
        start, first, second, rest = (int(each) for each in signature.byte_range)
        signed = paper[start : start + first] + paper[second : second + rest]
        (tmp_path / "content").write_bytes(signed)
        (tmp_path / "cms.der").write_bytes(bytes(signature.pkcs7_content))
        done = subprocess.run(
            [program("openssl"), *OPENSSL],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_verifier_itself() -> None:
    """And so does the verifier, by pyHanko."""
    assert file_reasons(finished(), authority().pem) == ""
