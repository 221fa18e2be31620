"""Blind signatures against RFC 9474 appendix A, and the protocol's tokens."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from crypto import blind_tokens
from crypto.blind_tokens import (
    Blinding,
    Token,
    begin_token,
    blind,
    blind_sign,
    encode_pss,
    finalize,
    finish_token,
    generate_token_key,
    parse_token,
    parse_token_key,
    prepare,
    public_key_to_bytes,
    token_message,
    token_to_text,
    verify_signature,
    verify_token,
)
from crypto.errors import MalformedError, TokenError
from crypto.randomness import Randomness, system_randomness

RFC_9474 = Path(__file__).parents[2] / "vectors" / "rfc9474" / "rfc9474.json"
VARIANTS = json.loads(RFC_9474.read_text())
PHI = "A" * 43
CREDENTIAL = "0" * 63 + "1"


def _bytes(vector: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(vector[name].removeprefix("0x"))


def _private_key(vector: dict[str, Any]) -> rsa.RSAPrivateKey:
    n, e, d, p, q = (int(vector[name], 16) for name in ("n", "e", "d", "p", "q"))
    return rsa.RSAPrivateNumbers(
        *(p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)),
        public_numbers=rsa.RSAPublicNumbers(e, n),
    ).private_key()


def _scripted(*answers: bytes) -> Randomness:
    remaining = list(answers)

    def draw(size: int) -> bytes:
        answer = remaining.pop(0)
        assert len(answer) == size
        return answer

    return draw


def _blinding_factor(vector: dict[str, Any]) -> bytes:
    modulus = int(vector["n"], 16)
    factor = pow(int(vector["inv"], 16), -1, modulus)
    return factor.to_bytes(len(_bytes(vector, "blinded_msg")), "big")


@pytest.mark.parametrize("vector", VARIANTS, ids=lambda vector: vector["name"])
def test_variant_of_rfc_9474(vector: dict[str, Any]) -> None:
    """Prepare, Blind, BlindSign, Finalize and Verify give the values of appendix A."""
    private_key, salt = _private_key(vector), _bytes(vector, "salt")
    public_key = private_key.public_key()
    message, prefix = _bytes(vector, "msg"), _bytes(vector, "msg_prefix")
    prepared = prepare(message, _scripted(prefix)) if prefix else message
    assert prepared == _bytes(vector, "input_msg")
    if "encoded_msg" in vector:
        assert encode_pss(prepared, 4095, salt) == _bytes(vector, "encoded_msg")
    blinding = blind(public_key, prepared, _scripted(salt, _blinding_factor(vector)), len(salt))
    assert blinding.blinded_message == _bytes(vector, "blinded_msg")
    assert blinding.inverse == int(vector["inv"], 16)
    blind_signature = blind_sign(private_key, blinding.blinded_message, system_randomness)
    assert blind_signature == _bytes(vector, "blind_sig")
    signature = finalize(public_key, blinding, blind_signature, len(salt))
    assert signature == _bytes(vector, "sig")
    with pytest.raises(TokenError):
        verify_signature(public_key, prepared + b"x", signature, len(salt))


@cache
def _key() -> rsa.RSAPrivateKey:
    return generate_token_key()


@cache
def _issued() -> tuple[Blinding, bytes]:
    blinding = begin_token(_key().public_key(), PHI, CREDENTIAL, system_randomness)
    return blinding, blind_sign(_key(), blinding.blinded_message, system_randomness)


def test_token_from_request_to_verification() -> None:
    """A token is 555 characters and holds for its phi and credential only."""
    text = finish_token(_key().public_key(), *_issued())
    assert len(text) == 555
    token = parse_token(text)
    verify_token(_key().public_key(), PHI, CREDENTIAL, token)
    for phi, credential in (("B" * 43, CREDENTIAL), (PHI, "2" + CREDENTIAL[1:])):
        with pytest.raises(TokenError):
            verify_token(_key().public_key(), phi, credential, token)


def test_blinding_state_stored_and_read_again() -> None:
    """A phone that restarts between request and answer finishes its token."""
    blinding, blind_signature = _issued()
    restored = Blinding.from_json(json.loads(json.dumps(blinding.to_json())))
    assert restored == blinding
    finish_token(_key().public_key(), restored, blind_signature)


@pytest.mark.parametrize(
    "change", [{"prepared": None}, {"prepared": "0"}, {"inverse": "A0"}, {"more": "00"}]
)
def test_blinding_state_not_of_the_form(change: dict[str, Any]) -> None:
    """A stored state is read strictly."""
    with pytest.raises(MalformedError):
        Blinding.from_json(_issued()[0].to_json() | change)


def test_blinding_state_is_not_printed() -> None:
    """The secret that joins token and issuance stays out of logs."""
    assert str(_issued()[0].inverse) not in repr(_issued()[0])


def test_two_requests_of_one_member() -> None:
    """Every blinding is fresh."""
    again = begin_token(_key().public_key(), PHI, CREDENTIAL, system_randomness)
    assert again.blinded_message != _issued()[0].blinded_message


def test_answer_of_a_wrong_issuer() -> None:
    """The phone verifies what it unblinds."""
    blinding, blind_signature = _issued()
    public_key = _key().public_key()
    modulus = public_key.public_numbers().n
    for wrong in (
        blind_signature[:-1],
        modulus.to_bytes(384, "big"),
        (int.from_bytes(blind_signature, "big") ^ 1).to_bytes(384, "big"),
    ):
        with pytest.raises(TokenError):
            finish_token(public_key, blinding, wrong)


@pytest.mark.parametrize("number", [0, 1, -1, "n", "short"])
def test_blinded_message_that_is_refused(number: int | str) -> None:
    """What signs itself, or is no residue, is never signed."""
    modulus = _key().public_key().public_numbers().n
    values = {"n": modulus.to_bytes(384, "big"), "short": bytes(383)}
    bad = values[number] if isinstance(number, str) else (number % modulus).to_bytes(384, "big")
    with pytest.raises(TokenError):
        blind_sign(_key(), bad, system_randomness)


def test_signature_that_comes_out_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A faulty CRT result, which would disclose a factor, does not leave the issuer."""
    monkeypatch.setattr("gmpy2.powmod_sec", lambda base, exponent, modulus: base)
    with pytest.raises(TokenError, match="came out wrong"):
        blind_sign(_key(), _issued()[0].blinded_message, system_randomness)


def test_factors_that_are_not_invertible() -> None:
    """A blinding or masking factor that shares a factor with the modulus is refused."""
    private_key = _private_key(VARIANTS[0])
    prime = int(VARIANTS[0]["p"], 16).to_bytes(512, "big")
    with pytest.raises(TokenError, match="blinding factor"):
        blind(private_key.public_key(), b"x", _scripted(bytes(48), prime))
    with pytest.raises(TokenError, match="masking factor"):
        blind_sign(private_key, _bytes(VARIANTS[0], "blinded_msg"), _scripted(prime))


def test_draws_out_of_range_are_repeated() -> None:
    """Blinding factors are uniform below the modulus: zero and too large values are drawn anew."""
    vector = VARIANTS[0]
    randomness = _scripted(
        _bytes(vector, "salt"), bytes(512), b"\xff" * 512, _blinding_factor(vector)
    )
    public_key = _private_key(vector).public_key()
    blinding = blind(public_key, _bytes(vector, "input_msg"), randomness)
    assert blinding.blinded_message == _bytes(vector, "blinded_msg")


def test_message_that_shares_a_factor_with_the_modulus(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9474 §4.2 step 3."""
    prime = int(VARIANTS[0]["p"], 16).to_bytes(512, "big")
    monkeypatch.setattr(blind_tokens, "encode_pss", lambda *arguments: prime)
    with pytest.raises(TokenError, match="message shares"):
        blind(_private_key(VARIANTS[0]).public_key(), b"x", system_randomness)


def test_modulus_too_short_for_the_encoding() -> None:
    """EMSA-PSS-ENCODE step 3."""
    with pytest.raises(TokenError, match="too short"):
        encode_pss(b"", 776, bytes(48))


def test_token_key_of_another_size_or_exponent() -> None:
    """A token key has 3072 bits and exponent 65537."""
    large = _private_key(VARIANTS[0]).public_key()
    numbers = _key().public_key().public_numbers()
    other = rsa.RSAPublicNumbers(3, numbers.n).public_key()
    for wrong in (large, other):
        with pytest.raises(TokenError):
            begin_token(wrong, PHI, CREDENTIAL, system_randomness)
        with pytest.raises(TokenError):
            parse_token_key(public_key_to_bytes(wrong))


def test_token_key_from_bytes() -> None:
    """A token key has one form in bytes."""
    spki = public_key_to_bytes(_key().public_key())
    assert public_key_to_bytes(parse_token_key(spki)) == spki
    elliptic = ec.derive_private_key(1, ec.SECP256R1()).public_key()
    other = elliptic.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    unknown = bytes.fromhex("300c300706052b0e0302090301") + b"\0"
    for wrong in (b"", spki[:-1], other, unknown):
        with pytest.raises(MalformedError):
            parse_token_key(wrong)


@pytest.mark.parametrize("part", ["", "a\0b", "é", "1" * 1025])
def test_token_message_that_could_be_read_in_two_ways(part: str) -> None:
    """phi and credential are ASCII without zero bytes."""
    with pytest.raises(MalformedError):
        token_message(part, CREDENTIAL)
    with pytest.raises(MalformedError):
        token_message(PHI, part)


@pytest.mark.parametrize(
    "text",
    ["", "A" * 554, "A" * 556, "A" * 554 + "B", "A" * 554 + "=", "A" * 554 + "+", "A" * 554 + "\n"],
)
def test_token_text_not_of_the_form(text: str) -> None:
    """A token has one text."""
    with pytest.raises(MalformedError):
        parse_token(text)


def test_token_of_wrong_length() -> None:
    """Prefix and signature have fixed lengths."""
    for token in (Token(bytes(31), bytes(385)), Token(bytes(32), bytes(383))):
        with pytest.raises(MalformedError):
            token_to_text(token)
