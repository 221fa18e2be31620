"""`phieukin`: one program; exit code 0 done, 1 refused or a check failed, 2 malformed or usage."""

import argparse
import sys
from collections.abc import Callable, Sequence

from services.cli import demo, openapi, serve, trustee, verify

MODULES = (demo, serve, verify, trustee, openapi)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all subcommands; each module adds its own and sets `run`."""
    parser = argparse.ArgumentParser(
        prog="phieukin",
        description="Secret ballots for emulation-and-commendation councils (Hội đồng Thi đua -"
        " Khen thưởng), with a minute that proves its own count.",
        epilog="Exit codes: 0 done; 1 refused or a check failed; 2 malformed input or usage.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in MODULES:
        module.add_parser(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    parsed = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = parsed.run
    return run(parsed)


if __name__ == "__main__":
    sys.exit(main())
