"""Vectors of the two groups and their texts (belenios-format §1, §2)."""

from typing import Any

from crypto.groups import group_by_name
from tests.vectors.vector_file import VectorFile

NAMES = ("Ed25519", "BELENIOS-2048")
ED25519_P = 2**255 - 19
EXPONENTS = (1, 2, 255, 256, 2**128 + 1, 2**252, 2**256 - 1)


def _parameters(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    text = group.element_to_text
    return {"q": str(group.q), "generator": text(group.generator), "identity": text(group.identity)}


def _element_from_text(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    element = group.element_from_text(given["text"])
    return {"text": group.element_to_text(element), "neutral": element == group.identity}


def _power(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    base = group.element_from_text(given["base"])
    return {"text": group.element_to_text(group.power(base, int(given["exponent"])))}


def _multiply(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    left, right = (group.element_from_text(given[name]) for name in ("left", "right"))
    return {
        "product": group.element_to_text(group.multiply(left, right)),
        "quotient": group.element_to_text(group.divide(left, right)),
    }


def _scalar_from_text(given: dict[str, Any]) -> Any:
    return {"text": str(group_by_name(given["group"]).scalar_from_text(given["text"]))}


def _hash_to_scalar(given: dict[str, Any]) -> Any:
    return {"scalar": str(group_by_name(given["group"]).hash_to_scalar(given["text"]))}


OPERATIONS = {
    "parameters": _parameters,
    "element_from_text": _element_from_text,
    "power": _power,
    "multiply": _multiply,
    "scalar_from_text": _scalar_from_text,
    "hash_to_scalar": _hash_to_scalar,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "groups.json",
        "Belenios protocol 1: groups, texts of elements and scalars, H (belenios-format §1, §2)",
        "tests/vectors/generate_groups.py",
        OPERATIONS,
    )
    for name in NAMES:
        _add_group(file, name)
    file.negative("parameters", "only two groups are known", {"group": "RFC-3526-2048"})
    _add_wrong_ed25519(file)
    _add_wrong_belenios_2048(file)
    return file


def _add_group(file: VectorFile, name: str) -> None:
    known = file.positive("parameters", "order, generator, neutral element", {"group": name})
    generator, identity, q = known["generator"], known["identity"], int(known["q"])
    for label, text in (("the generator", generator), ("the neutral element", identity)):
        file.positive("element_from_text", label, {"group": name, "text": text})
    texts = []
    for exponent in EXPONENTS:
        given = {"group": name, "base": generator, "exponent": str(exponent)}
        texts.append(file.positive("power", f"of the generator, {exponent}", given)["text"])
    for label, base, number in (
        ("exponent 0", texts[2], 0),
        ("exponent q", texts[2], q),
        ("exponent q - 1 inverts", texts[2], q - 1),
        ("of the neutral element", identity, 5),
        ("of another element", texts[4], 2**200 + 3),
    ):
        file.positive("power", label, {"group": name, "base": base, "exponent": str(number)})
    for label, left, right in (
        ("two elements", texts[3], texts[4]),
        ("an element and itself", texts[3], texts[3]),
        ("an element and the neutral one", texts[3], identity),
        ("the neutral element and another", identity, texts[3]),
    ):
        file.positive("multiply", label, {"group": name, "left": left, "right": right})
    for number in (0, 1, q - 1):
        file.positive("scalar_from_text", "in range", {"group": name, "text": str(number)})
    for text in ("abc", "prove|x|1,2|3,4", ""):
        file.positive("hash_to_scalar", "SHA-256 mod q", {"group": name, "text": text})
    for reason, text in (
        ("q is out of range", str(q)),
        ("above q", str(2**256)),
        ("leading zero", "01"),
        ("sign", "-1"),
        ("white space", " 1"),
        ("hexadecimal", "0x1"),
        ("empty", ""),
        ("other digits than ASCII", "١"),
    ):
        file.negative("scalar_from_text", reason, {"group": name, "text": text})


def _add_wrong_ed25519(file: VectorFile) -> None:
    small_order = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
    # 3g + (0, -1): on the curve, not in the subgroup.
    base = {"group": "Ed25519", "base": "66" * 31 + "58", "exponent": "3"}
    number = int(_power(base)["text"], 16)
    mixed = (ED25519_P - (number & (2**255 - 1))) | ((1 - (number >> 255)) << 255)
    for reason, text in (
        ("63 digits", "6" * 61 + "58"),
        ("65 digits", "6" * 63 + "58"),
        ("upper case", "6" * 60 + "AAAA"),
        ("RFC 8032's order of bytes: not a point of the subgroup", "58" + "66" * 31),
        ("order 2", f"{ED25519_P - 1:064x}"),
        ("order 4", "00" * 32),
        ("order 8", bytes.fromhex(small_order)[::-1].hex()),
        ("in no subgroup of prime order", f"{mixed:064x}"),
        ("the neutral element as y = p + 1", f"{ED25519_P + 1:064x}"),
        ("the neutral element with the sign of x set", "80" + "00" * 30 + "01"),
        ("not on the curve", "00" * 31 + "02"),
        ("y above p", "ff" * 32),
    ):
        file.negative("element_from_text", reason, {"group": "Ed25519", "text": text})


def _add_wrong_belenios_2048(file: VectorFile) -> None:
    for reason, text in (
        ("zero", "0"),
        ("leading zero", "01"),
        ("sign", "-1"),
        ("hexadecimal", "0x1"),
        ("618 digits", "1" * 618),
        ("not of order q", "2"),
        ("above p", "9" * 617),
    ):
        file.negative("element_from_text", reason, {"group": "BELENIOS-2048", "text": text})


if __name__ == "__main__":
    vectors().write()
