"""The two groups behind one interface (belenios-format §2)."""

import pickle
import threading
from typing import Any

import gmpy2
import pytest

from crypto.errors import MalformedError, MembershipError, ScalarRangeError
from crypto.groups import GROUPS, Group, group_by_name
from crypto.randomness import draw_scalar, system_randomness
from tests.sample_elections import GROUP_NAMES
from tests.seeded_randomness import SeededRandomness

groups = pytest.mark.parametrize("group", GROUPS.values(), ids=GROUP_NAMES)

ED25519_P = 2**255 - 19
BELENIOS_P = gmpy2.mpz(
    "20694785691422546401013643657505008064922989295751104097100884787057374219242717"
    "40192223725449768433812906663313807895840496005438963628979639303877390572280360"
    "59737494276713767776188985898727358650490811670993105358677809800307904916540637"
    "77173764198678527273474476341835600035698305193144284561701911000786737307333564"
    "12397173289791324047457883446826065232797464795113767265869358218004631792207366"
    "88600526271863633860887968821207694323661494910029234443463732221458841005864210"
    "50242120365433561201320481118852408731077014151666200162313177169372189248078507"
    "711827842317498073276598828825169183103125680162072880719"
)


@groups
def test_generator_and_order(group: Group) -> None:
    """g generates a group of order q, and powers are reduced mod q."""
    assert group.is_member(group.generator)
    assert group.generator != group.identity
    assert group.power_of_generator(group.q) == group.identity
    assert group.multiply(group.power_of_generator(group.q - 1), group.generator) == group.identity
    assert group.power_of_generator(-1) == group.invert(group.generator)
    assert group.power(group.generator, group.q + 5) == group.power_of_generator(5)


@groups
def test_power_of_zero(group: Group) -> None:
    """A scalar 0 gives the neutral element, and so does any power of that."""
    element = group.power_of_generator(7)
    assert group.power(element, 0) == group.identity
    assert group.power_of_generator(0) == group.identity
    assert group.fixed_base(element).power(0) == group.identity
    assert group.fixed_base(group.generator).power(group.q) == group.identity
    assert group.power(group.identity, 5) == group.identity
    assert group.fixed_base(group.identity).power(5) == group.identity


@groups
def test_neutral_element_among_others(group: Group) -> None:
    """The neutral element is in the group and changes nothing."""
    element = group.power_of_generator(7)
    assert group.is_member(group.identity)
    assert group.multiply(element, group.identity) == element
    assert group.divide(element, group.identity) == element
    assert group.divide(element, element) == group.identity
    assert group.element_from_text(group.element_to_text(group.identity)) == group.identity
    with pytest.raises(MembershipError):
        group.refuse_identity(group.identity)
    group.refuse_identity(element)


@groups
def test_products(group: Group) -> None:
    """The product of none is neutral, of one is itself, of many adds up the exponents."""
    powers = [group.power_of_generator(exponent) for exponent in (3, 5, 9)]
    assert group.product([]) == group.identity
    assert group.product(powers[:1]) == powers[0]
    assert group.product(iter(powers)) == group.power_of_generator(17)


@groups
def test_table_of_another_element(group: Group) -> None:
    """A prepared element gives the same powers, for any integer."""
    element = group.power_of_generator(123456789)
    table = group.fixed_base(element)
    assert table.element == element
    assert group.fixed_base(element) is table
    for exponent in (1, 255, 256, group.q - 1, -3, 2**300 + 1):
        assert table.power(exponent) == group.power(element, exponent)


@groups
def test_pickled_group(group: Group) -> None:
    """A group travels between processes by its name, so that its tables are made once."""
    assert pickle.loads(pickle.dumps(group)) is group  # noqa: S301 (our own bytes)


@groups
def test_group_in_another_thread(group: Group) -> None:
    """gmpy2 has a context a thread; the result is the same in each."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(group.power(group.generator, 99)))
    thread.start()
    thread.join()
    assert found == [group.power_of_generator(99)]


def test_group_of_unknown_name() -> None:
    """No parameters are accepted, only two names."""
    for name in ("RFC-3526-2048", "ed25519", "", '{"p":"23"}'):
        with pytest.raises(MalformedError):
            group_by_name(name)
    assert group_by_name("Ed25519") is GROUPS["Ed25519"]


def test_text_of_ed25519_generator() -> None:
    """Belenios writes the bytes of RFC 8032 in reverse (belenios-format §2.2)."""
    group = GROUPS["Ed25519"]
    assert group.element_to_text(group.generator) == "66" * 31 + "58"
    assert group.element_to_text(group.identity) == "00" * 31 + "01"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("66" * 31 + "5", MalformedError),
        ("66" * 31 + "588", MalformedError),
        (("66" * 31 + "5A").replace("a", "A"), MalformedError),
        ("0x" + "66" * 31, MalformedError),
        ("６" + "6" * 63, MalformedError),
        ("", MalformedError),
        # y = 0, a point of order 4
        ("00" * 32, MembershipError),
        # (0, -1), of order 2
        (f"{ED25519_P - 1:064x}", MembershipError),
        # the neutral element in a second spelling: y = p + 1, and y = 1 with the sign of x set
        (f"{ED25519_P + 1:064x}", MembershipError),
        ("80" + "00" * 30 + "01", MembershipError),
        # a point of order 8
        (
            bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")[
                ::-1
            ].hex(),
            MembershipError,
        ),
        # y = 2 is not on the curve
        ("00" * 31 + "02", MembershipError),
        ("ff" * 32, MembershipError),
    ],
)
def test_text_that_is_no_ed25519_element(text: str, error: type[Exception]) -> None:
    """Other lengths, spellings and orders are refused."""
    with pytest.raises(error):
        GROUPS["Ed25519"].element_from_text(text)


def test_ed25519_point_outside_the_subgroup() -> None:
    """An element times a point of order 2 is on the curve, but not in the subgroup."""
    group = GROUPS["Ed25519"]
    point = group.power_of_generator(3)
    # Adding (0, -1) maps (x, y) to (-x, -y).
    number = int.from_bytes(point, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    moved = (ED25519_P - y) | ((1 - sign) << 255)
    with pytest.raises(MembershipError):
        group.element_from_text(f"{moved:064x}")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("0", MalformedError),
        ("01", MalformedError),
        ("-1", MalformedError),
        ("1e3", MalformedError),
        ("0x10", MalformedError),
        (" 1", MalformedError),
        ("1" * 618, MalformedError),
        ("٣", MalformedError),
        ("", MalformedError),
        ("2", MembershipError),
        (str(BELENIOS_P), MembershipError),
        (str(BELENIOS_P - 1), MembershipError),
        (str(BELENIOS_P + 1), MembershipError),
        ("9" * 617, MembershipError),
    ],
)
def test_text_that_is_no_belenios_2048_element(text: str, error: type[Exception]) -> None:
    """Other spellings, numbers from p on, and the rest of the integers mod p are refused."""
    with pytest.raises(error):
        GROUPS["BELENIOS-2048"].element_from_text(text)


def test_zero_is_no_member_of_belenios_2048() -> None:
    """0 and negative numbers are not elements, whatever way they came in."""
    group = GROUPS["BELENIOS-2048"]
    assert not group.is_member(gmpy2.mpz(0))
    assert not group.is_member(gmpy2.mpz(-1))
    assert not group.is_member(group.generator + BELENIOS_P)


@groups
def test_scalar_texts(group: Group) -> None:
    """A scalar is 0 <= n < q in decimal digits without leading zeros."""
    assert group.scalar_from_text("0") == 0
    assert group.scalar_from_text(str(group.q - 1)) == group.q - 1
    for text in (str(group.q), str(group.q + 1), "9" * 100):
        with pytest.raises(ScalarRangeError):
            group.scalar_from_text(text)
    for text in ("", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1_0", "٣", "9" * 101):
        with pytest.raises(MalformedError):
            group.scalar_from_text(text)


def test_hash_to_scalar() -> None:
    """H is SHA-256 of the text, big-endian, mod q."""
    digest = 0xBA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD
    for group in GROUPS.values():
        assert group.hash_to_scalar("abc") == digest % group.q


@groups
def test_drawn_scalars(group: Group) -> None:
    """A scalar takes 64 bytes, big-endian, mod q."""
    expected = int.from_bytes(SeededRandomness("scalar")(64), "big") % group.q
    assert draw_scalar(group, SeededRandomness("scalar")) == expected
    assert draw_scalar(group, system_randomness) != draw_scalar(group, system_randomness)
