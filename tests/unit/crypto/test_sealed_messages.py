"""Signed and sealed messages between trustees."""

import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM

from crypto.belenios_json import dumps
from crypto.errors import (
    CryptoError,
    MalformedError,
    MembershipError,
    ScalarRangeError,
    SignatureError,
)
from crypto.groups import GROUPS, Group
from crypto.randomness import Randomness
from crypto.sealed_messages import (
    TrusteeKeys,
    derive_trustee_keys,
    generate_seed,
    open_decryption_key,
    parse_signed_message,
    receive,
    refuse_identity,
    seal,
    send,
    sign_message,
    unseal,
    verify_message,
)
from tests.seeded_randomness import SeededRandomness

ED25519 = GROUPS["Ed25519"]
SENDER = derive_trustee_keys(ED25519, "xgTKP41E2maNJQBe1f9L54")
RECIPIENT = derive_trustee_keys(ED25519, "hZ4AD55SjSgHFm12r3H8dT")
OTHER = derive_trustee_keys(ED25519, "ARks2fJoF5xNw7amG7Kaz4")


def _public(key: int, group: Group = ED25519) -> Any:
    return group.power_of_generator(key)


def _random() -> Randomness:
    return SeededRandomness("sealed messages")


def test_seeds_are_base58() -> None:
    """A seed has 22 digits of base58, and bytes that would bias them are drawn again."""
    seed = generate_seed(SeededRandomness("seed"))
    assert len(seed) == 22
    answers = iter([b"\xff", b"\xe8", *[b"\x00"] * 21, b"\xe7"])
    assert generate_seed(lambda size: next(answers)) == "1" * 21 + "z"


@pytest.mark.parametrize("seed", ["", "1" * 21, "0" * 22, "1" * 23])
def test_seed_not_of_the_form(seed: str) -> None:
    """Keys are derived from a seed of the right form only."""
    with pytest.raises(MalformedError):
        derive_trustee_keys(ED25519, seed)


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_message_from_sender_to_recipient(group: Group) -> None:
    """A message arrives with its sender known."""
    sender = derive_trustee_keys(group, "xgTKP41E2maNJQBe1f9L54")
    recipient = derive_trustee_keys(group, "hZ4AD55SjSgHFm12r3H8dT")
    sealed = send(
        group, sender.signing, _public(recipient.decryption, group), '{"secret":"1"}', _random()
    )
    assert json.loads(sealed)["algorithm"] == "AES-GCM"
    assert receive(group, recipient, _public(sender.signing, group), sealed) == '{"secret":"1"}'


def _send() -> str:
    return send(ED25519, SENDER.signing, _public(RECIPIENT.decryption), "text", _random())


def test_message_to_somebody_else() -> None:
    """Only the recipient's key opens a message."""
    with pytest.raises(SignatureError):
        receive(ED25519, OTHER, _public(SENDER.signing), _send())


def test_message_of_somebody_else() -> None:
    """A message is from the one whose key signed it."""
    with pytest.raises(SignatureError):
        receive(ED25519, RECIPIENT, _public(OTHER.signing), _send())


def test_message_passed_on() -> None:
    """What was signed for one recipient does not count for another."""
    inner = dumps({"recipient": ED25519.element_to_text(_public(OTHER.decryption)), "message": "x"})
    signed = sign_message(ED25519, SENDER.signing, inner, _random())
    sealed = seal(ED25519, _public(RECIPIENT.decryption), signed.to_text(), _random())
    with pytest.raises(SignatureError, match="another recipient"):
        receive(ED25519, RECIPIENT, _public(SENDER.signing), sealed)


def test_sealed_bytes_changed() -> None:
    """One changed digit is noticed."""
    sealed = json.loads(_send())
    last = "0" if sealed["data"][-1] != "0" else "1"
    with pytest.raises(SignatureError):
        unseal(ED25519, RECIPIENT.decryption, dumps(sealed | {"data": sealed["data"][:-1] + last}))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"algorithm": "AES-CBC"}, MalformedError),
        ({"data": "0"}, MalformedError),
        ({"data": "AB"}, MalformedError),
        ({"data": "00"}, SignatureError),
        ({"alpha": "00" * 32}, MembershipError),
        ({"beta": "2" + "0" * 63}, MembershipError),
        ({"more": "1"}, MalformedError),
    ],
)
def test_sealed_message_not_of_the_form(change: dict[str, str], error: type[CryptoError]) -> None:
    """A sealed message is read strictly, elements checked."""
    with pytest.raises(error):
        unseal(ED25519, RECIPIENT.decryption, dumps(json.loads(_send()) | change))


def test_sealed_message_in_another_order() -> None:
    """Fields stand in Belenios' order."""
    fields = json.loads(_send())
    with pytest.raises(MalformedError):
        unseal(ED25519, RECIPIENT.decryption, dumps(dict(reversed(fields.items()))))


def _seal_bytes(plaintext: bytes, *, old: bool) -> str:
    alpha = ED25519.element_to_text(_public(5))
    shared = _public(7)
    beta = ED25519.multiply(ED25519.power(_public(RECIPIENT.decryption), 5), shared)
    key = hashlib.sha256(f"key|{ED25519.element_to_text(shared)}".encode()).digest()
    nonce = hashlib.sha256(f"iv|{alpha}".encode()).digest()
    fields = {"alpha": alpha, "beta": ED25519.element_to_text(beta)}
    if old:
        data = AESCCM(key, tag_length=8).encrypt(nonce[:13], plaintext, None)
        return dumps(fields | {"data": data.hex()})
    data = AESGCM(key).encrypt(nonce, plaintext, None)
    return dumps({"algorithm": "AES-GCM"} | fields | {"data": data.hex()})


def test_message_sealed_by_belenios_2() -> None:
    """AES-CCM of 2.x is read."""
    assert unseal(ED25519, RECIPIENT.decryption, _seal_bytes(b"old", old=True)) == "old"
    assert unseal(ED25519, RECIPIENT.decryption, _seal_bytes(b"new", old=False)) == "new"


def test_sealed_bytes_that_are_no_text() -> None:
    """What was sealed is ASCII."""
    with pytest.raises(MalformedError):
        unseal(ED25519, RECIPIENT.decryption, _seal_bytes(b"\xff", old=False))


def test_signed_message_of_another_text() -> None:
    """A signature is of one text."""
    signed = sign_message(ED25519, SENDER.signing, "a", _random())
    verify_message(ED25519, _public(SENDER.signing), signed)
    changed = parse_signed_message(ED25519, signed.to_text().replace('"a"', '"b"'))
    with pytest.raises(SignatureError):
        verify_message(ED25519, _public(SENDER.signing), changed)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[]", MalformedError),
        ('{"message":"é","signature":{"challenge":"1","response":"1"}}', MalformedError),
        ('{"message":"a","signature":{"challenge":"01","response":"1"}}', MalformedError),
        ('{"message":"a","signature":{"challenge":"1","response":"1"} }', MalformedError),
        (f'{{"message":"a","signature":{{"challenge":"1","response":"{ED25519.q}"}}}}',
         ScalarRangeError),
        (
            '{"message":"' + "a" * 65_537 + '","signature":{"challenge":"1","response":"1"}}',
            MalformedError,
        ),
    ],
)  # fmt: skip
def test_signed_message_not_of_the_form(text: str, error: type[CryptoError]) -> None:
    """A signed message is read strictly."""
    with pytest.raises(error):
        parse_signed_message(ED25519, text)


@pytest.mark.parametrize("key", ["01", "-1", "x", ""])
def test_decryption_key_not_of_the_form(key: str) -> None:
    """A stored decryption key is decimal."""
    own = _public(RECIPIENT.decryption)
    message = dumps({"decryption_key": key})
    sealed = send(ED25519, RECIPIENT.signing, own, message, _random())
    with pytest.raises(MalformedError):
        open_decryption_key(ED25519, RECIPIENT, sealed)


def test_neutral_element_as_a_key() -> None:
    """The neutral element is nobody's key."""
    with pytest.raises(MembershipError):
        refuse_identity(ED25519, ED25519.identity)


def test_keys_are_not_printed() -> None:
    """Secrets stay out of logs."""
    assert str(SENDER.signing) not in repr(TrusteeKeys(SENDER.signing, 1))
