"""`phieukin`: one program; exit code 0 done, 1 refused or a check failed, 2 malformed or usage."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

COMMANDS: Final = ("demo", "serve", "verify", "sign", "trustee", "openapi")


def build_parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of `commands`; the module of each adds its own and sets `run`."""
    parser = argparse.ArgumentParser(
        prog="phieukin",
        description="Secret ballots for emulation-and-commendation councils (Hội đồng Thi đua -"
        " Khen thưởng), with a minute that proves its own count.",
        epilog="Exit codes: 0 done; 1 refused or a check failed; 2 malformed input or usage.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in commands:
        import_module(f"services.cli.{command}").add_parser(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    # Only what is asked for is loaded: a verifier has no use for the service's web server, and
    # starts in a third of the time without it, in each of its processes.
    named = [command for command in given[:1] if command in COMMANDS]
    parsed = build_parser(named or COMMANDS).parse_args(given)
    run: Callable[[argparse.Namespace], int] = parsed.run
    return run(parsed)


if __name__ == "__main__":
    sys.exit(main())
