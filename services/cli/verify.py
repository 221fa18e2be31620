"""`phieukin verify`: repeat every check of a record, archive, paper or receipt."""

import argparse
import sys
from pathlib import Path
from typing import Final

from services.verifier.checks_anchor import Anchors
from services.verifier.paper_signatures import read_certificates
from services.verifier.record_files import MalformedInputError
from services.verifier.verify import verify_file

HOLDS, FAILS, MALFORMED = 0, 1, 2
MAX_TRUST_BYTES: Final = 1024 * 1024


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe `phieukin verify`."""
    parser = subparsers.add_parser(
        "verify",
        help="repeat every check of a record, archive, paper or receipt",
        description="Checks V0 to V20 of the protocol, each printed with its number. Exit code 0:"
        " no check fails; 1: a check fails; 2: the file is malformed.",
    )
    parser.add_argument(
        "path", type=Path, metavar="PATH", help="record.zip, .bel, PDF, scan or receipt"
    )
    parser.add_argument("--code", help="election, seal or receipt code as it was shown")
    parser.add_argument(
        "--trust", type=Path, metavar="CA.pem", help="certificates by which signers are judged"
    )
    parser.add_argument(
        "--record", type=Path, metavar="record.zip", help="compare a paper or receipt with it"
    )
    parser.add_argument("--strict", action="store_true", help="fail when no anchor was given")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")
    parser.add_argument("--processes", type=int, metavar="N", help="use N processes for ballots")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify one file; 0 no check fails, 1 a check fails, 2 malformed."""
    try:
        anchors = Anchors(
            code=arguments.code, trust=_read_trust(arguments.trust), strict=arguments.strict
        )
        report = verify_file(arguments.path, anchors, arguments.record, arguments.processes)
    except MalformedInputError as error:
        print(f"phieukin verify: {error}", file=sys.stderr)
        return MALFORMED
    print(report.to_json().decode() if arguments.json else report.to_text())
    return HOLDS if report.ok else FAILS


def _read_trust(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        if path.stat().st_size > MAX_TRUST_BYTES:
            raise MalformedInputError(f"{path.name} is too long for certificates")
        data = path.read_bytes()
    except OSError as error:
        raise MalformedInputError(f"cannot read {path.name}: {error.strerror}") from error
    read_certificates(data)
    return data
