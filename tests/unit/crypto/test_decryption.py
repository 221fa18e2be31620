"""Opening the sum: both proofs, the agreement of many, foreign archives."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from crypto.ballots import Ballot, parse_ballot
from crypto.belenios_archive import read_archive
from crypto.belenios_json import dumps
from crypto.decryption import (
    Statement,
    combine,
    combine_all,
    decrypt_partially,
    parse_second_proof,
    second_proof_transcript,
    verify_belenios_proofs,
    verify_partial_decryption,
    verify_partial_decryptions_agree,
)
from crypto.elections import parse_election
from crypto.elgamal import Ciphertext, encrypt
from crypto.errors import (
    MalformedError,
    PartialDecryptionError,
    ProofError,
    ScalarRangeError,
    ThresholdError,
)
from crypto.groups import GROUPS
from crypto.proofs import Proof, prove_equality
from crypto.sealed_messages import derive_trustee_keys, open_decryption_key
from crypto.tally import (
    Factors,
    encrypt_tally,
    open_tally,
    parse_result,
    result_to_text,
    tally_to_text,
)
from crypto.trustee_verification import flattened_keys
from crypto.trustees import parse_trustees
from tests.counting_team import ClosedElection, closed_election
from tests.seeded_randomness import SeededRandomness

FOLDERS = sorted((Path(__file__).parents[2] / "vectors" / "belenios").iterdir())
EXPECTED = ((2, 1), (1, 0))
ED25519 = GROUPS["Ed25519"]


def _closed() -> ClosedElection:
    return closed_election("Ed25519")


def _decrypted(trustee: int) -> tuple[str, Proof]:
    return _closed().decrypt(trustee, SeededRandomness(f"decryption {trustee}"))


def _factors(*trustees: int) -> dict[int, Factors]:
    return {
        trustee: verify_partial_decryption(_closed().statement(trustee), *_decrypted(trustee))
        for trustee in trustees
    }


@pytest.mark.parametrize("group_name", GROUPS)
def test_sum_opened_by_two_of_three(group_name: str) -> None:
    """Any two trustees open the same counts."""
    closed = closed_election(group_name)
    factors = {
        trustee: verify_partial_decryption(
            closed.statement(trustee), *closed.decrypt(trustee, SeededRandomness("w"))
        )
        for trustee in (1, 2, 3)
    }
    group = GROUPS[group_name]
    verify_partial_decryptions_agree(group, 2, factors)
    for left_out in (1, 2, 3):
        chosen = {index: own for index, own in factors.items() if index != left_out}
        combined = combine(group, 2, chosen)
        assert open_tally(group, closed.tally, combined, len(closed.ballots)) == EXPECTED


def test_transcript_of_the_second_proof() -> None:
    """The hashed text is the one of protocol.md §3, character for character."""
    closed, text = _closed(), ED25519.element_to_text
    statement, (partial, proof) = closed.statement(2), _decrypted(2)
    factors = verify_partial_decryption(statement, partial, proof)
    x = statement.public_key
    flat = [pair for row in zip(closed.tally, factors, strict=True) for pair in zip(*row)]  # noqa: B905
    first = ED25519.multiply(
        ED25519.power_of_generator(proof.response), ED25519.power(x, proof.challenge)
    )
    commitments = [
        ED25519.multiply(
            ED25519.power(each.alpha, proof.response), ED25519.power(factor, proof.challenge)
        )
        for each, factor in flat
    ]
    parts = [
        "phieukin/decrypt/1",
        "Ed25519",
        closed.election.fingerprint,
        bytes(range(2, 34)).hex(),
        "2",
        text(x),
        "4",
        *(f"{text(each.alpha)},{text(each.beta)},{text(factor)}" for each, factor in flat),
        text(first),
        ",".join(text(each) for each in commitments),
    ]
    expected = "|".join(parts)
    assert second_proof_transcript(statement, factors, first, commitments) == expected
    digest = hashlib.sha512(expected.encode()).digest()
    assert int.from_bytes(digest, "big") % ED25519.q == proof.challenge


def _refused(statement: Statement, text: str, proof: Proof | None, reason: str) -> None:
    with pytest.raises(PartialDecryptionError, match=reason) as caught:
        verify_partial_decryption(statement, text, proof)
    assert caught.value.trustee == statement.trustee


def test_second_proof_missing() -> None:
    """A partial decryption with Belenios' proofs alone does not count."""
    text, _ = _decrypted(1)
    statement = _closed().statement(1)
    verify_belenios_proofs(statement.election, statement.tally, 1, statement.public_key, text)
    _refused(statement, text, None, "missing")


def test_second_proof_altered() -> None:
    """Both numbers of the second proof count, and are in range."""
    text, proof = _decrypted(1)
    statement = _closed().statement(1)
    for wrong in (
        Proof(proof.challenge ^ 1, proof.response),
        Proof(proof.challenge, proof.response ^ 1),
    ):
        _refused(statement, text, wrong, "does not hold")
    for wrong in (
        Proof(proof.challenge + ED25519.q, proof.response),
        Proof(proof.challenge, proof.response + ED25519.q),
        Proof(-1, proof.response),
        Proof(proof.challenge, -1),
    ):
        _refused(statement, text, wrong, "out of range")


def test_second_proof_of_another_trustee_or_board() -> None:
    """The second proof is of one trustee and one closing checkpoint."""
    text, proof = _decrypted(1)
    statement = _closed().statement(1)
    _refused(dataclasses.replace(statement, board_root=bytes(32)), text, proof, "second proof")
    _refused(dataclasses.replace(statement, trustee=2), text, proof, "second proof")
    _refused(statement, text, _decrypted(2)[1], "second proof")


def test_second_proof_for_other_ciphertexts() -> None:
    """Betas are outside of Belenios' proof; the second proof covers them."""
    text, proof = _decrypted(1)
    statement = _closed().statement(1)
    first, *others = statement.tally[0]
    changed = Ciphertext(first.alpha, ED25519.multiply(first.beta, ED25519.generator))
    other = dataclasses.replace(statement, tally=((changed, *others), *statement.tally[1:]))
    _refused(other, text, proof, "second proof")


def test_false_factor_for_a_ciphertext_chosen_late() -> None:
    """
    The attack that the second proof stops: Belenios' proof of a false factor.

    With alpha chosen after commitment and challenge, alpha^r factor^c = B has a solution for a
    false factor, since neither stands in Belenios' challenge.
    """
    closed = _closed()
    statement, secret = closed.statement(1), closed.team.states[0].decryption_key
    assert secret is not None
    group, x = ED25519, statement.public_key
    prefix = f"decrypt|{closed.election.fingerprint}|{group.element_to_text(x)}|"
    nonce, chosen = 11, group.power_of_generator(13)
    text_a = group.element_to_text(group.power_of_generator(nonce))
    challenge = group.hash_to_scalar(f"{prefix}{text_a},{group.element_to_text(chosen)}")
    response = (nonce - secret * challenge) % group.q
    alpha = group.power_of_generator(17)
    # factor = (B / alpha^r)^(1/c)
    factor = group.power(
        group.divide(chosen, group.power(alpha, response)), pow(challenge, -1, group.q)
    )
    assert factor != group.power(alpha, secret)
    election = dataclasses.replace(closed.election, questions=closed.election.questions[:1])
    honest = prove_equality(group, alpha, secret, 19, prefix)
    tally = ((Ciphertext(alpha, alpha), Ciphertext(alpha, alpha)),)
    text = dumps(
        {
            "decryption_factors": [
                [group.element_to_text(factor), group.element_to_text(group.power(alpha, secret))]
            ],
            "decryption_proofs": [[Proof(challenge, response).to_json(), honest.to_json()]],
        }
    )
    # phi is of the text, which is unchanged, so Belenios' own check accepts the false factor.
    verify_belenios_proofs(election, tally, 1, x, text)
    forged = dataclasses.replace(statement, election=election, tally=tally)
    _, second = decrypt_partially(forged, secret, SeededRandomness("forger"))
    _refused(forged, text, second, "second proof")


def _changed(**change: Any) -> str:
    return dumps(json.loads(_decrypted(1)[0]) | change)


def _factor_rows() -> Any:
    return json.loads(_decrypted(1)[0])["decryption_factors"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        _changed(more=1),
        _changed(decryption_factors=_factor_rows()[:1]),
        _changed(decryption_factors=[_factor_rows()[0][:1], _factor_rows()[1]]),
        _changed(decryption_factors=[["00" * 32, _factor_rows()[0][1]], _factor_rows()[1]]),
        _changed(decryption_factors=_factor_rows()[::-1]),
        _changed(decryption_proofs=[]),
        _decrypted(1)[0] + " ",
        _decrypted(1)[0].replace('"response":"', '"response":"0', 1),
        _decrypted(1)[0].replace('"challenge":"', '"challenge":"9', 1),
        _decrypted(2)[0],
    ],
)
def test_partial_decryption_that_is_refused(text: str) -> None:
    """A bad partial decryption is refused in its sender's name."""
    _refused(_closed().statement(1), text, _decrypted(1)[1], "trustee 1: ")


def test_key_share_of_somebody_else() -> None:
    """A device does not prove what is not so."""
    secret = _closed().team.states[1].decryption_key
    assert secret is not None
    with pytest.raises(MalformedError):
        decrypt_partially(_closed().statement(1), secret, SeededRandomness("w"))


def test_nonces_are_all_different() -> None:
    """One nonce each proof: m of Belenios and one of ours, 64 bytes each."""
    sizes: list[int] = []
    stream = SeededRandomness("w")

    def counted(size: int) -> bytes:
        sizes.append(size)
        return stream(size)

    text, second = _closed().decrypt(1, counted)
    assert sizes == [64] * 5
    proofs = json.loads(text)["decryption_proofs"]
    challenges = {each["challenge"] for row in proofs for each in row} | {str(second.challenge)}
    assert len(challenges) == 5


def test_second_proof_from_texts() -> None:
    """The numbers of the second proof are canonical scalars."""
    assert parse_second_proof(ED25519, "1", "2") == Proof(1, 2)
    with pytest.raises(MalformedError):
        parse_second_proof(ED25519, "01", "2")
    with pytest.raises(ScalarRangeError):
        parse_second_proof(ED25519, "1", str(ED25519.q))


def test_three_that_disagree() -> None:
    """Partial decryptions off one polynomial are refused, the set named."""
    factors = _factors(1, 2, 3)
    generator = ED25519.generator
    off = tuple(tuple(ED25519.multiply(each, generator) for each in row) for row in factors[3])
    with pytest.raises(ThresholdError, match="disagree") as caught:
        verify_partial_decryptions_agree(ED25519, 2, factors | {3: off})
    assert caught.value.trustees == (1, 2, 3)


def test_fewer_than_the_threshold() -> None:
    """One of two is not enough."""
    factors = _factors(2)
    for refusing in (combine, verify_partial_decryptions_agree):
        with pytest.raises(ThresholdError) as caught:
            refusing(ED25519, 2, factors)
        assert caught.value.trustees == (2,)


def test_two_of_two() -> None:
    """Exactly the threshold: nothing more to compare."""
    verify_partial_decryptions_agree(ED25519, 2, _factors(1, 3))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_archive_opened_anew(folder: Path) -> None:
    """Sum, partial decryptions and result of an archive are recomputed."""
    (file,) = folder.glob("*.bel")
    archive = read_archive(file.read_bytes())
    election = parse_election(archive.election)
    group = election.group
    trustees = parse_trustees(group, archive.trustees)
    last: dict[str, Ballot] = {}
    for text in archive.ballots:
        ballot = parse_ballot(election, text, strict=False)
        last.pop(ballot.credential, None)
        last[ballot.credential] = ballot
    tally = encrypt_tally(election, last.values())
    assert tally_to_text(group, tally) == archive.encrypted_tally
    keys = flattened_keys(trustees)
    factors = {
        each.owner: verify_belenios_proofs(
            election, tally, each.owner, keys[each.owner - 1], each.text
        )
        for each in archive.partial_decryptions
    }
    result = open_tally(group, tally, combine_all(group, trustees, factors), len(last))
    assert result_to_text(result) == archive.result
    assert archive.result == (folder / "expected-result.json").read_text().strip()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_archive_decrypted_by_its_trustees_keys(folder: Path) -> None:
    """Decrypting with the trustees' own keys gives the expected result."""
    (file,) = folder.glob("*.bel")
    archive = read_archive(file.read_bytes())
    election = parse_election(archive.election)
    group = election.group
    trustees = parse_trustees(group, archive.trustees)
    public_keys = flattened_keys(trustees)
    ballots = {
        ballot.credential: ballot
        for ballot in (parse_ballot(election, text, strict=False) for text in archive.ballots)
    }
    tally = encrypt_tally(election, ballots.values())
    secrets = [
        open_decryption_key(
            group,
            derive_trustee_keys(group, seed.read_text().strip()),
            seed.with_suffix(".dkey").read_text().strip(),
        )
        for seed in folder.glob("*.key")
    ]
    secrets += [int(json.loads(each.read_text())) for each in folder.glob("*.privkey")]
    factors = {}
    for secret in secrets:
        owner = public_keys.index(group.power_of_generator(secret)) + 1
        statement = Statement(election, tally, bytes(32), owner, public_keys[owner - 1])
        text, second = decrypt_partially(statement, secret, SeededRandomness("w"))
        factors[owner] = verify_partial_decryption(statement, text, second)
    assert len(factors) == len(public_keys)
    result = open_tally(group, tally, combine_all(group, trustees, factors), len(ballots))
    assert result_to_text(result) == (folder / "expected-result.json").read_text().strip()


def test_archive_without_its_mandatory_trustee() -> None:
    """A mandatory trustee cannot be replaced, and the missing are named."""
    folder = next(each for each in FOLDERS if each.name.endswith("blank"))
    (file,) = folder.glob("*.bel")
    archive = read_archive(file.read_bytes())
    group = parse_election(archive.election).group
    trustees = parse_trustees(group, archive.trustees)
    with pytest.raises(ThresholdError) as caught:
        combine_all(group, trustees, {2: ((),), 3: ((),)})
    assert caught.value.trustees == (1,)
    with pytest.raises(ThresholdError):
        combine_all(group, trustees, {1: ((),), 3: ((),)})


def test_weights() -> None:
    """A ballot of weight w counts w times."""
    closed = _closed()
    weighted = encrypt_tally(closed.election, closed.ballots, [3, 1, 1])
    thrice = encrypt_tally(closed.election, [closed.ballots[0]] * 3 + list(closed.ballots[1:]))
    assert weighted == thrice
    with pytest.raises(MalformedError):
        encrypt_tally(closed.election, closed.ballots, [1, 1])


def test_large_total() -> None:
    """Counts by weight are found up to the total, and not above it."""
    key = ED25519.fixed_base(ED25519.power_of_generator(7))
    for total, count in ((0, 0), (1, 1), (10_000_000, 9_999_991), (99, 99)):
        tally = ((encrypt(ED25519, key, count, 5),),)
        factors = ((ED25519.power(tally[0][0].alpha, 7),),)
        assert open_tally(ED25519, tally, factors, total) == ((count,),)
        if count:
            with pytest.raises(ProofError):
                open_tally(ED25519, tally, factors, count - 1)


@pytest.mark.parametrize("total", [-1, (1 << 40) + 1])
def test_total_that_is_refused(total: int) -> None:
    """The total of ballots is bounded."""
    with pytest.raises(MalformedError):
        open_tally(ED25519, (), (), total)


def test_result_read_back() -> None:
    """A result has the shape of its election and one text."""
    election = _closed().election
    assert parse_result(election, '{"result":[[2,1],[1,0]]}') == EXPECTED
    for text in (
        '{"result":[[2,1]]}',
        '{"result":[[2,1],[1]]}',
        '{"result":[[2,1],[1,-1]]}',
        '{"result":[[2,1],[1,true]]}',
        '{"result":[[2,1],[1,0]] }',
        '{"result":[[2,1],[1,0.0]]}',
        "[]",
    ):
        with pytest.raises(MalformedError):
            parse_result(election, text)
