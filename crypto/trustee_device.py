"""What a trustee's own device does in the key ceremony (protocol.md §3, §11).

The steps are pure functions from state to state. Each may be repeated with the same input and
then gives the same output, and refuses another input: a service cannot make a device commit,
reveal or confirm twice. What they read was carried by the service and is checked in full; what
is refused names its sender.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from crypto.belenios_json import dumps, fields, loads, require_exact, text_field
from crypto.ceremony import (
    Ceremony,
    Reveal,
    check_commitments,
    commitment_to,
    confirmation_message,
    verify_ceremony,
    verify_reveals,
)
from crypto.elections import Election
from crypto.errors import ElectionMismatchError, MalformedError, ProofError
from crypto.groups import Group, group_by_name
from crypto.proofs import prove_knowledge
from crypto.randomness import Randomness, draw_scalar
from crypto.sealed_messages import (
    derive_trustee_keys,
    generate_seed,
    receive,
    send,
    sign_message,
    sign_text,
)
from crypto.trustee_verification import (
    certificates_message,
    check_threshold,
    election_key,
    evaluate,
    knowledge_prefix,
    naming,
    verify_certificates,
    verify_key,
)
from crypto.trustees import (
    Certificate,
    Coefficients,
    Context,
    VerificationKey,
    verification_key_to_json,
)

_UUID: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)


@dataclass(frozen=True, repr=False)
class TrusteeState:
    """
    All that a trustee's device keeps between steps; secret, and empty where not yet made.

    `contribution` and `sealed_shares` leave the device only by `reveal`.
    """

    group: str
    uuid: str
    size: int
    threshold: int
    index: int
    seed: str
    certificate: str
    certificates: tuple[str, ...] = ()
    certificates_root: str = ""
    commitment: str = ""
    contribution: Reveal | None = None
    sealed_shares: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    reveals: tuple[Reveal, ...] = ()
    decryption_key: int | None = None
    verification_key: str = ""
    confirmed: str = ""
    confirmation: str = ""

    def to_json(self) -> dict[str, Any]:
        """Write the state as JSON values, the key in decimal text; to be stored by the caller."""
        stored = dataclasses.asdict(self)
        key = stored["decryption_key"]
        return stored | {"decryption_key": None if key is None else str(key)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "TrusteeState":
        """Read a stored state. Raises MalformedError."""
        names = {field.name for field in dataclasses.fields(cls)}
        if set(stored) != names:
            raise MalformedError("not the state of a trustee")
        try:
            contribution, key = stored["contribution"], stored["decryption_key"]
            texts = ("certificates", "sealed_shares", "commitments")
            return cls(
                **stored
                | {name: tuple(map(text_field, stored[name])) for name in texts}
                | {
                    "contribution": None if contribution is None else Reveal(**contribution),
                    "reveals": tuple(Reveal(**each) for each in stored["reveals"]),
                    "decryption_key": None
                    if key is None
                    else group_by_name(stored["group"]).scalar_from_text(text_field(key)),
                }
            )
        except TypeError:
            raise MalformedError("not the state of a trustee") from None


def make_certificate(
    group: Group, uuid: str, index: int, size: int, threshold: int, randomness: Randomness
) -> TrusteeState:
    """
    Draw a fresh seed and make the certificate (protocol.md §3; belenios-format §5.3 step 1).

    `index` counts from 1. The certificate to post is in the state. Raises MalformedError.
    """
    check_threshold(size, threshold)
    if not _UUID.fullmatch(uuid) or not 1 <= index <= size:
        raise MalformedError("not a place in a counting team")
    seed = generate_seed(randomness)
    keys = derive_trustee_keys(group, seed)
    message = {
        "context": Context(group.name, size, threshold, index).to_json(),
        "verification": group.element_to_text(group.power_of_generator(keys.signing)),
        "encryption": group.element_to_text(group.power_of_generator(keys.decryption)),
    }
    signed = sign_message(group, keys.signing, dumps(message), randomness)
    return TrusteeState(group.name, uuid, size, threshold, index, seed, signed.to_text())


def commit(
    state: TrusteeState,
    certificates: Sequence[str],
    certificates_root: bytes,
    randomness: Randomness,
) -> TrusteeState:
    """
    Check all certificates, draw the polynomial, commit to it (protocol.md §3, §11).

    `certificates_root` is T of the log's entries up to the last certificate. The commitment to
    post is in the state. Raises TrusteeError or MalformedError.
    """
    root = certificates_root.hex()
    if state.commitment:
        if (state.certificates, state.certificates_root) != (tuple(certificates), root):
            raise MalformedError("this trustee has committed under other certificates")
        return state
    _check_own(state.certificate, certificates, state)
    group = group_by_name(state.group)
    checked = verify_certificates(group, certificates, state.threshold)
    keys = derive_trustee_keys(group, state.seed)
    polynomial = [_nonzero(group, randomness) for _ in range(state.threshold)]
    elements = [group.element_to_text(group.power_of_generator(each)) for each in polynomial]
    signed = sign_message(group, keys.signing, dumps({"coefexps": elements}), randomness)
    signature = sign_text(group, keys.signing, certificates_message(checked, elements), randomness)
    shares = tuple(
        send(
            group,
            keys.signing,
            recipient.encryption,
            dumps({"secret": str(_evaluate(polynomial, number, group.q))}),
            randomness,
        )
        for number, recipient in enumerate(checked, 1)
    )
    return dataclasses.replace(
        state,
        certificates=tuple(certificates),
        certificates_root=root,
        commitment=commitment_to(state.uuid, state.index, certificates_root, signed.message),
        contribution=Reveal(signed.to_text(), dumps(signature.to_json())),
        sealed_shares=shares,
    )


def reveal(
    state: TrusteeState, commitments: Sequence[str]
) -> tuple[TrusteeState, Reveal, tuple[str, ...]]:
    """
    Open the own commitment, once all are on the log (protocol.md §3).

    Returns what to post, and one sealed share for each trustee in order, to be delivered
    privately. Raises TrusteeError or MalformedError.
    """
    if state.contribution is None:
        raise MalformedError("a trustee commits before it reveals")
    if state.commitments and state.commitments != tuple(commitments):
        raise MalformedError("this trustee has revealed after other commitments")
    _check_own(state.commitment, commitments, state)
    check_commitments(commitments)
    after = dataclasses.replace(state, commitments=tuple(commitments))
    return after, state.contribution, state.sealed_shares


def make_key(
    state: TrusteeState,
    reveals: Sequence[Reveal],
    sealed_shares: Sequence[str],
    randomness: Randomness,
) -> TrusteeState:
    """
    Check all reveals and the shares sent to this trustee; add up the key (§5.3 step 5).

    `sealed_shares` are those addressed to this trustee, in order of their senders. The
    verification key to post is in the state. Raises TrusteeError or MalformedError.
    """
    if state.verification_key:
        if state.reveals != tuple(reveals):
            raise MalformedError("this trustee has made its key from other reveals")
        return state
    if state.contribution is None or not state.commitments:
        raise MalformedError("a trustee reveals before it makes its key")
    _check_own(state.contribution, reveals, state)
    if len(sealed_shares) != state.size:
        raise MalformedError("there is one sealed share from each trustee")
    group = group_by_name(state.group)
    certificates = verify_certificates(group, state.certificates, state.threshold)
    root = bytes.fromhex(state.certificates_root)
    coefficients = verify_reveals(
        group, state.uuid, root, certificates, state.commitments, reveals, state.threshold
    )
    key = 0
    for sender, sealed in enumerate(sealed_shares, 1):
        with naming(sender):
            key += _open_share(
                group, state, certificates[sender - 1], sealed, coefficients[sender - 1]
            )
    key %= group.q
    public_key = group.power_of_generator(key)
    signing = derive_trustee_keys(group, state.seed).signing
    verification_key = VerificationKey(
        public_key=public_key,
        proof_of_knowledge=prove_knowledge(
            group, key, draw_scalar(group, randomness), knowledge_prefix(group, public_key)
        ),
        signature=sign_text(group, signing, group.element_to_text(public_key), randomness),
    )
    verify_key(group, certificates, coefficients, state.index, verification_key)
    return dataclasses.replace(
        state,
        reveals=tuple(reveals),
        decryption_key=key,
        verification_key=dumps(verification_key_to_json(group, verification_key)),
    )


def confirm(
    state: TrusteeState,
    ceremony: Ceremony,
    election: Election,
    election_root: bytes,
    randomness: Randomness,
) -> TrusteeState:
    """
    Check that the log holds what this trustee saw, then sign phi (protocol.md §3, §11).

    `election_root` is T of the entries up to and with `election`. The confirmation to post is in
    the state. Raises TrusteeError, MalformedError or ElectionMismatchError.
    """
    group = group_by_name(state.group)
    if election.group is not group or election.uuid != state.uuid:
        raise ElectionMismatchError("this trustee made a key for another election")
    message = confirmation_message(election.fingerprint, state.index, election_root)
    if state.confirmation:
        if state.confirmed != message:
            raise MalformedError("this trustee has confirmed another election")
        return state
    seen = (state.certificates, state.certificates_root, state.commitments, state.reveals)
    logged = (ceremony.certificates, ceremony.certificates_root.hex())
    if seen != (*logged, ceremony.commitments, ceremony.reveals):
        raise MalformedError("the log holds another ceremony than this trustee saw")
    if (ceremony.uuid, ceremony.threshold) != (state.uuid, state.threshold):
        raise MalformedError("the log holds another ceremony than this trustee saw")
    _check_own(state.verification_key, ceremony.keys, state)
    team = verify_ceremony(group, ceremony)
    if election.public_key != election_key(group, (team,)):
        raise ElectionMismatchError("the election key is not that of the ceremony")
    signing = derive_trustee_keys(group, state.seed).signing
    signed = sign_message(group, signing, message, randomness)
    return dataclasses.replace(state, confirmed=message, confirmation=signed.to_text())


def _check_own(own: object, all_of_them: Sequence[object], state: TrusteeState) -> None:
    if len(all_of_them) != state.size or all_of_them[state.index - 1] != own:
        raise MalformedError("this trustee's own contribution is not in its place")


def _open_share(
    group: Group,
    state: TrusteeState,
    sender: Certificate,
    sealed: str,
    coefficients: Coefficients,
) -> int:
    keys = derive_trustee_keys(group, state.seed)
    message = receive(group, keys, sender.verification, sealed)
    (text,) = fields(loads(message), ("secret",))
    require_exact(message, {"secret": text})
    share = group.scalar_from_text(text_field(text))
    if group.power_of_generator(share) != evaluate(group, coefficients.elements, state.index):
        raise ProofError("the share does not follow from the commitments")
    return share


def _evaluate(polynomial: Sequence[int], point: int, modulus: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = (value * point + coefficient) % modulus
    return value


def _nonzero(group: Group, randomness: Randomness) -> int:
    # A zero coefficient would be revealed by its commitment; its probability is 2^-252.
    while not (scalar := draw_scalar(group, randomness)):
        pass
    return scalar
