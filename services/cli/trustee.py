"""`phieukin trustee`: a teller's steps on a computer of their own, offline.

Files go in and out; whatever is posted to or fetched from the service is carried by hand or by
another program. Secrets are in one file, sealed by a pass-phrase.
"""

import argparse
import getpass
import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from crypto.checkpoints import parse_note
from crypto.codes import read_code, seal_code, seal_value
from crypto.errors import CryptoError, MalformedError
from crypto.groups import group_by_name
from crypto.randomness import system_randomness
from crypto.trustee_device import make_certificate
from services.trustee.custody import Custody, CustodyError, erase, load, store
from services.trustee.opening import OpeningRefusedError, open_sum
from services.trustee.steps import (
    LogView,
    read_log,
    take_commitment,
    take_confirmation,
    take_key,
    take_reveal,
)
from services.verifier.board import DownloadedBoard
from services.verifier.record_files import MalformedInputError

DONE, REFUSED, MALFORMED = 0, 1, 2
PASS_PHRASE_VARIABLE: Final = "PHIEUKIN_TRUSTEE_PASS_PHRASE"
MAX_INPUT_BYTES: Final = 512 * 1024 * 1024


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe `phieukin trustee` and its steps."""
    parser = subparsers.add_parser(
        "trustee",
        help="a teller's steps in the key ceremony and the opening, offline",
        description="Each step reads what the service shows (INPUT) and writes the JSON body to"
        f" post (OUTPUT). The pass-phrase is asked for, or taken from {PASS_PHRASE_VARIABLE}.",
    )
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    _add_certificate(steps)
    for name, run_step, help_text in (
        ("commitment", _commitment, "commit; INPUT: the answer of GET …/ceremony"),
        ("reveal", _reveal, "reveal and seal shares; INPUT: the answer of GET …/ceremony"),
        ("confirmation", _confirmation, "sign phi; INPUT: the lines of GET …/board/entries"),
    ):
        _add_step(steps, name, run_step, help_text)
    key = _add_step(steps, "key", _key, "make the key; INPUT: the answer of GET …/ceremony")
    key.add_argument("--shares", type=Path, required=True, help="the answer of GET …/sealed-shares")
    _add_open(steps)
    done = steps.add_parser("erase", help="erase the file, after the minute is signed")
    done.add_argument("--state", type=Path, required=True)
    done.set_defaults(run=_erase)


def _add_certificate(steps: Any) -> None:
    parser = steps.add_parser("certificate", help="draw a fresh seed and make the certificate")
    parser.add_argument("--state", type=Path, required=True, help="the new secret file")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--uuid", required=True)
    parser.add_argument("--group", choices=("Ed25519", "BELENIOS-2048"), default="Ed25519")
    parser.add_argument("--index", type=int, required=True, help="this trustee's number, from 1")
    parser.add_argument("--size", type=int, default=3, help="trustees in all")
    parser.add_argument("--threshold", type=int, default=2, help="trustees that open the sum")
    parser.set_defaults(run=_guarded(_certificate))


def _add_step(
    steps: Any, name: str, run_step: Callable[[argparse.Namespace], int], help_text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = steps.add_parser(name, help=help_text)
    parser.add_argument("--state", type=Path, required=True, help="the secret file")
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.set_defaults(run=_guarded(run_step))
    return parser


def _add_open(steps: Any) -> None:
    parser = steps.add_parser(
        "open",
        help="verify the whole board and open the sum",
        description="INPUT is a zip file with entries.jsonl, checkpoints/opening,"
        " checkpoints/closing, roster.json and attendance.json as the service shows them.",
    )
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--code", required=True, help="the seal code that the hall shows")
    parser.set_defaults(run=_guarded(_open))


def _guarded(step: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Say what is wrong on one line: 1 where something is refused, 2 where it is malformed."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            return step(arguments)
        except (
            MalformedError,
            MalformedInputError,
            OSError,
            ValueError,
            KeyError,
        ) as error:
            print(f"phieukin trustee: {error}", file=sys.stderr)
            return MALFORMED
        except (CryptoError, CustodyError, OpeningRefusedError) as error:
            print(f"phieukin trustee: refused: {error}", file=sys.stderr)
            return REFUSED

    return run


def _pass_phrase() -> str:
    return os.environ.get(PASS_PHRASE_VARIABLE) or getpass.getpass("Pass-phrase: ")


def _certificate(arguments: argparse.Namespace) -> int:
    if arguments.state.exists():
        raise CustodyError(f"{arguments.state} exists: one file holds one election's secrets")
    state = make_certificate(
        group_by_name(arguments.group),
        arguments.uuid,
        arguments.index,
        arguments.size,
        arguments.threshold,
        system_randomness,
    )
    store(arguments.state, Custody(state), _pass_phrase(), system_randomness)
    return _write(arguments.output, {"certificate": state.certificate})


def _commitment(arguments: argparse.Namespace) -> int:
    pass_phrase = _pass_phrase()
    custody = load(arguments.state, pass_phrase)
    state = take_commitment(custody.state, _read_ceremony(arguments.input), system_randomness)
    store(arguments.state, Custody(state, custody.opened), pass_phrase, system_randomness)
    return _write(arguments.output, {"commitment": state.commitment})


def _reveal(arguments: argparse.Namespace) -> int:
    pass_phrase = _pass_phrase()
    custody = load(arguments.state, pass_phrase)
    state, revealed, sealed = take_reveal(custody.state, _read_ceremony(arguments.input))
    store(arguments.state, Custody(state, custody.opened), pass_phrase, system_randomness)
    body = {
        "coefexps": revealed.coefexps,
        "signature": revealed.signature,
        "sealed_shares": list(sealed),
    }
    return _write(arguments.output, body)


def _key(arguments: argparse.Namespace) -> int:
    pass_phrase = _pass_phrase()
    custody = load(arguments.state, pass_phrase)
    shares = _read_json(arguments.shares)["sealed_shares"]
    log = _read_ceremony(arguments.input)
    state = take_key(custody.state, log, shares, system_randomness)
    store(arguments.state, Custody(state, custody.opened), pass_phrase, system_randomness)
    return _write(arguments.output, {"verification_key": state.verification_key})


def _confirmation(arguments: argparse.Namespace) -> int:
    pass_phrase = _pass_phrase()
    custody = load(arguments.state, pass_phrase)
    log = read_log(_read_bytes(arguments.input).splitlines())
    state = take_confirmation(custody.state, log, system_randomness)
    store(arguments.state, Custody(state, custody.opened), pass_phrase, system_randomness)
    return _write(arguments.output, {"confirmation": state.confirmation})


def _open(arguments: argparse.Namespace) -> int:
    pass_phrase = _pass_phrase()
    custody = load(arguments.state, pass_phrase)
    board = _read_board(arguments.input)
    closing_text = parse_note(board.closing_note).text
    if seal_code(closing_text) != read_code(arguments.code):
        raise OpeningRefusedError("seal-differs", "the seal code differs from the hall's")
    opened = open_sum(
        custody.state, custody.opened, board, seal_value(closing_text), system_randomness
    )
    # Stored before it is written out: a second answer over other ciphertexts would leak the key.
    store(arguments.state, Custody(custody.state, opened), pass_phrase, system_randomness)
    body = {
        "partial_decryption": opened.partial_decryption,
        "proof": msgspec.to_builtins(opened.proof),
    }
    return _write(arguments.output, body)


def _erase(arguments: argparse.Namespace) -> int:
    erase(arguments.state)
    return DONE


def _read_bytes(path: Path) -> bytes:
    if path.stat().st_size > MAX_INPUT_BYTES:
        raise MalformedError(f"{path} is larger than any board")
    return path.read_bytes()


def _read_json(path: Path) -> Any:
    return json.loads(_read_bytes(path))


def _read_ceremony(path: Path) -> LogView:
    return read_log([entry.encode() for entry in _read_json(path)["entries"]])


def _read_board(path: Path) -> DownloadedBoard:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_INPUT_BYTES:
                raise MalformedError(f"{path} is larger than any board")
            return DownloadedBoard(
                entries=tuple(archive.read("entries.jsonl").splitlines()),
                opening_note=archive.read("checkpoints/opening").decode(),
                closing_note=archive.read("checkpoints/closing").decode(),
                roster=archive.read("roster.json"),
                attendance=archive.read("attendance.json"),
            )
    except zipfile.BadZipFile:
        raise MalformedError(f"{path} is not a zip file") from None


def _write(path: Path, body: dict[str, Any]) -> int:
    path.write_text(json.dumps(body, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written: {path}. Hand it to the service.")
    return DONE
