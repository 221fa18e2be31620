"""Make every file of our own vectors anew: `python -m tests.vectors.generate`."""

from types import ModuleType
from typing import Final

from tests.vectors import (
    generate_ballots,
    generate_casting,
    generate_ceremony,
    generate_codes,
    generate_credentials,
    generate_decryption,
    generate_device_keys,
    generate_groups,
    generate_notes,
    generate_records,
    generate_seed_scalars,
    generate_tokens,
    generate_tree,
)

GENERATORS: Final[dict[str, ModuleType]] = {
    "ballots.json": generate_ballots,
    "casting.json": generate_casting,
    "ceremony.json": generate_ceremony,
    "codes.json": generate_codes,
    "credentials.json": generate_credentials,
    "decryption.json": generate_decryption,
    "device-keys.json": generate_device_keys,
    "groups.json": generate_groups,
    "notes.json": generate_notes,
    "records.json": generate_records,
    "seed-scalars.json": generate_seed_scalars,
    "tokens.json": generate_tokens,
    "tree.json": generate_tree,
}


def main() -> None:
    for generator in GENERATORS.values():
        generator.vectors().write()


if __name__ == "__main__":
    main()
