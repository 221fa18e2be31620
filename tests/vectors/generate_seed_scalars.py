"""Vectors of the scalars that a ballot's seed gives (protocol.md §11 "Seed to scalar")."""

from typing import Any

from crypto.ballot_encryption import seed_scalar
from crypto.groups import group_by_name
from tests.vectors.vector_file import VectorFile

PHI = "7TnGlfDbBOLFJ0uVkSh8nAfZH2PmgjZyv8mAHyJ4rcY"
SEEDS = (bytes(32), bytes(range(32)), b"\xff" * 32)


def _seed_scalar(given: dict[str, Any]) -> Any:
    scalar = seed_scalar(
        group_by_name(given["group"]),
        given["phi"],
        bytes.fromhex(given["seed"]),
        given["question"],
        given["answer"],
        given["use"],
    )
    return {"scalar": str(scalar)}


OPERATIONS = {"seed_scalar": _seed_scalar}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "seed-scalars.json",
        "protocol.md §11 Seed to scalar: HKDF-SHA-512, L = 64, big-endian, mod q",
        "tests/vectors/generate_seed_scalars.py",
        OPERATIONS,
    )
    for group in ("Ed25519", "BELENIOS-2048"):
        for seed in SEEDS:
            for question, answer, use, label in (
                (0, 0, "r", "randomness of a ciphertext"),
                (0, 1, "w", "nonce of the true branch"),
                (199, 0, "c0", "challenge of a simulated branch"),
                (199, 0, "z0", "response of a simulated branch"),
                (3, "-", "w", "overall proof"),
                (3, "-", "c12", "overall proof, branch 12"),
                (3, "-", "bw", "blank proof"),
                (3, "-", "bz1", "blank proof, branch 1"),
            ):
                given = {
                    "group": group,
                    "phi": PHI,
                    "seed": seed.hex(),
                    "question": question,
                    "answer": answer,
                    "use": use,
                }
                file.positive("seed_scalar", label, given)
    for length in (0, 31, 33):
        given = {
            "group": "Ed25519",
            "phi": PHI,
            "seed": "00" * length,
            "question": 0,
            "answer": 0,
            "use": "r",
        }
        file.negative("seed_scalar", f"a seed of {length} bytes", given)
    return file


if __name__ == "__main__":
    vectors().write()
