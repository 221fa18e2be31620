"""Vectors of ballot tokens (RFC 9474 RSABSSA-SHA384-PSS-Randomized; protocol.md §4, §11 "Token").

The RSA key is a test key, found from a seed. Prefix, salt and blinding factor stand in each case.
"""

from functools import cache
from typing import Any

import gmpy2
from cryptography.hazmat.primitives.asymmetric import rsa

from crypto.blind_tokens import (
    Blinding,
    blind,
    blind_sign,
    encode_pss,
    finish_token,
    parse_token,
    parse_token_key,
    prepare,
    public_key_to_bytes,
    token_message,
    verify_token,
)
from crypto.randomness import Randomness
from tests.seeded_randomness import SeededRandomness
from tests.vectors.vector_file import VectorFile

PHI = "7TnGlfDbBOLFJ0uVkSh8nAfZH2PmgjZyv8mAHyJ4rcY"
CREDENTIAL = "5ef52dbdda4122430396003bc5034009ce6511e47354a370f478e80464af95a9"


def _prime(seed: str, bits: int) -> int:
    start = int.from_bytes(SeededRandomness(seed)(bits // 8), "big")
    # Both upper bits set: the product of two such primes has exactly twice their bits.
    prime = gmpy2.next_prime(start | 3 << (bits - 2))
    while gmpy2.gcd(prime - 1, 65537) != 1:
        prime = gmpy2.next_prime(prime)
    return int(prime)


def private_key_of(p: int, q: int) -> rsa.RSAPrivateKey:
    """Make an RSA key with exponent 65537 from its primes."""
    d = pow(65537, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        *(p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)),
        public_numbers=rsa.RSAPublicNumbers(65537, p * q),
    ).private_key()


@cache
def token_key(bits: int = 3072) -> rsa.RSAPrivateKey:
    """Find the test key of this size."""
    return private_key_of(_prime("token key p", bits // 2), _prime("token key q", bits // 2))


def _scripted(*answers: str) -> Randomness:
    remaining = [bytes.fromhex(each) for each in answers]
    return lambda size: remaining.pop(0)


def _token_message(given: dict[str, Any]) -> Any:
    return {"message": token_message(given["phi"], given["credential"]).hex()}


def _blind(given: dict[str, Any]) -> Any:
    public_key = parse_token_key(bytes.fromhex(given["spki"]))
    prepared = prepare(token_message(given["phi"], given["credential"]), _scripted(given["prefix"]))
    bits = public_key.public_numbers().n.bit_length() - 1
    encoded = encode_pss(prepared, bits, bytes.fromhex(given["salt"]))
    randomness = _scripted(given["salt"], given["blinding_factor"])
    blinding = blind(public_key, prepared, randomness)
    return {"encoded_message": encoded.hex()} | blinding.to_json()


def _blind_sign(given: dict[str, Any]) -> Any:
    p, q = int(given["p"], 16), int(given["q"], 16)
    message = bytes.fromhex(given["blinded_message"])
    # The issuer's own masking does not show in its answer.
    signature = blind_sign(private_key_of(p, q), message, SeededRandomness("mask"))
    return {"blind_signature": signature.hex()}


def _finish_token(given: dict[str, Any]) -> Any:
    public_key = parse_token_key(bytes.fromhex(given["spki"]))
    blinding = Blinding.from_json(given["blinding"])
    return {"token": finish_token(public_key, blinding, bytes.fromhex(given["blind_signature"]))}


def _verify_token(given: dict[str, Any]) -> Any:
    public_key = parse_token_key(bytes.fromhex(given["spki"]))
    token = parse_token(given["token"])
    verify_token(public_key, given["phi"], given["credential"], token)
    return {"prefix": token.prefix.hex(), "signature": token.signature.hex()}


OPERATIONS = {
    "token_message": _token_message,
    "blind": _blind,
    "blind_sign": _blind_sign,
    "finish_token": _finish_token,
    "verify_token": _verify_token,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "tokens.json",
        "RFC 9474 RSABSSA-SHA384-PSS-Randomized, RSA-3072, e = 65537; protocol.md §4, §11 Token",
        "tests/vectors/generate_tokens.py",
        OPERATIONS,
    )
    numbers = token_key().private_numbers()
    spki = public_key_to_bytes(token_key().public_key()).hex()
    message = {"phi": PHI, "credential": CREDENTIAL}
    file.positive("token_message", "label, phi, credential", message)
    random = SeededRandomness("token")
    request = message | {
        "spki": spki,
        "prefix": random(32).hex(),
        "salt": random(48).hex(),
        "blinding_factor": (b"\0" + random(383)).hex(),
    }
    blinded = file.positive("blind", "what the phone sends", request)
    blinding = {name: blinded[name] for name in ("prepared", "blinded_message", "inverse")}
    signing = {
        "p": f"{numbers.p:x}",
        "q": f"{numbers.q:x}",
        "blinded_message": blinding["blinded_message"],
    }
    answer = file.positive("blind_sign", "what the issuer answers", signing)
    finishing = answer | {"spki": spki, "blinding": blinding}
    token = file.positive("finish_token", "the token's wire form", finishing)
    verifying = message | token | {"spki": spki}
    file.positive("verify_token", "what the box checks", verifying)
    _add_refused_requests(file, request, signing, finishing)
    _add_refused_tokens(file, verifying)
    return file


def _add_refused_requests(
    file: VectorFile, request: dict[str, Any], signing: dict[str, Any], finishing: dict[str, Any]
) -> None:
    modulus = token_key().public_key().public_numbers().n
    for reason, change in (
        ("a zero byte inside of a part", {"phi": PHI[:-1] + "\0"}),
        ("a part that is not ASCII", {"credential": "é"}),
        ("an empty part", {"credential": ""}),
    ):
        file.negative("token_message", reason, {"phi": PHI, "credential": CREDENTIAL} | change)
    small = rsa.RSAPublicNumbers(3, modulus).public_key()
    short = token_key(2048).public_key()
    for reason, key in (("exponent 3", small), ("2048 bits", short)):
        spki = public_key_to_bytes(key).hex()
        file.negative("blind", reason, request | {"spki": spki})
    for reason, number in (
        ("zero signs itself", 0),
        ("one signs itself", 1),
        ("n - 1 signs itself", modulus - 1),
        ("not below the modulus", modulus),
    ):
        message = number.to_bytes(384, "big").hex()
        file.negative("blind_sign", reason, signing | {"blinded_message": message})
    file.negative(
        "blind_sign", "383 bytes", signing | {"blinded_message": signing["blinded_message"][2:]}
    )
    flipped = f"{int(finishing['blind_signature'], 16) ^ 1:0768x}"
    for reason, answer in (
        ("a bit of the answer changed", flipped),
        ("an answer not below the modulus", f"{modulus:0768x}"),
        ("an answer of 383 bytes", finishing["blind_signature"][2:]),
    ):
        file.negative("finish_token", reason, finishing | {"blind_signature": answer})


def _add_refused_tokens(file: VectorFile, verifying: dict[str, Any]) -> None:
    token = verifying["token"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    unused = alphabet[alphabet.index(token[-1]) + 1]
    other = "A" if token[0] != "A" else "B"
    for reason, change in (
        ("a token for another election", {"phi": "A" + PHI[1:]}),
        ("a token for another credential", {"credential": "6" + CREDENTIAL[1:]}),
        ("another prefix", {"token": other + token[1:]}),
        ("another signature", {"token": token[:-2] + other + token[-1]}),
        ("unused bits set", {"token": token[:-1] + unused}),
        ("554 characters", {"token": token[:-1]}),
        ("padding", {"token": token + "="}),
        ("base64 instead of base64url", {"token": "+" + token[1:]}),
    ):
        file.negative("verify_token", reason, verifying | change)


if __name__ == "__main__":
    vectors().write()
