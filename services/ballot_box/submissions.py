"""The checks of a casting request, one function for each step that needs no table (protocol §5)."""

from crypto.ballots import parse_ballot, verify_ballot_proofs, verify_ballot_signature
from crypto.belenios_json import loads, ordered_fields, require_exact, text_field
from crypto.blind_tokens import parse_token, verify_token
from crypto.casting import parse_casting_body
from crypto.errors import (
    CryptoError,
    ElectionMismatchError,
    MalformedError,
    MembershipError,
    ProofError,
    ScalarRangeError,
    SignatureError,
)
from services.ballot_box.errors import (
    BallotElementInvalidError,
    BallotLengthError,
    BallotNotCanonicalError,
    BallotOtherElectionError,
    BallotProofInvalidError,
    BallotScalarInvalidError,
    BallotSignatureInvalidError,
    TokenInvalidError,
)
from services.ballot_box.model import CastBallot, OpenedBox, Submission

BALLOT_FIELDS = ("election_uuid", "election_hash", "credential", "answers", "signature")


def read_submission(opened: OpenedBox, body: bytes) -> Submission:
    """
    Read a casting request: length, canonical form, uuid and phi (protocol.md §5, §11).

    The form of the answers is looked at by `verify_ballot`, whose membership checks cost more than
    a stranger without a token may ask for. Raises BallotLengthError, BallotNotCanonicalError,
    BallotOtherElectionError.
    """
    if len(body) != opened.length:
        raise BallotLengthError
    try:
        ballot, token = parse_casting_body(body, opened.length)
        value = loads(ballot)
        uuid, phi, credential, _, _ = ordered_fields(value, BALLOT_FIELDS)
        require_exact(ballot, value)
        submission = Submission(body, ballot, token, text_field(credential))
    except MalformedError:
        raise BallotNotCanonicalError from None
    if (uuid, phi) != (opened.terms.uuid, opened.terms.phi):
        raise BallotOtherElectionError
    return submission


def verify_tokens(opened: OpenedBox, submission: Submission) -> None:
    """
    Check one token of every issuer, in the order of the terms, for phi and this credential (§4).

    Raises TokenInvalidError.
    """
    if len(submission.token) != len(opened.token_keys):
        raise TokenInvalidError
    try:
        for key, text in zip(opened.token_keys, submission.token, strict=True):
            verify_token(key, opened.terms.phi, submission.credential, parse_token(text))
    except CryptoError:
        raise TokenInvalidError from None


def verify_ballot(opened: OpenedBox, submission: Submission) -> CastBallot:
    """
    Check membership, neutral elements and ranges, then proofs, then the signature (V8, V9, V10).

    Raises BallotNotCanonicalError, BallotOtherElectionError, BallotElementInvalidError,
    BallotScalarInvalidError, BallotProofInvalidError, BallotSignatureInvalidError.
    """
    try:
        ballot = parse_ballot(opened.election, submission.ballot)
        verify_ballot_proofs(opened.election, ballot)
        verify_ballot_signature(opened.election, ballot)
    except MalformedError:
        raise BallotNotCanonicalError from None
    except ElectionMismatchError:
        raise BallotOtherElectionError from None
    except MembershipError:
        raise BallotElementInvalidError from None
    except ScalarRangeError:
        raise BallotScalarInvalidError from None
    except ProofError:
        raise BallotProofInvalidError from None
    except SignatureError:
        raise BallotSignatureInvalidError from None
    return CastBallot(
        tracker=ballot.tracker,
        body_hash=submission.body_hash,
        credential_hash=submission.credential_hash,
        ballot=submission.ballot,
        token=submission.token,
    )
