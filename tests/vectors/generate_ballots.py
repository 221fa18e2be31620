"""Vectors of ballots (belenios-format §3, §6; protocol.md §5, §6, §11)."""

import json
from typing import Any

from crypto.ballot_encryption import encrypt_ballot, encrypt_choices
from crypto.ballots import parse_ballot, verify_ballot_proofs, verify_ballot_signature
from crypto.belenios_json import dumps
from crypto.codes import receipt_value
from crypto.elections import parse_election
from tests.sample_elections import (
    GROUP_NAMES,
    MARKS,
    SHAPES,
    agree_question,
    election_value,
    make_election,
)
from tests.vectors.vector_file import VectorFile

SEED = bytes(range(32)).hex()
EXPONENT, NONCE = "424242", "171717"


def _parse_election(given: dict[str, Any]) -> Any:
    election = parse_election(given["election"])
    return {"phi": election.fingerprint, "choices": [each.choices for each in election.questions]}


def _encrypt_ballot(given: dict[str, Any]) -> Any:
    election = parse_election(given["election"])
    seed = bytes.fromhex(given["seed"])
    ballot = encrypt_ballot(
        election, int(given["exponent"]), given["marks"], seed, int(given["signature_nonce"])
    )
    return {"ballot": ballot}


def _encrypt_choices(given: dict[str, Any]) -> Any:
    election = parse_election(given["election"])
    pairs = encrypt_choices(election, given["marks"], bytes.fromhex(given["seed"]))
    value = receipt_value(election.fingerprint, pairs)
    return {"ciphertexts": [list(pair) for pair in pairs], "receipt_value": value.hex()}


def _verify_ballot(given: dict[str, Any]) -> Any:
    """The three checks in their order: form and elements, proofs, signature."""
    election = parse_election(given["election"])
    ballot = parse_ballot(election, given["ballot"])
    verify_ballot_proofs(election, ballot)
    verify_ballot_signature(election, ballot)
    return {"credential": ballot.credential, "tracker": ballot.tracker.hex()}


OPERATIONS = {
    "parse_election": _parse_election,
    "encrypt_ballot": _encrypt_ballot,
    "encrypt_choices": _encrypt_choices,
    "verify_ballot": _verify_ballot,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "ballots.json",
        "Belenios protocol 1 ballots (belenios-format §3, §6) with randomness of a seed "
        "(protocol.md §6, §11); `exponent` is the secret credential's, the key is g^6210279",
        "tests/vectors/generate_ballots.py",
        OPERATIONS,
    )
    for group_name in GROUP_NAMES:
        for shape, questions in SHAPES.items():
            election = make_election(group_name, questions).text
            file.positive("parse_election", f"{group_name}, {shape}", {"election": election})
            chosen = {"election": election, "marks": MARKS[shape], "seed": SEED}
            file.positive("encrypt_choices", f"{group_name}, {shape}", chosen)
            given = chosen | {"exponent": EXPONENT, "signature_nonce": NONCE}
            ballot = file.positive("encrypt_ballot", f"{group_name}, {shape}", given)["ballot"]
            checked = {"election": election, "ballot": ballot}
            file.positive("verify_ballot", f"{group_name}, {shape}", checked)
    _add_wrong_elections(file)
    _add_wrong_marks(file)
    for group_name in GROUP_NAMES:
        _add_wrong_ballots(file, group_name)
    _add_wrong_blank_ballots(file)
    return file


def _add_wrong_elections(file: VectorFile) -> None:
    value = election_value("Ed25519", [agree_question()])
    text = dumps(value)
    neutral = "00" * 31 + "01"
    question = agree_question()
    for reason, wrong in (
        ("a newline at the end", text + "\n"),
        ("fields in another order", dumps({"uuid": value["uuid"]} | value)),
        ("escaped letters", json.dumps(value, separators=(",", ":"))),
        ("an unknown field", dumps(value | {"extra": 1})),
        ("a field as null", dumps(value | {"administrator": None})),
        ("protocol 2", dumps(value | {"version": 2})),
        ("an unknown group", dumps(value | {"group": "RFC-3526-2048"})),
        ("a key outside the group", dumps(value | {"public_key": "00" * 32})),
        ("the neutral element as key", dumps(value | {"public_key": neutral})),
        ("a uuid of 13 characters", dumps(value | {"uuid": "2MoJPRgWzLnoy"})),
        ("no questions", dumps(value | {"questions": []})),
        ("max above the answers", dumps(value | {"questions": [question | {"max": 3}]})),
        ("min above max", dumps(value | {"questions": [question | {"min": 2}]})),
    ):
        file.negative("parse_election", reason, {"election": wrong})


def _add_wrong_marks(file: VectorFile) -> None:
    for shape, reason, marks in (
        ("agree", "both answers", [[1, 1], [0, 0]]),
        ("agree", "a mark of 2", [[2, 0], [0, 0]]),
        ("agree", "a question left out", [[1, 0]]),
        ("agree", "a choice left out", [[1], [0, 0]]),
        ("at most", "more marks than allowed", [[1, 1, 1]]),
        ("blank", "blank and another", [[1, 1, 0], [0, 0, 0]]),
        ("blank", "nothing where one is due", [[0, 0, 0], [0, 0, 0]]),
    ):
        election = make_election("Ed25519", SHAPES[shape]).text
        given = {"election": election, "marks": marks, "seed": SEED}
        file.negative("encrypt_choices", reason, given)


def _add_wrong_ballots(file: VectorFile, group_name: str) -> None:
    election = make_election(group_name, [agree_question()])
    group = election.group

    def encrypted(marks: list[int], seed: str = SEED) -> Any:
        text = encrypt_ballot(election, int(EXPONENT), [marks], bytes.fromhex(seed), int(NONCE))
        return json.loads(text)

    def refuse(reason: str, ballot: Any) -> None:
        text = ballot if isinstance(ballot, str) else dumps(ballot)
        given = {"election": election.text, "ballot": text}
        file.negative("verify_ballot", f"{group_name}: {reason}", given)

    neutral = group.element_to_text(group.identity)
    outside = {"Ed25519": "00" * 32, "BELENIOS-2048": "2"}[group_name]
    for reason, text in (
        ("element outside the group as alpha", outside),
        ("neutral element as alpha", neutral),
    ):
        ballot = encrypted([1, 0])
        ballot["answers"][0]["choices"][0]["alpha"] = text
        refuse(reason, ballot)
    ballot = encrypted([1, 0])
    ballot["answers"][0]["choices"][1]["beta"] = outside
    refuse("element outside the group as beta", ballot)
    for reason, text in (
        ("element outside the group as credential", outside),
        ("neutral element as credential", neutral),
        ("credential of another voter", group.element_to_text(group.power_of_generator(7))),
    ):
        refuse(reason, encrypted([1, 0]) | {"credential": text})
    ballot = encrypted([1, 0])
    proof = ballot["answers"][0]["overall_proof"][0]
    proof["response"] = str(int(proof["response"]) + group.q)
    refuse("a response above q", ballot)
    for name in ("individual_proofs", "overall_proof"):
        ballot = encrypted([1, 0])
        proofs = ballot["answers"][0][name]
        proof = proofs[0] if isinstance(proofs[0], dict) else proofs[0][0]
        proof["challenge"] = str((int(proof["challenge"]) + 1) % group.q)
        refuse(f"a challenge in {name} off by one", ballot)
    ballot = encrypted([1, 0])
    ballot["answers"][0]["choices"].reverse()
    refuse("choices exchanged", ballot)
    ballot = encrypted([1, 0])
    ballot["signature"] = encrypted([0, 1], SEED[::-1])["signature"]
    refuse("signature of another ballot", ballot)
    ballot = encrypted([1, 0])
    response = ballot["signature"]["proof"]["response"]
    ballot["signature"]["proof"]["response"] = str((int(response) + 1) % group.q)
    refuse("a response of the signature off by one", ballot)
    if group_name == "Ed25519":
        _add_other_bytes(file, election.text, encrypted([1, 0]))


def _add_other_bytes(file: VectorFile, election: str, value: dict[str, Any]) -> None:
    """The order, spelling and lengths that make a ballot's one text."""
    text = dumps(value)
    response = value["signature"]["proof"]["response"]
    answer = value["answers"][0]
    longer = answer | {"overall_proof": answer["overall_proof"] * 2}
    for reason, wrong in (
        ("another uuid", dumps(value | {"election_uuid": "2MoJPRgWzLnoyG"})),
        ("another phi", dumps(value | {"election_hash": "A" * 43})),
        ("a space", text.replace(":", ": ", 1)),
        ("a newline at the end", text + "\n"),
        ("an escaped letter", text.replace('"alpha"', '"\\u0061lpha"', 1)),
        ("a leading zero", text.replace(response, "0" + response)),
        ("fields in another order", dumps({"credential": value["credential"]} | value)),
        ("an unknown field", dumps(value | {"extra": 1})),
        ("a field twice", text[:-1] + ',"credential":"x"}'),
        ("no signature", dumps({key: value[key] for key in value if key != "signature"})),
        ("two answers to one question", dumps(value | {"answers": [answer, answer]})),
        ("more branches than sums", dumps(value | {"answers": [longer]})),
        ("not JSON", text[:-1]),
    ):
        file.negative("verify_ballot", reason, {"election": election, "ballot": wrong})


def _add_wrong_blank_ballots(file: VectorFile) -> None:
    election = make_election("Ed25519", SHAPES["blank"])
    text = encrypt_ballot(election, int(EXPONENT), MARKS["blank"], bytes.fromhex(SEED), int(NONCE))
    exchanged, absent = json.loads(text), json.loads(text)
    exchanged["answers"][0]["blank_proof"].reverse()
    del absent["answers"][0]["blank_proof"]
    for reason, wrong in (("blank proof exchanged", exchanged), ("blank proof absent", absent)):
        given = {"election": election.text, "ballot": dumps(wrong)}
        file.negative("verify_ballot", reason, given)


if __name__ == "__main__":
    vectors().write()
