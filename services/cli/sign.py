"""`phieukin sign`: sign a paper on one's own computer, with a token or a key file; no network."""

import argparse
import getpass
import hashlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import Signer
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from crypto.codes import seal_code_of_note
from crypto.errors import CryptoError
from services.errors import PartyError
from services.pades.certificates import check_may_sign
from services.pades.keys import (
    MAX_PKCS12_BYTES,
    KeyChoice,
    SigningKeyError,
    open_pkcs12,
    open_token,
)
from services.pades.picture import MAX_PICTURE_BYTES
from services.pades.signing import check_field_is_empty, sign_field
from services.verifier.record_files import (
    MalformedInputError,
    attached_records,
    read_record_files,
)

DONE, REFUSED, MALFORMED = 0, 1, 2
PIN_VARIABLE: Final = "PHIEUKIN_SIGN_PIN"
MAX_PAPER_BYTES: Final = 64 * 1024 * 1024
MAX_PIN_BYTES: Final = 1024
CLOSING: Final = "closing"
TEXTS: Final = Path(__file__).parents[1] / "problem_texts" / "pades.json"


class UsageError(Exception):
    """A file cannot be read or written, or is no paper."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe `phieukin sign`."""
    parser = subparsers.add_parser(
        "sign",
        help="sign a paper with a token or a key file, offline",
        description="Adds one signature (PAdES B-B) to FILE and writes the longer file, which is"
        " uploaded to the service. The PIN or pass-phrase is asked for, or read from --pin-file or"
        f" {PIN_VARIABLE}; it is never given on the command line.",
    )
    parser.add_argument("path", type=Path, metavar="FILE", help="the paper, as the service has it")
    parser.add_argument("--field", required=True, metavar="NAME", help="secretary, presiding, …")
    key = parser.add_mutually_exclusive_group(required=True)
    key.add_argument("--pkcs11", metavar="LIB", help="the token's PKCS#11 library")
    key.add_argument("--pkcs12", type=Path, metavar="FILE", help="a .p12 or .pfx file")
    parser.add_argument("--token", metavar="LABEL", help="which token, if several are plugged in")
    parser.add_argument("--key", metavar="LABEL", help="which key, if the token has several")
    parser.add_argument("--id", type=_hex, metavar="HEX", help="the same by its number")
    parser.add_argument("--name", help="name in the visible signature [the certificate's]")
    parser.add_argument(
        "--picture", type=Path, metavar="PNG", help="handwritten signature, or the agency's seal"
    )
    parser.add_argument("--pin-file", type=Path, metavar="FILE", help="its first line is the PIN")
    parser.add_argument("--out", type=Path, metavar="FILE", help="[FILE-signed.pdf]")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Sign one field; 0 written, 1 refused, 2 malformed input or usage."""
    try:
        return _sign(arguments)
    except PartyError as error:
        print(f"phieukin sign: {_sentence(error)}", file=sys.stderr)
        return REFUSED
    except SigningKeyError as error:
        print(f"phieukin sign: {error}", file=sys.stderr)
        return REFUSED
    except (UsageError, MalformedInputError) as error:
        print(f"phieukin sign: {error}", file=sys.stderr)
        return MALFORMED


def _sign(arguments: argparse.Namespace) -> int:
    path: Path = arguments.path
    out: Path = arguments.out or path.with_name(f"{path.stem}-signed.pdf")
    if out.exists():
        raise UsageError(f"{out} exists; choose another name with --out")
    paper = _read(path, MAX_PAPER_BYTES)
    picture = None if arguments.picture is None else _read(arguments.picture, MAX_PICTURE_BYTES)
    check_field_is_empty(paper, arguments.field)
    for line in _what_is_signed(path.name, paper, arguments.field):
        print(line)
    with _signer(arguments) as signer:
        certificate = signer.signing_cert
        if certificate is None:
            raise SigningKeyError("the key has no certificate")
        moment = datetime.now(UTC)
        for line in _who_signs(certificate):
            print(line)
        check_may_sign(certificate, moment)
        name = arguments.name or _common_name(certificate.subject)
        signed = sign_field(paper, arguments.field, signer, name, moment, picture)
    _check_valid(signed, arguments.field)
    _write_new(out, signed)
    print(f"Written:    {out}, SHA-256 {hashlib.sha256(signed).hexdigest()}")
    print("Upload this file to the service.")
    return DONE


def _what_is_signed(file_name: str, paper: bytes, field: str) -> Iterator[str]:
    reader: Any = PdfFileReader(io.BytesIO(paper), strict=True)
    yield f"Paper:      {reader.trailer_view['/Info'].get('/Title', 'without a title')}"
    yield f"File:       {file_name}, SHA-256 {hashlib.sha256(paper).hexdigest()}"
    for name, record in attached_records(paper).items():
        yield f"Seal code:  {_seal_code(record)} ({name}): compare it with the one of the hall"
    for known, value, reference in enumerate_sig_fields(reader):
        title = reference.get_object().get("/TU", known)
        if known == field:
            yield f"Field:      {field} ({title})"
        elif value is not None:
            yield f"Has signed: {known} ({title})"


def _seal_code(record: bytes) -> str:
    try:
        return seal_code_of_note(read_record_files(record).checkpoints[CLOSING].decode())
    except (KeyError, ValueError, CryptoError) as error:
        raise UsageError("the paper's record has no seal; download the paper again") from error


def _who_signs(certificate: x509.Certificate) -> Iterator[str]:
    yield f"Signer:     {_common_name(certificate.subject)}"
    yield f"Issuer:     {_common_name(certificate.issuer)}"
    until = f"{certificate.not_valid_after:%d-%m-%Y}"
    yield f"Certificate: number {certificate.serial_number:x}, in force until {until}"


@contextmanager
def _signer(arguments: argparse.Namespace) -> Iterator[Signer]:
    if arguments.pkcs12 is not None:
        data = _read(arguments.pkcs12, MAX_PKCS12_BYTES)
        yield open_pkcs12(data, _pin(arguments, "Pass-phrase of the key file: "))
        return
    choice = KeyChoice(token=arguments.token, label=arguments.key, id=arguments.id)
    with open_token(arguments.pkcs11, choice, _pin(arguments, "PIN of the token: ")) as signer:
        yield signer


def _pin(arguments: argparse.Namespace, prompt: str) -> str:
    if arguments.pin_file is not None:
        lines = _read(arguments.pin_file, MAX_PIN_BYTES).decode(errors="replace").splitlines()
        return lines[0] if lines else ""
    if PIN_VARIABLE in os.environ:
        return os.environ[PIN_VARIABLE]
    try:
        return getpass.getpass(prompt)
    except (EOFError, OSError) as error:
        raise UsageError(f"no terminal to ask for the PIN; use --pin-file or {PIN_VARIABLE}") from (
            error
        )


def _check_valid(signed: bytes, field: str) -> None:
    """What a token gave is verified before anything is written: some sign with another key."""
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    for signature in PdfFileReader(io.BytesIO(signed)).embedded_signatures:
        if signature.field_name == field:
            try:
                status: Any = validate_pdf_signature(signature, signer_validation_context=context)
            except (SigningError, PdfError, ValueError) as error:
                raise SigningKeyError(f"the new signature cannot be verified: {error}") from error
            if status.intact and status.valid:
                return
    raise SigningKeyError("the key does not belong to its certificate: nothing was written")


def _write_new(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    if len(data) > limit:
        raise UsageError(f"{path} is longer than {limit} bytes")
    return data


def _common_name(name: x509.Name) -> str:
    return str(name.native.get("common_name") or name.human_friendly)


def _sentence(error: PartyError) -> str:
    texts = msgspec.json.decode(TEXTS.read_bytes(), type=dict[str, dict[str, str]])
    return texts[error.name]["en"].format_map(error.facts)


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not hexadecimal") from None
