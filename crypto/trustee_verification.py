"""What anybody can check about the counting team (belenios-format §5; protocol.md §3).

A refused contribution names its sender, counted from 1.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from crypto.belenios_json import dumps
from crypto.errors import CryptoError, MalformedError, ProofError, TrusteeError
from crypto.groups import Element, Group
from crypto.proofs import Proof, verify_knowledge
from crypto.sealed_messages import refuse_identity, verify_message, verify_text
from crypto.trustees import (
    MAX_TRUSTEES,
    Certificate,
    Coefficients,
    Context,
    SingleTrustee,
    ThresholdTeam,
    Trustees,
    VerificationKey,
    parse_certificate,
)


@contextmanager
def naming(trustee: int) -> Iterator[None]:
    """Turn whatever is refused inside into a TrusteeError that names its sender."""
    try:
        yield
    except TrusteeError:
        raise
    except CryptoError as error:
        raise TrusteeError(trustee, str(error)) from error


def verify_certificate(group: Group, certificate: Certificate, context: Context) -> None:
    """
    Check a certificate: signed by its own key, made for this place (belenios-format §5.3 step 1).

    Raises TrusteeError.
    """
    with naming(context.index):
        _verify_self_signed(group, certificate)
        if certificate.context != context:
            raise MalformedError("the certificate was made for another place or team")


def verify_certificates(
    group: Group, texts: Sequence[str], threshold: int
) -> tuple[Certificate, ...]:
    """
    Read and check all certificates of a team in the form of 3.3, keys distinct (protocol.md §3).

    Raises TrusteeError; MalformedError when the threshold is not that of the protocol.
    """
    check_threshold(len(texts), threshold)
    certificates: list[Certificate] = []
    seen: set[Element] = set()
    for index, text in enumerate(texts, 1):
        with naming(index):
            certificate = parse_certificate(group, text)
        verify_certificate(group, certificate, Context(group.name, len(texts), threshold, index))
        keys = {certificate.verification, certificate.encryption}
        if len(keys) != 2 or keys & seen:
            raise TrusteeError(index, "a key of the certificate is somebody's already")
        seen |= keys
        certificates.append(certificate)
    return tuple(certificates)


def check_threshold(size: int, threshold: int) -> None:
    """Check n/2 < t <= n (protocol.md §3). Raises MalformedError."""
    if not 1 <= size <= MAX_TRUSTEES or not size < 2 * threshold <= 2 * size:
        raise MalformedError(
            "the threshold is more than half of the trustees, and no more than all"
        )


def certificates_message(certificates: Sequence[Certificate], elements: Sequence[str]) -> str:
    """Join what a trustee signs when it reveals: all certificates and its own coefexps (§5.3)."""
    body = {"certs": [each.signed.to_json() for each in certificates], "coefexps": list(elements)}
    return "certs_sig|" + dumps(body)


def verify_coefficients(
    group: Group,
    certificates: Sequence[Certificate],
    index: int,
    coefficients: Coefficients,
    signature: Proof | None,
) -> None:
    """
    Check that trustee `index` signed its coefficients, over all certificates (2.5 and later).

    Raises TrusteeError.
    """
    verification = certificates[index - 1].verification
    with naming(index):
        verify_message(group, verification, coefficients.signed)
        if signature is not None:
            elements = [group.element_to_text(each) for each in coefficients.elements]
            message = certificates_message(certificates, elements)
            verify_text(group, verification, message, signature)


def public_share(group: Group, coefficients: Sequence[Coefficients], index: int) -> Element:
    """
    Compute X_j = prod_i prod_k A_ik^(j^k), the key of trustee j (belenios-format §5.3 step 5).

    Nobody can choose it: it follows from the commitments.
    """
    return group.product(evaluate(group, each.elements, index) for each in coefficients)


def evaluate(group: Group, elements: Sequence[Element], index: int) -> Element:
    """Evaluate a committed polynomial in the exponent: prod_k A_k^(j^k)."""
    value = group.identity
    # Horner's rule: the exponents stay small.
    for element in reversed(elements):
        value = group.multiply(group.power(value, index), element)
    return value


def knowledge_prefix(group: Group, public_key: Element) -> str:
    """The transcript of a proof of knowledge: "pok|group|X|" (belenios-format §5.1)."""
    return f"pok|{group.name}|{group.element_to_text(public_key)}|"


def verify_knowledge_of_key(group: Group, key: VerificationKey) -> None:
    """Check a key's proof of knowledge (belenios-format §5.1). Raises ProofError."""
    refuse_identity(group, key.public_key)
    prefix = knowledge_prefix(group, key.public_key)
    verify_knowledge(group, key.public_key, key.proof_of_knowledge, prefix)


def verify_key(
    group: Group,
    certificates: Sequence[Certificate],
    coefficients: Sequence[Coefficients],
    index: int,
    key: VerificationKey,
) -> None:
    """
    Check a member's key: follows from the commitments, known to it, signed by it (3.0 and later).

    belenios-format §0, §5.1, §5.3. Raises TrusteeError.
    """
    with naming(index):
        if key.public_key != public_share(group, coefficients, index):
            raise ProofError("the verification key does not follow from the commitments")
        verify_knowledge_of_key(group, key)
        if key.signature is not None:
            text = group.element_to_text(key.public_key)
            verify_text(group, certificates[index - 1].verification, text, key.signature)


def verify_team(group: Group, team: ThresholdTeam) -> None:
    """
    Check everything about a threshold team (belenios-format §5.3). Raises TrusteeError.

    The indices are those within the team.
    """
    size = len(team.certificates)
    for index, certificate in enumerate(team.certificates, 1):
        if certificate.context is None:
            # Certificates of 2.0 do not say what they are for.
            with naming(index):
                _verify_self_signed(group, certificate)
        else:
            context = Context(group.name, size, team.threshold, index)
            verify_certificate(group, certificate, context)
    signatures = team.signatures or (None,) * size
    for index, (coefficients, signature) in enumerate(
        zip(team.coefficients, signatures, strict=True), 1
    ):
        verify_coefficients(group, team.certificates, index, coefficients, signature)
    for index, key in enumerate(team.verification_keys, 1):
        verify_key(group, team.certificates, team.coefficients, index, key)


def verify_trustees(group: Group, trustees: Trustees) -> None:
    """
    Check all trustees of an archive (V5 for archives of others; belenios-format §5).

    Raises TrusteeError; indices are those of the flattened list.
    """
    first = 1
    for item in trustees:
        if isinstance(item, SingleTrustee):
            with naming(first):
                verify_knowledge_of_key(group, item.verification_key)
            first += 1
            continue
        try:
            verify_team(group, item)
        except TrusteeError as error:
            raise TrusteeError(first - 1 + error.trustee, error.reason) from error
        first += len(item.certificates)


def election_key(group: Group, trustees: Trustees) -> Element:
    """Multiply all parts of the election's public key (belenios-format §5)."""
    parts: list[Element] = []
    for item in trustees:
        if isinstance(item, SingleTrustee):
            parts.append(item.verification_key.public_key)
        else:
            parts.extend(each.elements[0] for each in item.coefficients)
    return group.product(parts)


def flattened_keys(trustees: Trustees) -> tuple[Element, ...]:
    """List every trustee's verification key; owner z of an archive has number z - 1 here (§5)."""
    keys: list[Element] = []
    for item in trustees:
        if isinstance(item, SingleTrustee):
            keys.append(item.verification_key.public_key)
        else:
            keys.extend(each.public_key for each in item.verification_keys)
    return tuple(keys)


def _verify_self_signed(group: Group, certificate: Certificate) -> None:
    refuse_identity(group, certificate.verification)
    refuse_identity(group, certificate.encryption)
    verify_message(group, certificate.verification, certificate.signed)
