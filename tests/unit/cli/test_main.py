"""The program `phieukin`: help, usage errors, and the API document that it prints."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.main import COMMANDS as NAMES
from services.cli.main import build_parser, main

ROOT = Path(__file__).parents[3]
COMMANDS = {
    "demo": ("--scenario", "--group", "--out"),
    "serve": ("--host", "--port", "--state-dir", "--json", "--throwaway"),
    "verify": ("PATH", "--code", "--trust", "--strict", "--json"),
    "sign": ("FILE", "--field", "--pkcs11", "--pkcs12", "--picture", "--pin-file", "--out"),
    "trustee": ("certificate", "commitment", "reveal", "key", "confirmation", "open", "erase"),
    "openapi": (),
}
TRUSTEE_STEPS = {
    "certificate": ("--state", "--output", "--uuid", "--group", "--index", "--size", "--threshold"),
    "commitment": ("--state", "--input", "--output"),
    "reveal": ("--state", "--input", "--output"),
    "key": ("--state", "--input", "--output", "--shares"),
    "confirmation": ("--state", "--input", "--output"),
    "open": ("--state", "--input", "--output", "--code", "--promise"),
    "erase": ("--state",),
}


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    """The program names its commands and its exit codes."""
    said = help_of(capsys)
    assert all(f"\n    {command} " in said for command in COMMANDS)
    assert "0 done; 1 refused or a check failed; 2 malformed input or usage" in " ".join(
        said.split()
    )
    assert set(NAMES) == set(COMMANDS)


def test_verifier_without_the_service() -> None:
    """Who verifies loads neither the web server nor the database nor any party."""
    program = (
        "import sys; from services.cli.main import main; main(['verify', 'missing.zip']);"
        "print(*(name for name in sys.modules if name.startswith(('litestar', 'sqlalchemy',"
        " 'granian', 'services.app', 'services.council', 'services.board'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
    assert "missing.zip" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command explains its options."""
    said = help_of(capsys, command)
    assert said.startswith(f"usage: phieukin {command}")
    assert all(option in said for option in COMMANDS[command])


@pytest.mark.parametrize("step", TRUSTEE_STEPS)
def test_help_of_a_tellers_step(step: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every step of a teller explains its files."""
    said = help_of(capsys, "trustee", step)
    assert all(option in said for option in TRUSTEE_STEPS[step])


@pytest.mark.parametrize(
    "path",
    [*((command,) for command in COMMANDS), *(("trustee", step) for step in TRUSTEE_STEPS)],
)
def test_every_option_has_an_explanation(path: tuple[str, ...]) -> None:
    """No option is left for the reader to guess."""
    parser = build_parser()
    for name in path:
        (subparsers,) = (
            action.choices
            for action in parser._actions
            if isinstance(action.choices, dict) and name in action.choices
        )
        parser = subparsers[name]
    for action in parser._actions:
        assert action.help or isinstance(action.choices, dict), action.option_strings


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["vote"],
        ["--unknown"],
        ["demo", "--group", "secp256k1"],
        ["demo", "--unknown"],
        ["serve", "--port", "many"],
        ["verify"],
        ["verify", "one", "two"],
        ["sign", "paper.pdf", "--field", "secretary"],
        ["sign", "paper.pdf", "--field", "secretary", "--pkcs11", "l", "--pkcs12", "f"],
        ["sign", "paper.pdf", "--field", "secretary", "--pkcs11", "l", "--id", "xyz"],
        ["trustee"],
        ["trustee", "vote"],
        ["trustee", "open"],
        ["trustee", "certificate", "--state", "s", "--output", "o", "--uuid", "u"],
        ["openapi", "extra"],
    ],
    ids=" ".join,
)
def test_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage ends with 2, a line that says why, and nothing on standard output."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "usage: phieukin" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["serve", "--port", "65536"],
        ["serve", "--port", "-1"],
        ["verify", "no/such/file"],
        ["sign", "no/such/file", "--field", "secretary", "--pkcs11", "no/such/library"],
        ["demo", "--scenario", "no/such/file"],
    ],
    ids=" ".join,
)
def test_input_that_cannot_be_used(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is well said and cannot be used ends with 2 and one line as well."""
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith(f"phieukin {arguments[0]}: ")


def test_api_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `phieukin openapi` prints is what the repository holds."""
    printed = io.StringIO()
    monkeypatch.setattr(sys, "stdout", printed)
    assert main(["openapi"]) == 0
    assert printed.getvalue() == (ROOT / "schemas" / "openapi.json").read_text()
    assert json.loads(printed.getvalue())["openapi"].startswith("3.1")


def test_installed_program() -> None:
    """The program stands in the virtual environment under its own name."""
    program = Path(sys.executable).with_name("phieukin")
    done = subprocess.run([program, "verify", "no/such/file"], capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"phieukin verify: ")
