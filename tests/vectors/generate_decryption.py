"""Vectors of opening the sum (belenios-format §7; protocol.md §3 "Decryption proof").

Nonces stand in each case: those of Belenios' proofs in the order of the choices, then that of the
second proof.
"""

import functools
import json
from typing import Any

from crypto.ballots import parse_ballot
from crypto.belenios_json import dumps
from crypto.decryption import (
    Statement,
    combine,
    decrypt_partially,
    parse_partial_decryption,
    parse_second_proof,
    verify_partial_decryption,
    verify_partial_decryptions_agree,
)
from crypto.elections import Election, parse_election
from crypto.elgamal import Ciphertext
from crypto.errors import CryptoError, PartialDecryptionError
from crypto.groups import GROUPS, group_by_name
from crypto.tally import (
    EncryptedTally,
    Factors,
    encrypt_tally,
    open_tally,
    result_to_text,
    tally_to_text,
)
from tests.counting_team import BOARD_ROOT, ClosedElection, closed_election
from tests.seeded_randomness import SeededRandomness
from tests.vectors.scripted_randomness import scripted_scalars
from tests.vectors.vector_file import VectorFile


def _tally(election: Election, text: str) -> EncryptedTally:
    read = election.group.element_from_text
    return tuple(
        tuple(Ciphertext(read(each["alpha"]), read(each["beta"])) for each in row)
        for row in json.loads(text)
    )


def _statement(given: dict[str, Any]) -> Statement:
    election = parse_election(given["election"])
    return Statement(
        election=election,
        tally=_tally(election, given["encrypted_tally"]),
        board_root=bytes.fromhex(given["board_root"]),
        trustee=given["trustee"],
        public_key=election.group.element_from_text(given["public_key"]),
    )


def _encrypted_tally(given: dict[str, Any]) -> Any:
    election = parse_election(given["election"])
    ballots = [parse_ballot(election, text) for text in given["ballots"]]
    tally = encrypt_tally(election, ballots, given.get("weights"))
    return {"encrypted_tally": tally_to_text(election.group, tally)}


def _decrypt(given: dict[str, Any]) -> Any:
    random = scripted_scalars(given["nonces"])
    text, second = decrypt_partially(_statement(given), int(given["secret"]), random)
    return {"partial_decryption": text, "second_proof": second.to_json()}


def _verify(given: dict[str, Any]) -> Any:
    statement, second = _statement(given), given.get("second_proof")
    proof = None
    if second is not None:
        try:
            proof = parse_second_proof(
                statement.election.group, second["challenge"], second["response"]
            )
        except CryptoError as error:
            raise PartialDecryptionError(statement.trustee, str(error)) from error
    verify_partial_decryption(statement, given["partial_decryption"], proof)
    return {}


def _factors(given: dict[str, Any]) -> dict[int, Factors]:
    election = parse_election(given["election"])
    tally = _tally(election, given["encrypted_tally"])
    return {
        int(trustee): parse_partial_decryption(election.group, tally, text).factors
        for trustee, text in given["partial_decryptions"].items()
    }


def _agree(given: dict[str, Any]) -> Any:
    group = parse_election(given["election"]).group
    verify_partial_decryptions_agree(group, given["threshold"], _factors(given))
    return {}


def _result(given: dict[str, Any]) -> Any:
    election = parse_election(given["election"])
    tally = _tally(election, given["encrypted_tally"])
    combined = combine(election.group, given["threshold"], _factors(given))
    return {"result": result_to_text(open_tally(election.group, tally, combined, given["ballots"]))}


OPERATIONS = {
    "encrypted_tally": _encrypted_tally,
    "decrypt_partially": _decrypt,
    "verify_partial_decryption": _verify,
    "verify_agreement": _agree,
    "result": _result,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "decryption.json",
        "belenios-format §7; protocol.md §3 Decryption proof (phieukin/decrypt/1)",
        "tests/vectors/generate_decryption.py",
        OPERATIONS,
    )
    for name in GROUPS:
        _add_opening(file, closed_election(name))
    return file


def _nonces(group: str, trustee: int, count: int) -> list[str]:
    random = SeededRandomness(f"nonces {trustee}")
    q = group_by_name(group).q
    return [str(int.from_bytes(random(64), "big") % q) for _ in range(count)]


def _add_opening(file: VectorFile, closed: ClosedElection) -> None:
    group, election = closed.election.group, closed.election
    summed = file.positive(
        "encrypted_tally",
        f"three ballots, {group.name}",
        {"election": election.text, "ballots": [ballot.text for ballot in closed.ballots]},
    )
    ballots = [ballot.text for ballot in closed.ballots]
    file.positive(
        "encrypted_tally",
        f"by weight, {group.name}",
        {"election": election.text, "ballots": ballots, "weights": [3, 1, 2]},
    )
    head = summed | {"election": election.text}
    partial: dict[str, str] = {}
    proven: dict[int, dict[str, Any]] = {}
    for state in closed.team.states:
        public_key = group.element_to_text(closed.statement(state.index).public_key)
        statement = head | {
            "board_root": BOARD_ROOT.hex(),
            "trustee": state.index,
            "public_key": public_key,
        }
        secret = {
            "secret": str(state.decryption_key),
            "nonces": _nonces(group.name, state.index, 5),
        }
        made = file.positive(
            "decrypt_partially", f"trustee {state.index}, {group.name}", statement | secret
        )
        partial[str(state.index)] = made["partial_decryption"]
        proven[state.index] = statement | made
        file.positive(
            "verify_partial_decryption",
            f"trustee {state.index}, {group.name}",
            proven[state.index],
        )
    opening = head | {"threshold": 2, "partial_decryptions": partial}
    file.positive("verify_agreement", f"three of three agree, {group.name}", opening)
    for left_out in ("1", "2", "3"):
        chosen = {index: text for index, text in partial.items() if index != left_out}
        file.positive(
            "result",
            f"without trustee {left_out}, {group.name}",
            opening | {"partial_decryptions": chosen, "ballots": 3},
        )
    if group.name == "Ed25519":
        _add_refused(file, proven[1], proven[2])
        _add_refused_sets(file, opening)


def _add_refused(file: VectorFile, first: dict[str, Any], second: dict[str, Any]) -> None:
    refuse = functools.partial(file.negative, "verify_partial_decryption")
    refuse("the second proof is missing", {**first, "second_proof": None})
    proof = first["second_proof"]
    q = GROUPS["Ed25519"].q
    for reason, change in (
        ("the second proof's challenge altered", {"challenge": str(int(proof["challenge"]) ^ 1)}),
        ("the second proof's response altered", {"response": str(int(proof["response"]) ^ 1)}),
        ("a response not below q", {"response": str(int(proof["response"]) + q)}),
        ("a challenge with a leading zero", {"challenge": "0" + proof["challenge"]}),
        ("the second proof of another trustee", second["second_proof"]),
    ):
        refuse(reason, {**first, "second_proof": proof | change})
    tally = json.loads(first["encrypted_tally"])
    tally[0][0]["beta"], tally[0][1]["beta"] = tally[0][1]["beta"], tally[0][0]["beta"]
    refuse("made for other ciphertexts", {**first, "encrypted_tally": dumps(tally)})
    refuse("made for another board", {**first, "board_root": "00" * 32})
    refuse("another trustee's place", {**first, "trustee": 2})
    refuse("another trustee's key", {**first, "public_key": second["public_key"]})
    value = json.loads(first["partial_decryption"])
    swapped = value | {"decryption_factors": value["decryption_factors"][::-1]}
    refuse("factors in another order", {**first, "partial_decryption": dumps(swapped)})
    outside = json.loads(first["partial_decryption"])
    outside["decryption_factors"][0][0] = "00" * 32
    refuse("a factor outside of the group", {**first, "partial_decryption": dumps(outside)})
    short = value | {"decryption_factors": value["decryption_factors"][:1]}
    refuse("a row missing", {**first, "partial_decryption": dumps(short)})
    spaced = first["partial_decryption"].replace(",", ", ", 1)
    refuse("not canonical", {**first, "partial_decryption": spaced})


def _add_refused_sets(file: VectorFile, opening: dict[str, Any]) -> None:
    partial = opening["partial_decryptions"]
    file.negative(
        "verify_agreement",
        "trustee 3 stands off the polynomial of 1 and 2",
        opening | {"partial_decryptions": partial | {"3": partial["1"]}},
    )
    alone = {"partial_decryptions": {"2": partial["2"]}}
    file.negative("verify_agreement", "fewer than the threshold", opening | alone)
    file.negative("result", "fewer than the threshold", opening | alone | {"ballots": 3})
    wrong = {"partial_decryptions": {"1": partial["1"], "2": partial["3"]}}
    file.negative("result", "factors of another trustee", opening | wrong | {"ballots": 3})
    both = {"partial_decryptions": {"1": partial["1"], "2": partial["2"]}, "ballots": 1}
    file.negative("result", "a count above the number of ballots", opening | both)


if __name__ == "__main__":
    vectors().write()
