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
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from crypto.checkpoints import parse_note
from crypto.codes import election_code, read_code, seal_code, seal_value
from crypto.elections import fingerprint
from crypto.errors import CryptoError, MalformedError, NoteError
from crypto.groups import group_by_name
from crypto.randomness import system_randomness
from crypto.trustee_device import make_certificate
from schemas.api_tally import CeremonyView, SealedSharesView
from schemas.entries import ElectionEntry
from schemas.record import ATTENDANCE, ENTRIES, ROSTER
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
OPENING, CLOSING = "checkpoints/opening", "checkpoints/closing"
BOARD_FILES: Final = (ENTRIES, OPENING, CLOSING, ROSTER, ATTENDANCE)


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
    done.add_argument("--state", type=Path, required=True, help="the secret file")
    done.set_defaults(run=_guarded(_erase))


def _add_certificate(steps: Any) -> None:
    parser = steps.add_parser("certificate", help="draw a fresh seed and make the certificate")
    parser.add_argument("--state", type=Path, required=True, help="the new secret file")
    parser.add_argument("--output", type=Path, required=True, help="what to post")
    parser.add_argument("--uuid", required=True, help="the election's, as the service shows it")
    parser.add_argument(
        "--group",
        choices=("Ed25519", "BELENIOS-2048"),
        default="Ed25519",
        help="the election's [Ed25519]",
    )
    parser.add_argument("--index", type=int, required=True, help="this trustee's number, from 1")
    parser.add_argument("--size", type=int, default=3, help="trustees in all [3]")
    parser.add_argument("--threshold", type=int, default=2, help="trustees that open the sum [2]")
    parser.set_defaults(run=_guarded(_certificate))


def _add_step(
    steps: Any, name: str, run_step: Callable[[argparse.Namespace], int], help_text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = steps.add_parser(name, help=help_text)
    parser.add_argument("--state", type=Path, required=True, help="the secret file")
    parser.add_argument("--input", type=Path, required=True, help="what the service shows")
    parser.add_argument("--output", type=Path, required=True, help="what to post")
    parser.set_defaults(run=_guarded(run_step))
    return parser


def _add_open(steps: Any) -> None:
    parser = steps.add_parser(
        "open",
        help="verify the whole board and open the sum",
        description="INPUT is a zip file with entries.jsonl, checkpoints/opening,"
        " checkpoints/closing, roster.json and attendance.json as the service shows them.",
    )
    parser.add_argument("--state", type=Path, required=True, help="the secret file")
    parser.add_argument("--input", type=Path, required=True, help="the board, as a zip file")
    parser.add_argument("--output", type=Path, required=True, help="what to post")
    parser.add_argument("--code", required=True, help="the seal code that the hall shows")
    parser.add_argument(
        "--promise",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="the box's promise of a ballot, one's own or as scanned: it must be on the board",
    )
    parser.set_defaults(run=_guarded(_open))


def _guarded(step: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Say what is wrong on one line: 1 where something is refused, 2 where it is malformed."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            return step(arguments)
        except (MalformedInputError, NoteError, OSError, EOFError, ValueError) as error:
            print(f"phieukin trustee: {error}", file=sys.stderr)
            return MALFORMED
        except (CryptoError, CustodyError, OpeningRefusedError) as error:
            print(f"phieukin trustee: refused: {error}", file=sys.stderr)
            return REFUSED

    return run


def _pass_phrase(*, is_new: bool = False) -> str:
    if given := os.environ.get(PASS_PHRASE_VARIABLE):
        return given
    typed = getpass.getpass("Pass-phrase: ")
    if is_new and getpass.getpass("Once more: ") != typed:
        raise CustodyError("the two pass-phrases differ")
    return typed


def _certificate(arguments: argparse.Namespace) -> int:
    """Called again, for an output that was lost, it gives the certificate made before."""
    asked = (arguments.group, arguments.uuid, arguments.index, arguments.size, arguments.threshold)
    if arguments.state.exists():
        state = load(arguments.state, _pass_phrase()).state
        if (state.group, state.uuid, state.index, state.size, state.threshold) != asked:
            raise CustodyError(f"{arguments.state} exists: one file holds one election's secrets")
        return _write(arguments.output, {"certificate": state.certificate})
    try:
        state = make_certificate(
            group_by_name(arguments.group), *asked[1:], randomness=system_randomness
        )
    except MalformedError as error:
        raise MalformedInputError(str(error)) from error
    store(arguments.state, Custody(state), _pass_phrase(is_new=True), system_randomness)
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
    shares = msgspec.json.decode(_read_bytes(arguments.shares), type=SealedSharesView).sealed_shares
    log = _read_ceremony(arguments.input)
    state = take_key(custody.state, log, shares, system_randomness)
    store(arguments.state, Custody(state, custody.opened), pass_phrase, system_randomness)
    return _write(arguments.output, {"verification_key": state.verification_key})


def _confirmation(arguments: argparse.Namespace) -> int:
    pass_phrase = _pass_phrase()
    custody = load(arguments.state, pass_phrase)
    log = read_log(_lines(_read_bytes(arguments.input)))
    state = take_confirmation(custody.state, log, system_randomness)
    store(arguments.state, Custody(state, custody.opened), pass_phrase, system_randomness)
    election = next(entry for entry in log.entries if isinstance(entry, ElectionEntry))
    print(
        f"Election code: {election_code(fingerprint(election.election))}. Compare it in the hall."
    )
    return _write(arguments.output, {"confirmation": state.confirmation})


def _open(arguments: argparse.Namespace) -> int:
    pass_phrase = _pass_phrase()
    custody = load(arguments.state, pass_phrase)
    board = _read_board(arguments.input)
    promises = [_read_bytes(path).decode() for path in arguments.promise]
    closing_text = parse_note(board.closing_note).text
    if seal_code(closing_text) != _read_code(arguments.code):
        raise OpeningRefusedError("seal-differs", "the seal code differs from the hall's")
    seal = seal_value(closing_text)
    opened = open_sum(custody.state, custody.opened, board, seal, system_randomness, promises)
    # Stored before it is written out: a device that forgot it could be shown another board.
    store(arguments.state, Custody(custody.state, opened), pass_phrase, system_randomness)
    body = {
        "partial_decryption": opened.partial_decryption,
        "proof": msgspec.to_builtins(opened.proof),
    }
    return _write(arguments.output, body)


def _erase(arguments: argparse.Namespace) -> int:
    erase(arguments.state)
    return DONE


def _read_code(text: str) -> str:
    try:
        return read_code(text)
    except MalformedError as error:
        raise MalformedInputError(f"--code: {error}") from error


def _read_bytes(path: Path) -> bytes:
    if path.stat().st_size > MAX_INPUT_BYTES:
        raise MalformedInputError(f"{path} is larger than any board")
    return path.read_bytes()


def _read_ceremony(path: Path) -> LogView:
    view = msgspec.json.decode(_read_bytes(path), type=CeremonyView)
    return read_log([entry.encode() for entry in view.entries])


def _lines(data: bytes) -> list[bytes]:
    """The exact entries: each ends with a newline (protocol.md §11 "Leaf")."""
    if not data.endswith(b"\n"):
        raise MalformedInputError("the entries do not end with a newline")
    return data[:-1].split(b"\n")


def _read_board(path: Path) -> DownloadedBoard:
    """Compressed or stored, as any program makes zip files; never larger than a board."""
    try:
        with zipfile.ZipFile(path) as archive:
            if missing := set(BOARD_FILES) - set(archive.namelist()):
                raise MalformedInputError(f"{path} holds no {min(missing)}")
            if sum(archive.getinfo(name).file_size for name in BOARD_FILES) > MAX_INPUT_BYTES:
                raise MalformedInputError(f"{path} is larger than any board")
            files = {name: archive.read(name) for name in BOARD_FILES}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise MalformedInputError(f"{path} is not a zip file that can be read") from error
    return DownloadedBoard(
        entries=tuple(_lines(files[ENTRIES])),
        opening_note=files[OPENING].decode(),
        closing_note=files[CLOSING].decode(),
        roster=files[ROSTER],
        attendance=files[ATTENDANCE],
    )


def _write(path: Path, body: dict[str, Any]) -> int:
    path.write_text(json.dumps(body, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written: {path}. Hand it to the service.")
    return DONE
