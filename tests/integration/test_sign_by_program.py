"""`phieukin sign`: people sign on their own computer, with a token or a key file."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from services.cli.main import main
from services.simulation.test_authority import SigningIdentity
from tests.integration.softhsm_token import LIBRARY, PIN, TokenDrawer
from tests.unit.pades.drawn_pictures import handwriting
from tests.unit.pades.signing_papers import NOW, authority, check_accepted, identity, issued

PASS_PHRASE = "mật khẩu của tệp khóa"
with_tokens = pytest.mark.skipif(
    shutil.which("softhsm2-util") is None, reason="softhsm2 is not installed"
)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """`mot` has one key; `hai` two, one of them without certificate."""
    before = os.environ.get("SOFTHSM2_CONF")
    drawer = TokenDrawer(tmp_path_factory.mktemp("softhsm"))
    secretary, presiding = identity("Thư ký"), identity("Chủ tọa")
    for token in ("mot", "hai"):
        drawer.make(token)
    drawer.put_key("mot", "ky", "01", secretary)
    drawer.put_key("hai", "ky", "01", presiding)
    drawer.put_key("hai", "cu", "02", secretary)
    drawer.put_certificate("mot", "01", secretary.certificate.dump())
    drawer.put_certificate("mot", "09", secretary.issuers[0].dump())
    drawer.put_certificate("hai", "01", presiding.certificate.dump())
    yield
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "minute.pdf"
    path.write_bytes(issued())
    return path


@pytest.fixture(autouse=True)
def pin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHIEUKIN_SIGN_PIN", PIN)


def sign(paper: Path, *options: str, field: str = "secretary") -> int:
    return main(["sign", str(paper), "--field", field, *options])


def by_token(paper: Path, *options: str, field: str = "secretary") -> int:
    return sign(paper, "--pkcs11", LIBRARY, *options, field=field)


@with_tokens
def test_token(paper: Path, tokens: None, capsys: pytest.CaptureFixture[str]) -> None:
    """The service takes what is written; what is signed and by whom was said before."""
    assert by_token(paper, "--token", "mot") == 0

    upload = paper.with_name("minute-signed.pdf").read_bytes()
    assert check_accepted(issued(), upload) == "secretary"
    said = capsys.readouterr().out
    for words in (
        "Paper:      Biên bản. ",
        "Field:      secretary (",
        "Seal code:",
        "Signer:     Thư ký",
    ):
        assert words in said


@with_tokens
def test_program_of_its_own(paper: Path, tokens: None, tmp_path: Path) -> None:
    """The whole command, with a picture and the PIN in a file."""
    pin_file, picture, out = tmp_path / "pin", tmp_path / "ky.png", tmp_path / "signed.pdf"
    pin_file.write_text(PIN + "\n")
    picture.write_bytes(handwriting())
    command = [sys.executable, "-m", "services.cli.main", "sign", str(paper)]
    command += ["--field", "secretary", "--pkcs11", LIBRARY, "--token", "mot"]
    command += ["--pin-file", str(pin_file), "--picture", str(picture), "--out", str(out)]
    environment = {k: v for k, v in os.environ.items() if k != "PHIEUKIN_SIGN_PIN"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    assert (done.returncode, done.stderr) == (0, "")
    assert check_accepted(issued(), out.read_bytes()) == "secretary"
    assert b"/SMask" in out.read_bytes()[len(issued()) :]


@with_tokens
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "several tokens found; choose one with --token: 'mot', 'hai'"),
        (["--token", "ba"], "no token has the label 'ba'; there are: 'mot', 'hai'"),
        (["--token", "hai"], "choose one with --key or --id: key 'ky' (id 01), key 'cu' (id 02)"),
        (["--token", "hai", "--key", "moi"], "no such key; it has: key 'ky' (id 01), key 'cu'"),
        (["--token", "hai", "--id", "02"], "holds no certificate for key 'cu' (id 02)"),
    ],
)
def test_token_or_key_that_is_not_clear(
    options: list[str],
    says: str,
    paper: Path,
    tokens: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The message names what there is to choose from."""
    assert by_token(paper, *options) == 1

    # The order is the library's own.
    said = capsys.readouterr().err
    names = ["'mot'", "'hai'", "key 'ky' (id 01)", "key 'cu' (id 02)"]
    head = min((says.find(name) for name in names if name in says), default=len(says))
    assert says[:head] in said
    assert all(name in said for name in names if name in says)
    assert list(paper.parent.glob("*-signed.pdf")) == []


@with_tokens
def test_several_keys_one_chosen(paper: Path, tokens: None) -> None:
    assert by_token(paper, "--token", "hai", "--id", "01", field="secretary") == 0
    assert check_accepted(issued(), paper.with_name("minute-signed.pdf").read_bytes())


@with_tokens
def test_wrong_pin(
    paper: Path,
    tokens: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PHIEUKIN_SIGN_PIN", "99999999")

    assert by_token(paper, "--token", "mot") == 1
    assert "wrong PIN" in capsys.readouterr().err


def test_library_that_is_none(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign(paper, "--pkcs11", str(paper)) == 1
    assert "is not a PKCS#11 library that works here" in capsys.readouterr().err


def key_file(folder: Path, person: SigningIdentity, own: SigningIdentity | None = None) -> Path:
    """A .p12 of this person; `own` is whose certificate it holds."""
    key = serialization.load_der_private_key(person.private_key.dump(), None)
    owner = person if own is None else own
    certificate = x509.load_der_x509_certificate(owner.certificate.dump())
    kept = pkcs12.serialize_key_and_certificates(
        b"ky",
        key,  # type: ignore[arg-type]
        certificate,
        [authority().certificate],
        serialization.BestAvailableEncryption(PASS_PHRASE.encode()),
    )
    path = folder / "key.p12"
    path.write_bytes(kept)
    return path


@pytest.fixture
def pass_phrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHIEUKIN_SIGN_PIN")
    monkeypatch.setattr("getpass.getpass", lambda _: PASS_PHRASE)


def test_key_file(paper: Path, pass_phrase: None) -> None:
    """The pass-phrase is asked for on the terminal."""
    assert sign(paper, "--pkcs12", str(key_file(paper.parent, identity("Thư ký")))) == 0

    upload = paper.with_name("minute-signed.pdf").read_bytes()
    assert check_accepted(issued(), upload) == "secretary"


def test_wrong_pass_phrase(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign(paper, "--pkcs12", str(key_file(paper.parent, identity("Thư ký")))) == 1
    assert "wrong pass-phrase" in capsys.readouterr().err


def test_second_signature_in_the_same_field(
    paper: Path, pass_phrase: None, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = str(key_file(paper.parent, identity("Thư ký")))
    assert sign(paper, "--pkcs12", keys) == 0
    assert sign(paper.with_name("minute-signed.pdf"), "--pkcs12", keys) == 1
    assert '"secretary" bears a signature already' in capsys.readouterr().err


def test_field_that_the_paper_does_not_have(
    paper: Path, pass_phrase: None, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = str(key_file(paper.parent, identity("Thư ký")))
    assert sign(paper, "--pkcs12", keys, field="minister") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert 'no signature field "minister"' in said.err
    assert "presiding" in said.err


def test_certificate_that_has_expired(
    paper: Path, pass_phrase: None, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = NOW.replace(year=NOW.year - 20)
    keys = key_file(paper.parent, authority().issue("Người về hưu", long_ago))
    assert sign(paper, "--pkcs12", str(keys)) == 1
    assert "is in force from" in capsys.readouterr().err


def test_file_that_is_there_is_not_written_over(
    paper: Path, pass_phrase: None, capsys: pytest.CaptureFixture[str]
) -> None:
    there = paper.with_name("minute-signed.pdf")
    there.write_bytes(b"signed by somebody")
    assert sign(paper, "--pkcs12", str(key_file(paper.parent, identity("Thư ký")))) == 2
    assert "choose another name with --out" in capsys.readouterr().err
    assert there.read_bytes() == b"signed by somebody"


def test_no_terminal(
    paper: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_terminal(_: str) -> str:
        raise EOFError

    monkeypatch.delenv("PHIEUKIN_SIGN_PIN")
    monkeypatch.setattr("getpass.getpass", no_terminal)
    assert sign(paper, "--pkcs12", str(key_file(paper.parent, identity("Thư ký")))) == 2
    assert "--pin-file" in capsys.readouterr().err
