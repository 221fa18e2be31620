"""SoftHSM in place of USB tokens: what a person plugs in, with key and certificate on it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pkcs11
from asn1crypto import pem
from pkcs11.util.x509 import decode_x509_certificate

from services.simulation.test_authority import SigningIdentity

LIBRARY = os.environ.get("PKCS11_MODULE", "/usr/lib/softhsm/libsofthsm2.so")
PIN = "24681357"


@dataclass
class TokenDrawer:
    """Tokens in a folder; `plug_in` makes one, before the library is loaded for the first time."""

    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "tokens").mkdir()
        config = self.folder / "softhsm2.conf"
        config.write_text(f"directories.tokendir = {self.folder / 'tokens'}\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(config)  # read when the library is loaded

    def make(self, token: str) -> None:
        self._run("--init-token", "--free", "--label", token, "--so-pin", "00000000")

    def put_key(self, token: str, label: str, number: str, person: SigningIdentity) -> None:
        """A real token makes its own key; here one is brought along."""
        file = self.folder / "key.pem"
        file.write_bytes(pem.armor("PRIVATE KEY", person.private_key.dump()))
        self._run("--import", str(file), "--token", token, "--label", label, "--id", number)
        file.unlink()

    def put_certificate(self, token: str, number: str, der: bytes) -> None:
        opened = pkcs11.lib(LIBRARY).get_token(token_label=token)
        attributes = decode_x509_certificate(der)
        attributes[pkcs11.Attribute.TOKEN] = True
        attributes[pkcs11.Attribute.LABEL] = "certificate"
        attributes[pkcs11.Attribute.ID] = bytes.fromhex(number)
        with opened.open(rw=True, user_pin=PIN) as session:
            session.create_object(attributes)

    def _run(self, *options: str) -> None:
        subprocess.run(["softhsm2-util", *options, "--pin", PIN], check=True, capture_output=True)
