"""Vectors of the key ceremony (protocol.md §3, §11; belenios-format §0, §5).

Random scalars stand in each case in the order in which they are drawn.
"""

import dataclasses
import json
from typing import Any

from crypto.belenios_json import dumps
from crypto.ceremony import (
    Ceremony,
    Reveal,
    commitment_to,
    verify_ceremony,
    verify_confirmation,
)
from crypto.groups import GROUPS, group_by_name
from crypto.sealed_messages import (
    derive_trustee_keys,
    parse_signed_message,
    receive,
    seal,
    send,
    sign_message,
    unseal,
)
from crypto.trustee_device import confirm
from crypto.trustee_verification import (
    certificates_message,
    election_key,
    public_share,
    verify_certificates,
)
from crypto.trustees import parse_certificate, parse_coefficients, trustees_to_text
from tests.counting_team import (
    CERTIFICATES_ROOT,
    ELECTION_ROOT,
    UUID,
    CountingTeam,
    election_of,
    two_of_three,
)
from tests.seeded_randomness import SeededRandomness
from tests.vectors.scripted_randomness import scripted_scalars
from tests.vectors.vector_file import VectorFile

SEED = "xgTKP41E2maNJQBe1f9L54"
OTHER_SEED = "hZ4AD55SjSgHFm12r3H8dT"


def _trustee_keys(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    keys = derive_trustee_keys(group, given["seed"])
    return {
        "signing": str(keys.signing),
        "decryption": str(keys.decryption),
        "verification_key": group.element_to_text(group.power_of_generator(keys.signing)),
        "encryption_key": group.element_to_text(group.power_of_generator(keys.decryption)),
    }


def _sign_message(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    random = scripted_scalars(given["scalars"])
    signed = sign_message(group, int(given["signing"]), given["message"], random)
    return {"signed_msg": signed.to_text()}


def _seal(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    encryption = group.element_from_text(given["encryption_key"])
    random = scripted_scalars(given["scalars"])
    return {"encrypted_msg": seal(group, encryption, given["plaintext"], random)}


def _unseal(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    return {"plaintext": unseal(group, int(given["decryption"]), given["encrypted_msg"])}


def _send(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    encryption = group.element_from_text(given["encryption_key"])
    random = scripted_scalars(given["scalars"])
    sent = send(group, int(given["signing"]), encryption, given["message"], random)
    return {"encrypted_msg": sent}


def _receive(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    keys = derive_trustee_keys(group, given["seed"])
    sender = group.element_from_text(given["sender"])
    return {"message": receive(group, keys, sender, given["encrypted_msg"])}


def _verify_certificates(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    verify_certificates(group, given["certificates"], given["threshold"])
    return {}


def _certificates_message(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    certificates = [parse_certificate(group, each) for each in given["certificates"]]
    return {"message": certificates_message(certificates, given["coefexps"])}


def _commitment(given: dict[str, Any]) -> Any:
    root = bytes.fromhex(given["certificates_root"])
    return {"commitment": commitment_to(given["uuid"], given["index"], root, given["message"])}


def _public_share(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    coefficients = [
        parse_coefficients(group, parse_signed_message(group, each), given["threshold"])
        for each in given["coefexps"]
    ]
    share = public_share(group, coefficients, given["index"])
    return {"public_key": group.element_to_text(share)}


def _verify_ceremony(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    team = verify_ceremony(
        group,
        Ceremony(
            uuid=given["uuid"],
            threshold=given["threshold"],
            certificates=tuple(given["certificates"]),
            certificates_root=bytes.fromhex(given["certificates_root"]),
            commitments=tuple(given["commitments"]),
            reveals=tuple(Reveal(**each) for each in given["reveals"]),
            keys=tuple(given["keys"]),
        ),
    )
    return {
        "election_key": group.element_to_text(election_key(group, (team,))),
        "trustees": trustees_to_text(group, (team,)),
    }


def _verify_confirmation(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    certificate = parse_certificate(group, given["certificate"])
    root = bytes.fromhex(given["election_root"])
    verify_confirmation(
        *(group, certificate, given["index"], given["phi"], root, given["confirmation"])
    )
    return {}


OPERATIONS = {
    "trustee_keys": _trustee_keys,
    "sign_message": _sign_message,
    "seal": _seal,
    "unseal": _unseal,
    "send": _send,
    "receive": _receive,
    "verify_certificates": _verify_certificates,
    "certificates_message": _certificates_message,
    "commitment": _commitment,
    "public_share": _public_share,
    "verify_ceremony": _verify_ceremony,
    "verify_confirmation": _verify_confirmation,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "ceremony.json",
        "protocol.md §3, §11; Belenios 3.3 threshold trustees (belenios-format §0, §5)",
        "tests/vectors/generate_ceremony.py",
        OPERATIONS,
    )
    for name in GROUPS:
        _add_messages(file, name)
    for name in GROUPS:
        given = _ceremony_input(two_of_three(name))
        file.positive("verify_ceremony", f"2 of 3, {name}", given)
    team = two_of_three("Ed25519")
    _add_steps(file, team)
    _add_refused_ceremonies(file, team)
    _add_confirmations(file, team)
    return file


def _scalars(seed: str, count: int) -> list[str]:
    random = SeededRandomness(seed)
    return [str(int.from_bytes(random(32), "big")) for _ in range(count)]


def _add_messages(file: VectorFile, group: str) -> None:
    keys = file.positive("trustee_keys", group, {"group": group, "seed": SEED})
    other = file.positive("trustee_keys", group, {"group": group, "seed": OTHER_SEED})
    signing = {"group": group, "signing": keys["signing"]}
    file.positive(
        "sign_message",
        f"nonce given, {group}",
        signing | {"message": '{"coefexps":[]}', "scalars": _scalars("nonce", 1)},
    )
    to_other = {"group": group, "encryption_key": other["encryption_key"]}
    sealed = file.positive(
        "seal",
        f"r, then s, {group}",
        to_other | {"plaintext": "text", "scalars": _scalars("seal", 2)},
    )
    opening = sealed | {"group": group, "decryption": other["decryption"]}
    file.positive("unseal", group, opening)
    sent = file.positive(
        "send",
        f"nonce of the signature, r, s, {group}",
        to_other
        | {
            "signing": keys["signing"],
            "message": '{"secret":"5"}',
            "scalars": _scalars("send", 3),
        },
    )
    receiving = sent | {"group": group, "seed": OTHER_SEED, "sender": keys["verification_key"]}
    file.positive("receive", group, receiving)
    if group == "Ed25519":
        _add_refused_messages(file, keys, opening, receiving)


def _add_refused_messages(
    file: VectorFile, keys: dict[str, Any], opening: dict[str, Any], receiving: dict[str, Any]
) -> None:
    file.negative("trustee_keys", "0 is not base58", {"group": "Ed25519", "seed": "0" * 22})
    file.negative("unseal", "another key", opening | {"decryption": keys["decryption"]})
    sealed = json.loads(opening["encrypted_msg"])
    for reason, change in (
        ("an algorithm that nobody knows", {"algorithm": "AES-CBC"}),
        ("a changed byte", {"data": "00" + sealed["data"][2:]}),
        ("an element outside of the group", {"alpha": "00" * 32}),
        ("an unknown field", {"more": "x"}),
    ):
        changed = dumps(sealed | change)
        file.negative("unseal", reason, opening | {"encrypted_msg": changed})
    other_order = dumps(dict(reversed(sealed.items())))
    file.negative("unseal", "another order", opening | {"encrypted_msg": other_order})
    file.negative("receive", "another recipient", receiving | {"seed": SEED})
    file.negative("receive", "another sender", receiving | {"sender": "58" + "66" * 30 + "67"})


def _ceremony_input(team: CountingTeam) -> dict[str, Any]:
    ceremony = team.ceremony
    return {
        "group": team.group.name,
        "uuid": ceremony.uuid,
        "threshold": ceremony.threshold,
        "certificates": list(ceremony.certificates),
        "certificates_root": ceremony.certificates_root.hex(),
        "commitments": list(ceremony.commitments),
        "reveals": [dataclasses.asdict(each) for each in ceremony.reveals],
        "keys": list(ceremony.keys),
    }


def _add_steps(file: VectorFile, team: CountingTeam) -> None:
    given = _ceremony_input(team)
    certificates = {name: given[name] for name in ("group", "threshold", "certificates")}
    file.positive("verify_certificates", "2 of 3", certificates)
    message = json.loads(given["reveals"][0]["coefexps"])["message"]
    file.positive(
        "certificates_message",
        "what trustee 1 signs when it reveals",
        {
            "group": "Ed25519",
            "certificates": given["certificates"],
            "coefexps": json.loads(message)["coefexps"],
        },
    )
    file.positive(
        "commitment",
        "of trustee 1",
        {
            "uuid": UUID,
            "index": 1,
            "certificates_root": CERTIFICATES_ROOT.hex(),
            "message": message,
        },
    )
    coefexps = [each["coefexps"] for each in given["reveals"]]
    for index in (1, 2, 3):
        shares = {"group": "Ed25519", "threshold": 2, "coefexps": coefexps, "index": index}
        file.positive("public_share", f"X_{index}", shares)
    for reason, change in (
        ("threshold not above half", {"threshold": 1}),
        ("certificates in another order", {"certificates": given["certificates"][::-1]}),
        ("a certificate twice", {"certificates": [given["certificates"][0]] * 3}),
        (
            "a certificate missing",
            {"certificates": given["certificates"][:2]},
        ),
    ):
        file.negative("verify_certificates", reason, certificates | change)


def _replaced(given: dict[str, Any], part: str, index: int, value: Any) -> dict[str, Any]:
    values = list(given[part])
    values[index - 1] = value
    return given | {part: values}


def _add_refused_ceremonies(file: VectorFile, team: CountingTeam) -> None:
    given = _ceremony_input(team)
    reveals, keys = given["reveals"], [json.loads(each) for each in given["keys"]]
    proof = {"challenge": "1", "response": "1"}
    without = {name: each for name, each in keys[1].items() if name != "signature"}
    cases = [
        ("a commitment of another trustee", "commitments", given["commitments"][0]),
        ("a commitment that the reveal does not open", "commitments", "0" * 64),
        ("a commitment in upper case", "commitments", given["commitments"][1].upper()),
        ("a reveal of another trustee", "reveals", reveals[0]),
        (
            "a signature over certificates and coefficients of another trustee",
            "reveals",
            reveals[1] | {"signature": reveals[0]["signature"]},
        ),
        (
            "a signature that is not canonical",
            "reveals",
            reveals[1] | {"signature": reveals[1]["signature"].replace(",", ", ")},
        ),
        ("a proof of knowledge that does not hold", "keys", dumps(keys[1] | {"pok": proof})),
        ("a key that is not signed", "keys", dumps(without)),
        ("a key signed by nobody", "keys", dumps(keys[1] | {"signature": proof})),
        ("a key that does not follow from the commitments", "keys", given["keys"][0]),
        (
            "a key outside of the group",
            "keys",
            dumps(keys[1] | {"public_key": "00" * 32}),
        ),
    ]
    for reason, part, value in cases:
        file.negative("verify_ceremony", reason, _replaced(given, part, 2, value))
    for reason, change in (
        ("another uuid than was committed to", {"uuid": "3MoJPRgWzLnoyF"}),
        ("another log than was committed to", {"certificates_root": "00" * 32}),
        ("a key missing", {"keys": given["keys"][:2]}),
    ):
        file.negative("verify_ceremony", reason, given | change)


def _add_confirmations(file: VectorFile, team: CountingTeam) -> None:
    election = election_of(team)
    random = SeededRandomness("confirmation")
    state = confirm(team.states[1], team.ceremony, election, ELECTION_ROOT, random)
    given = {
        "group": "Ed25519",
        "certificate": state.certificate,
        "index": 2,
        "phi": election.fingerprint,
        "election_root": ELECTION_ROOT.hex(),
        "confirmation": state.confirmation,
    }
    file.positive("verify_confirmation", "of trustee 2", given)
    for reason, change in (
        ("another election", {"phi": "A" * 43}),
        ("another log", {"election_root": "00" * 32}),
        ("another place", {"index": 1}),
        ("signed by another trustee", {"certificate": team.states[0].certificate}),
        ("not canonical", {"confirmation": state.confirmation + " "}),
    ):
        file.negative("verify_confirmation", reason, given | change)


if __name__ == "__main__":
    vectors().write()
