"""A counted archive with one mandatory trustee, for timing verifiers against each other."""

from collections.abc import Sequence

from crypto.ballot_encryption import encrypt_ballot
from crypto.ballots import parse_ballot
from crypto.belenios_archive import Archive, OwnedPartialDecryption, write_archive
from crypto.belenios_json import dumps
from crypto.credentials import public_credential
from crypto.decryption import Statement, combine_all, decrypt_partially, parse_partial_decryption
from crypto.elections import Election, parse_election
from crypto.groups import Group, group_by_name
from crypto.proofs import prove_knowledge
from crypto.randomness import draw_scalar, system_randomness
from crypto.tally import encrypt_tally, open_tally, result_to_text, tally_to_text
from crypto.trustee_verification import knowledge_prefix
from crypto.trustees import SingleTrustee, VerificationKey, trustees_to_text

UUID = "1" * 14


def election_text(group: Group, public_key: str, questions: int) -> str:
    """An election of agree / disagree questions under a given key."""
    return dumps(
        {
            "version": 1,
            "description": "benchmark",
            "name": "benchmark",
            "group": group.name,
            "public_key": public_key,
            "questions": [
                {"answers": ["Đồng ý", "Không đồng ý"], "min": 0, "max": 1, "question": str(number)}
                for number in range(questions)
            ],
            "uuid": UUID,
        }
    )


def make_ballot(election: Election, credential: int) -> str:
    """A ballot that agrees and disagrees in turn."""
    marks = [(number % 2, 1 - number % 2) for number in range(len(election.questions))]
    nonce = draw_scalar(election.group, system_randomness)
    return encrypt_ballot(election, credential, marks, system_randomness(32), nonce)


def closed_archive(group_name: str, ballots: int, questions: int) -> bytes:
    """A whole archive, from set-up to result."""
    group = group_by_name(group_name)
    secret = draw_scalar(group, system_randomness)
    key = group.power_of_generator(secret)
    election = parse_election(election_text(group, group.element_to_text(key), questions))
    credentials = [draw_scalar(group, system_randomness) for _ in range(ballots)]
    texts = [make_ballot(election, credential) for credential in credentials]
    trustee = SingleTrustee(
        VerificationKey(
            key,
            prove_knowledge(
                group, secret, draw_scalar(group, system_randomness), knowledge_prefix(group, key)
            ),
            None,
        )
    )
    return _count(election, trustee, secret, texts, credentials)


def _count(
    election: Election,
    trustee: SingleTrustee,
    secret: int,
    texts: Sequence[str],
    credentials: Sequence[int],
) -> bytes:
    group = election.group
    tally = encrypt_tally(election, [parse_ballot(election, text) for text in texts])
    public_key = trustee.verification_key.public_key
    partial, _ = decrypt_partially(
        Statement(election, tally, bytes(32), 1, public_key), secret, system_randomness
    )
    factors = {1: parse_partial_decryption(group, tally, partial).factors}
    counts = open_tally(group, tally, combine_all(group, (trustee,), factors), len(texts))
    return write_archive(
        Archive(
            timestamp=0,
            election=election.text,
            trustees=trustees_to_text(group, (trustee,)),
            public_credentials=dumps(
                sorted(public_credential(group, credential) for credential in credentials)
            ),
            ballots=tuple(texts),
            num_tallied=len(texts),
            total_weight=len(texts),
            encrypted_tally=tally_to_text(group, tally),
            partial_decryptions=(OwnedPartialDecryption(1, partial),),
            result=result_to_text(counts),
        )
    )
