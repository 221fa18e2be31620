"""The key ceremony: what each trustee's device refuses, and whom it names."""

import dataclasses
import json
from typing import Any

import pytest

from crypto.belenios_json import dumps
from crypto.ceremony import (
    Ceremony,
    Reveal,
    check_commitments,
    commitment_to,
    verify_ceremony,
)
from crypto.errors import MalformedError, TrusteeError
from crypto.groups import GROUPS, Group
from crypto.randomness import Randomness
from crypto.sealed_messages import derive_trustee_keys, send, sign_message, sign_text
from crypto.trustee_device import (
    TrusteeState,
    commit,
    make_certificate,
    make_key,
    reveal,
)
from crypto.trustee_verification import (
    certificates_message,
    election_key,
    verify_certificates,
    verify_trustees,
)
from crypto.trustees import parse_trustees, trustees_to_text
from tests.counting_team import (
    CERTIFICATES_ROOT,
    UUID,
    CountingTeam,
    hold_ceremony,
    two_of_three,
    until_committed,
    with_reveal,
)
from tests.seeded_randomness import SeededRandomness

ED25519 = GROUPS["Ed25519"]


def _random() -> Randomness:
    return SeededRandomness("another stream")


def _team() -> CountingTeam:
    return two_of_three("Ed25519")


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_ceremony_gives_a_team(group: Group) -> None:
    """The log's ceremony gives threshold parameters that read back and verify."""
    team = two_of_three(group.name)
    text = trustees_to_text(group, (team.team,))
    parsed = parse_trustees(group, text)
    verify_trustees(group, parsed)
    assert parsed == (team.team,)
    assert json.loads(text)[0][0] == "Pedersen"
    for state, key in zip(team.states, team.team.verification_keys, strict=True):
        assert group.power_of_generator(state.decryption_key or 0) == key.public_key


def test_team_of_one() -> None:
    """One trustee alone is a team of threshold 1."""
    team = hold_ceremony(ED25519, 1, 1, _random())
    key = election_key(ED25519, (team.team,))
    assert key == ED25519.power_of_generator(team.states[0].decryption_key or 0)


@pytest.mark.parametrize(("size", "threshold"), [(2, 1), (3, 1), (4, 2), (3, 4), (0, 0), (21, 15)])
def test_threshold_that_is_refused(size: int, threshold: int) -> None:
    """The threshold is more than half of the trustees."""
    with pytest.raises(MalformedError):
        make_certificate(ED25519, UUID, 1, size, threshold, _random())


@pytest.mark.parametrize(("uuid", "index"), [("short", 1), (UUID, 0), (UUID, 4)])
def test_place_that_is_refused(uuid: str, index: int) -> None:
    """A trustee has a place in the team of one election."""
    with pytest.raises(MalformedError):
        make_certificate(ED25519, uuid, index, 3, 2, _random())


def test_state_stored_and_read_again() -> None:
    """A device that restarts goes on where it was."""
    fresh = make_certificate(ED25519, UUID, 1, 3, 2, _random())
    for state in (fresh, *until_committed(ED25519, 3, 2, _random()), *_team().states):
        assert TrusteeState.from_json(json.loads(json.dumps(state.to_json()))) == state


@pytest.mark.parametrize(
    "change", [{"more": 1}, {"decryption_key": 7}, {"certificates": 3}, {"contribution": {}}]
)
def test_state_not_of_the_form(change: dict[str, Any]) -> None:
    """A stored state is read strictly."""
    with pytest.raises(MalformedError):
        TrusteeState.from_json(_team().states[0].to_json() | change)


def test_state_is_not_printed() -> None:
    """Seed and key stay out of logs."""
    state = _team().states[0]
    assert state.seed not in repr(state)
    assert str(state.decryption_key) not in repr(state)


def _fresh(*, group: Group = ED25519, uuid: str = UUID) -> list[TrusteeState]:
    random = SeededRandomness("fresh")
    return [make_certificate(group, uuid, index, 3, 2, random) for index in (1, 2, 3)]


def test_step_repeated() -> None:
    """A step with the same input gives the same output: a lost answer is sent again."""
    states = until_committed(ED25519, 3, 2, _random())
    again = commit(states[0], states[0].certificates, CERTIFICATES_ROOT, SeededRandomness("x"))
    assert again is states[0]
    commitments = [state.commitment for state in states]
    first, contribution, shares = reveal(states[0], commitments)
    assert reveal(first, commitments) == (first, contribution, shares)
    done = _team().states[0]
    assert make_key(done, done.reveals, (), SeededRandomness("x")) is done


def test_coefficient_that_comes_out_zero() -> None:
    """A zero coefficient would show in its commitment: it is drawn again."""
    states = _fresh()
    certificates = [state.certificate for state in states]
    zeros, stream = iter([bytes(64)]), SeededRandomness("x")
    state = commit(
        states[0], certificates, CERTIFICATES_ROOT, lambda size: next(zeros, None) or stream(size)
    )
    assert state.contribution is not None
    assert _IDENTITY not in state.contribution.coefexps


def test_commit_under_other_certificates() -> None:
    """A device commits once: another set of certificates or another log is refused."""
    state = until_committed(ED25519, 3, 2, _random())[0]
    with pytest.raises(MalformedError, match="committed"):
        commit(state, state.certificates[::-1], CERTIFICATES_ROOT, _random())
    with pytest.raises(MalformedError, match="committed"):
        commit(state, state.certificates, bytes(32), _random())


def test_commit_without_own_certificate() -> None:
    """A device finds its own certificate in its place."""
    states = _fresh()
    certificates = [state.certificate for state in states]
    for wrong in (certificates[::-1], certificates[:2]):
        with pytest.raises(MalformedError, match="own"):
            commit(states[0], wrong, CERTIFICATES_ROOT, _random())


def _signed_certificate(index: int, **change: Any) -> str:
    keys = derive_trustee_keys(ED25519, "ARks2fJoF5xNw7amG7Kaz4")
    value = {
        "context": {"group": "Ed25519", "size": 3, "threshold": 2, "index": index},
        "verification": ED25519.element_to_text(ED25519.power_of_generator(keys.signing)),
        "encryption": ED25519.element_to_text(ED25519.power_of_generator(keys.decryption)),
    }
    value |= change
    return sign_message(ED25519, keys.signing, dumps(value), _random()).to_text()


_CONTEXT = {"group": "Ed25519", "size": 3, "threshold": 2, "index": 2}
_IDENTITY = ED25519.element_to_text(ED25519.identity)


@pytest.mark.parametrize(
    "certificate",
    [
        "",
        "{}",
        _signed_certificate(2).replace('"response":"', '"response":"1'),
        _signed_certificate(3),
        _signed_certificate(2, context=_CONTEXT | {"size": 4}),
        _signed_certificate(2, context=_CONTEXT | {"threshold": 3}),
        _signed_certificate(2, context=_CONTEXT | {"group": "BELENIOS-2048"}),
        _signed_certificate(2, context=_CONTEXT | {"more": 1}),
        _signed_certificate(2, context=dict(reversed(_CONTEXT.items()))),
        _signed_certificate(2, encryption=_IDENTITY),
        _signed_certificate(2, verification=_IDENTITY),
        _signed_certificate(2, encryption="00" * 32),
        _signed_certificate(2, encryption="x"),
        _signed_certificate(2, more="x"),
        _signed_certificate(
            2, encryption=json.loads(json.loads(_signed_certificate(2))["message"])["verification"]
        ),
    ],
)
def test_certificate_that_is_refused(certificate: str) -> None:
    """A bad certificate is refused in its sender's name."""
    certificates = [state.certificate for state in _fresh()]
    certificates[1] = certificate
    with pytest.raises(TrusteeError) as caught:
        verify_certificates(ED25519, certificates, 2)
    assert caught.value.trustee == 2


def test_certificate_without_context() -> None:
    """Certificates of 2.0 are for archives, not for our ceremony."""
    value = json.loads(json.loads(_signed_certificate(2))["message"])
    del value["context"]
    keys = derive_trustee_keys(ED25519, "ARks2fJoF5xNw7amG7Kaz4")
    old = sign_message(ED25519, keys.signing, dumps(value), _random()).to_text()
    certificates = [state.certificate for state in _fresh()]
    certificates[1] = old
    with pytest.raises(TrusteeError, match="another place"):
        verify_certificates(ED25519, certificates, 2)


def test_keys_of_another_trustee() -> None:
    """Nobody takes part twice."""
    certificates = [_signed_certificate(index) for index in (1, 2, 3)]
    with pytest.raises(TrusteeError) as caught:
        verify_certificates(ED25519, certificates, 2)
    assert (caught.value.trustee, caught.value.reason) == (
        2,
        "a key of the certificate is somebody's already",
    )


def test_commitment_is_of_election_place_log_and_message() -> None:
    """No part of the commitment can be exchanged."""
    own = commitment_to(UUID, 1, CERTIFICATES_ROOT, "m")
    others = {
        commitment_to("3MoJPRgWzLnoyF", 1, CERTIFICATES_ROOT, "m"),
        commitment_to(UUID, 2, CERTIFICATES_ROOT, "m"),
        commitment_to(UUID, 1, bytes(32), "m"),
        commitment_to(UUID, 1, CERTIFICATES_ROOT, "n"),
    }
    assert own not in others
    assert len(others) == 4


def test_commitment_copied_from_another() -> None:
    """A commitment is the trustee's own, and a hash."""
    good = ["0" * 64, "1" * 64, "2" * 64]
    check_commitments(good)
    for wrong in ("0" * 64, "A" * 64, ""):
        with pytest.raises(TrusteeError) as caught:
            check_commitments([*good[:2], wrong])
        assert caught.value.trustee == 3


def test_reveal_before_all_have_committed() -> None:
    """Nothing is revealed before every commitment is on the log, one's own among them."""
    states = until_committed(ED25519, 3, 2, _random())
    commitments = [state.commitment for state in states]
    for wrong in (commitments[:2], ["0" * 64, *commitments[1:]]):
        with pytest.raises(MalformedError, match="own"):
            reveal(states[0], wrong)
    with pytest.raises(MalformedError, match="commits before"):
        reveal(_fresh()[0], commitments)


def test_reveal_after_other_commitments() -> None:
    """A device reveals under one set of commitments only."""
    states = until_committed(ED25519, 3, 2, _random())
    commitments = [state.commitment for state in states]
    after, _, _ = reveal(states[0], commitments)
    with pytest.raises(MalformedError, match="other commitments"):
        reveal(after, [*commitments[:2], "0" * 64])


def test_keys_out_of_order() -> None:
    """A key is made after the reveal."""
    states = until_committed(ED25519, 3, 2, _random())
    for state in (_fresh()[0], states[0]):
        with pytest.raises(MalformedError, match="reveals before"):
            make_key(state, (), (), _random())


def _revealed() -> tuple[list[TrusteeState], list[Reveal], list[tuple[str, ...]]]:
    states = until_committed(ED25519, 3, 2, SeededRandomness("counting team"))
    commitments = [state.commitment for state in states]
    revealed = [reveal(state, commitments) for state in states]
    return (
        [state for state, _, _ in revealed],
        [each for _, each, _ in revealed],
        [tuple(shares[place] for _, _, shares in revealed) for place in range(3)],
    )


def test_key_from_other_reveals() -> None:
    """A device makes one key."""
    states, reveals, shares = _revealed()
    state = make_key(states[0], reveals, shares[0], _random())
    with pytest.raises(MalformedError, match="other reveals"):
        make_key(state, reveals[::-1], shares[0], _random())


def test_key_without_own_reveal_or_share() -> None:
    """A device finds its own reveal in its place, and a share from each trustee."""
    states, reveals, shares = _revealed()
    with pytest.raises(MalformedError, match="own"):
        make_key(states[0], reveals[::-1], shares[0], _random())
    with pytest.raises(MalformedError, match="one sealed share"):
        make_key(states[0], reveals, shares[0][:2], _random())


def _bad_share(state: TrusteeState, recipient: TrusteeState, message: str) -> str:
    keys = derive_trustee_keys(ED25519, state.seed)
    encryption = derive_trustee_keys(ED25519, recipient.seed).decryption
    return send(ED25519, keys.signing, ED25519.power_of_generator(encryption), message, _random())


@pytest.mark.parametrize(
    "message",
    [
        '{"secret":"1"}',
        f'{{"secret":"{ED25519.q}"}}',
        '{"secret":"01"}',
        '{"secret": "1"}',
        '{"secret":1}',
        '{"share":"1"}',
        "",
    ],
)
def test_share_that_is_refused(message: str) -> None:
    """A share that does not follow from the commitments is refused in its sender's name."""
    states, reveals, shares = _revealed()
    bad = _bad_share(states[1], states[0], message)
    with pytest.raises(TrusteeError) as caught:
        make_key(states[0], reveals, (shares[0][0], bad, shares[0][2]), _random())
    assert caught.value.trustee == 2


def test_share_for_another_trustee() -> None:
    """A share that was sent to somebody else does not open."""
    states, reveals, shares = _revealed()
    with pytest.raises(TrusteeError) as caught:
        make_key(states[0], reveals, (shares[0][0], shares[0][1], shares[1][2]), _random())
    assert caught.value.trustee == 3


def _with(index: int, part: str, value: str) -> Ceremony:
    ceremony = _team().ceremony
    values = list(getattr(ceremony, part))
    values[index - 1] = value
    change: dict[str, Any] = {part: tuple(values)}
    return dataclasses.replace(ceremony, **change)


def _resigned_reveal(elements: list[str]) -> Reveal:
    """A reveal by trustee 2 with valid signatures over other coefficients."""
    team = _team()
    keys = derive_trustee_keys(ED25519, team.states[1].seed)
    signed = sign_message(ED25519, keys.signing, dumps({"coefexps": elements}), _random())
    body = certificates_message(team.team.certificates, elements)
    signature = sign_text(ED25519, keys.signing, body, _random())
    return Reveal(signed.to_text(), dumps(signature.to_json()))


def _recommitted(revealed: Reveal) -> Ceremony:
    message = json.loads(revealed.coefexps)["message"]
    ceremony = _with(2, "commitments", commitment_to(UUID, 2, CERTIFICATES_ROOT, message))
    return with_reveal(ceremony, 2, coefexps=revealed.coefexps, signature=revealed.signature)


_G = ED25519.element_to_text(ED25519.power_of_generator(5))


def test_reveal_of_other_coefficients() -> None:
    """A rushing trustee that changes its mind after seeing the others is named."""
    revealed = _resigned_reveal([_G, _G])
    ceremony = with_reveal(_team().ceremony, 2, **dataclasses.asdict(revealed))
    with pytest.raises(TrusteeError, match="does not open") as caught:
        verify_ceremony(ED25519, ceremony)
    assert caught.value.trustee == 2


@pytest.mark.parametrize(
    "elements", [[_G], [_G, _G, _G], [_G, _IDENTITY], [_IDENTITY, _G], [_G, "00" * 32], [_G, 1]]
)
def test_coefficients_that_are_refused(elements: list[Any]) -> None:
    """There are t coefficients, members of the group and not neutral."""
    with pytest.raises(TrusteeError) as caught:
        verify_ceremony(ED25519, _recommitted(_resigned_reveal(elements)))
    assert caught.value.trustee == 2


def test_signature_over_other_certificates() -> None:
    """A reveal is signed over exactly these certificates."""
    other = _team().ceremony.reveals[0].signature
    with pytest.raises(TrusteeError) as caught:
        verify_ceremony(ED25519, with_reveal(_team().ceremony, 2, signature=other))
    assert caught.value.trustee == 2
    spaced = _team().ceremony.reveals[1].signature.replace(",", ", ")
    with pytest.raises(TrusteeError):
        verify_ceremony(ED25519, with_reveal(_team().ceremony, 2, signature=spaced))


def test_coefficients_signed_by_somebody_else() -> None:
    """Coefficients are signed by the key of the trustee's certificate."""
    message = json.loads(_team().ceremony.reveals[1].coefexps)["message"]
    keys = derive_trustee_keys(ED25519, _team().states[0].seed)
    signed = sign_message(ED25519, keys.signing, message, _random())
    with pytest.raises(TrusteeError) as caught:
        verify_ceremony(ED25519, with_reveal(_team().ceremony, 2, coefexps=signed.to_text()))
    assert caught.value.trustee == 2


@pytest.mark.parametrize("part", ["reveals", "keys", "commitments"])
def test_ceremony_with_a_part_missing(part: str) -> None:
    """Every trustee contributes to every step."""
    ceremony = _team().ceremony
    change: dict[str, Any] = {part: getattr(ceremony, part)[:2]}
    short = dataclasses.replace(ceremony, **change)
    with pytest.raises(MalformedError):
        verify_ceremony(ED25519, short)


def _key(**change: Any) -> str:
    value = json.loads(_team().ceremony.keys[1]) | change
    return dumps({name: each for name, each in value.items() if each is not None})


_PROOF = {"challenge": "1", "response": "1"}


@pytest.mark.parametrize(
    "key",
    [
        _key(pok=_PROOF),
        _key(signature=_PROOF),
        _key(signature=None),
        _key(public_key=_G),
        _key(public_key=_IDENTITY),
        _key(more="1"),
        "",
    ],
)
def test_key_that_is_refused(key: str) -> None:
    """A key that does not follow, is not known to its trustee or not signed is refused by name."""
    with pytest.raises(TrusteeError) as caught:
        verify_ceremony(ED25519, _with(2, "keys", key))
    assert caught.value.trustee == 2


def test_trustee_that_gave_a_neutral_sum() -> None:
    """Verification keys that cancel to the neutral element would make the key public."""
    key = dataclasses.replace(_team().team.verification_keys[0], public_key=ED25519.identity)
    team = dataclasses.replace(
        _team().team, verification_keys=(key, *_team().team.verification_keys[1:])
    )
    with pytest.raises(TrusteeError):
        verify_trustees(ED25519, (team,))
