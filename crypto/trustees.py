"""The counting team as Belenios writes it: certificates, coefficients, keys (belenios-format §5).

Threshold parameters are written in the form of belenios-tool 3.3 and read in those of 2.0 and
2.5 as well. Nothing is verified here but form, membership and range: see `trustee_verification`.
"""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from crypto.belenios_json import (
    dumps,
    fields,
    integer_field,
    list_field,
    loads,
    require_exact,
    text_field,
)
from crypto.errors import MalformedError
from crypto.groups import Element, Group
from crypto.proofs import Proof, parse_proof
from crypto.sealed_messages import (
    SignedMessage,
    parse_signed_message,
    read_signed_message,
    refuse_identity,
)

MAX_TRUSTEES: Final = 20
MAX_TRUSTEES_CHARACTERS: Final = 4_000_000


@dataclass(frozen=True)
class Context:
    """What a certificate is for (2.5 and later); `index` counts from 1."""

    group: str
    size: int
    threshold: int
    index: int

    def to_json(self) -> dict[str, object]:
        return {
            "group": self.group,
            "size": self.size,
            "threshold": self.threshold,
            "index": self.index,
        }


@dataclass(frozen=True)
class Certificate:
    """A trustee's public keys, signed by the first of them; `context` is None in 2.0."""

    signed: SignedMessage
    context: Context | None
    verification: Element
    encryption: Element


@dataclass(frozen=True)
class Coefficients:
    """A trustee's `coefexps`: commitments to the coefficients of its polynomial."""

    signed: SignedMessage
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class VerificationKey:
    """A `trustee_public_key`; its `signature` is None outside of a threshold team of 3.0+."""

    public_key: Element
    proof_of_knowledge: Proof
    signature: Proof | None


@dataclass(frozen=True)
class ThresholdTeam:
    """A Pedersen item: any `threshold` of its members decrypt; `signatures` is None in 2.0."""

    threshold: int
    certificates: tuple[Certificate, ...]
    coefficients: tuple[Coefficients, ...]
    signatures: tuple[Proof, ...] | None
    verification_keys: tuple[VerificationKey, ...]


@dataclass(frozen=True)
class SingleTrustee:
    """A mandatory trustee."""

    verification_key: VerificationKey


TrusteeItem: TypeAlias = SingleTrustee | ThresholdTeam
Trustees: TypeAlias = tuple[TrusteeItem, ...]


def parse_certificate(group: Group, text: str) -> Certificate:
    """Read the exact bytes of a certificate, unverified. Raises MalformedError, MembershipError."""
    return _certificate_of(group, parse_signed_message(group, text))


def parse_coefficients(group: Group, signed: SignedMessage, threshold: int) -> Coefficients:
    """Read signed `coefexps`: one element a coefficient, none neutral. Raises CryptoError."""
    (texts,) = fields(loads(signed.message), ("coefexps",))
    require_exact(signed.message, {"coefexps": texts})
    elements = tuple(
        group.element_from_text(text_field(text)) for text in list_field(texts, threshold)
    )
    for element in elements:
        refuse_identity(group, element)
    return Coefficients(signed, elements)


def parse_verification_key(group: Group, text: str) -> VerificationKey:
    """Read the exact bytes of a `trustee_public_key`, unverified. Raises CryptoError."""
    key = _read_verification_key(group, loads(text))
    require_exact(text, verification_key_to_json(group, key))
    return key


def verification_key_to_json(group: Group, key: VerificationKey) -> dict[str, object]:
    """Lay a `trustee_public_key` out in Belenios' order (belenios-format §5.1)."""
    value: dict[str, object] = {
        "pok": key.proof_of_knowledge.to_json(),
        "public_key": group.element_to_text(key.public_key),
    }
    return value if key.signature is None else value | {"signature": key.signature.to_json()}


def trustees_to_text(group: Group, trustees: Trustees) -> str:
    """Write the exact bytes of an archive's `trustees` (belenios-format §5)."""
    items: list[list[object]] = []
    for item in trustees:
        if isinstance(item, SingleTrustee):
            items.append(["Single", verification_key_to_json(group, item.verification_key)])
        else:
            items.append(["Pedersen", _team_to_json(group, item)])
    return dumps(items)


def parse_trustees(group: Group, text: str) -> Trustees:
    """
    Read the exact bytes of an archive's `trustees`, of 2.0, 2.5 or 3.3; unverified.

    Raises MalformedError, MembershipError or ScalarRangeError.
    """
    if len(text) > MAX_TRUSTEES_CHARACTERS:
        raise MalformedError("the trustees are too long")
    items = list_field(loads(text))
    if not 1 <= len(items) <= MAX_TRUSTEES:
        raise MalformedError("an election has one trustee or more, within the limit")
    trustees = tuple(_read_item(group, item) for item in items)
    if trustees_to_text(group, trustees) != text:
        raise MalformedError("not the canonical bytes of trustees")
    return trustees


def _certificate_of(group: Group, signed: SignedMessage) -> Certificate:
    value = loads(signed.message)
    verification, encryption, context = fields(value, ("verification", "encryption"), ("context",))
    head = {} if context is None else {"context": context}
    require_exact(signed.message, head | {"verification": verification, "encryption": encryption})
    return Certificate(
        signed=signed,
        context=None if context is None else _read_context(context),
        verification=group.element_from_text(text_field(verification)),
        encryption=group.element_from_text(text_field(encryption)),
    )


def _read_context(value: object) -> Context:
    group, size, threshold, index = fields(value, ("group", "size", "threshold", "index"))
    context = Context(
        text_field(group), integer_field(size), integer_field(threshold), integer_field(index)
    )
    if dumps(context.to_json()) != dumps(value):
        raise MalformedError("the fields of a context stand in another order")
    return context


def _read_verification_key(group: Group, value: object) -> VerificationKey:
    proof, public_key, signature = fields(value, ("pok", "public_key"), ("signature",))
    return VerificationKey(
        public_key=group.element_from_text(text_field(public_key)),
        proof_of_knowledge=parse_proof(group, proof),
        signature=None if signature is None else parse_proof(group, signature),
    )


def _team_to_json(group: Group, team: ThresholdTeam) -> dict[str, object]:
    value: dict[str, object] = {
        "threshold": team.threshold,
        "certs": [each.signed.to_json() for each in team.certificates],
        "coefexps": [each.signed.to_json() for each in team.coefficients],
    }
    if team.signatures is not None:
        value["signatures"] = [each.to_json() for each in team.signatures]
    value["verification_keys"] = [
        verification_key_to_json(group, each) for each in team.verification_keys
    ]
    return value


def _read_item(group: Group, item: Any) -> TrusteeItem:
    kind, value = list_field(item, 2)
    if kind == "Single":
        return SingleTrustee(_read_verification_key(group, value))
    if kind != "Pedersen":
        raise MalformedError("a trustee item is Single or Pedersen")
    threshold, certificates, coefficients, keys, signatures = fields(
        value, ("threshold", "certs", "coefexps", "verification_keys"), ("signatures",)
    )
    size = len(list_field(certificates))
    if not 1 <= integer_field(threshold) <= size <= MAX_TRUSTEES:
        raise MalformedError("a threshold is at least 1 and no more than the trustees")
    team = ThresholdTeam(
        threshold=threshold,
        certificates=tuple(
            _certificate_of(group, read_signed_message(group, each)) for each in certificates
        ),
        coefficients=tuple(
            parse_coefficients(group, read_signed_message(group, each), threshold)
            for each in list_field(coefficients, size)
        ),
        signatures=None
        if signatures is None
        else tuple(parse_proof(group, each) for each in list_field(signatures, size)),
        verification_keys=tuple(
            _read_verification_key(group, each) for each in list_field(keys, size)
        ),
    )
    _check_one_form(team)
    return team


def _check_one_form(team: ThresholdTeam) -> None:
    # 2.0 has none of the three, 2.5 the first two, 3.3 all: a part left out would go unchecked.
    with_context = {each.context is not None for each in team.certificates}
    with_signature = {each.signature is not None for each in team.verification_keys}
    forms = (with_context, {team.signatures is not None}, with_signature)
    if forms not in (({False},) * 3, ({True}, {True}, {False}), ({True},) * 3):
        raise MalformedError("threshold parameters mix the forms of 2.0, 2.5 and 3.3")
