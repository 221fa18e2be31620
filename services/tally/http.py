"""The counting team's endpoints: ceremony, confirmation, opening the sum, announcing."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas.api import EmptyBody
from schemas.api_tally import (
    CeremonyView,
    CertificateBody,
    CommitmentBody,
    ConfirmationBody,
    KeyBody,
    PartialDecryptionBody,
    RevealBody,
    SealedSharesView,
)
from schemas.fields import ElectionUuid
from services.accounts import Account, NotAllowedError
from services.election.errors import (
    ActPendingError,
    ElectionNotFoundError,
    TooFewBallotsError,
    WrongStateError,
)
from services.problems import documented
from services.tally.ceremony import (
    read_ceremony,
    read_sealed_shares,
    submit_certificate,
    submit_commitment,
    submit_confirmation,
    submit_key,
    submit_reveal,
)
from services.tally.errors import (
    CeremonyStepNotDueError,
    CheckWindowError,
    ClaimStandsError,
    ContributionInvalidError,
    ContributionMadeError,
    CountDisagreesError,
    PartialDecryptionInvalidError,
    SealedSharesErasedError,
)
from services.tally.opening import announce, submit_partial_decryption
from services.tally.party import Tally

READING = documented(401, NotAllowedError, ElectionNotFoundError, CeremonyStepNotDueError)
SENDING = documented(
    401,
    NotAllowedError,
    ElectionNotFoundError,
    WrongStateError,
    ActPendingError,
    CeremonyStepNotDueError,
    ContributionInvalidError,
    ContributionMadeError,
)


@get(
    "/elections/{uuid:str}/ceremony",
    summary="How far the key ceremony is",
    responses=READING,
)
async def get_ceremony(
    uuid: FromPath[ElectionUuid], account: NamedDependency[Account], tally: NamedDependency[Tally]
) -> CeremonyView:
    """Who of the counting team has sent what, and the ceremony's exact entries so far."""
    return await read_ceremony(tally, account, uuid)


@post(
    "/elections/{uuid:str}/ceremony/certificate",
    status_code=204,
    summary="Send a certificate",
    responses=SENDING,
)
async def post_certificate(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[CertificateBody],
    account: NamedDependency[Account],
    tally: NamedDependency[Tally],
) -> None:
    """Step 1 of a trustee: its public keys, signed, with the ceremony's context."""
    await submit_certificate(tally, account, uuid, data.certificate)


@post(
    "/elections/{uuid:str}/ceremony/commitment",
    status_code=204,
    summary="Commit",
    responses=SENDING,
)
async def post_commitment(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[CommitmentBody],
    account: NamedDependency[Account],
    tally: NamedDependency[Tally],
) -> None:
    """Step 2: the hash of what step 3 reveals, after all certificates."""
    await submit_commitment(tally, account, uuid, data.commitment)


@post(
    "/elections/{uuid:str}/ceremony/reveal",
    status_code=204,
    summary="Reveal",
    responses=SENDING,
)
async def post_reveal(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[RevealBody],
    account: NamedDependency[Account],
    tally: NamedDependency[Tally],
) -> None:
    """Step 3: the coefficients' commitments and a sealed share for each trustee."""
    await submit_reveal(tally, account, uuid, data)


@get(
    "/elections/{uuid:str}/ceremony/sealed-shares",
    summary="My sealed shares",
    responses=documented(
        401,
        NotAllowedError,
        ElectionNotFoundError,
        CeremonyStepNotDueError,
        SealedSharesErasedError,
    ),
)
async def get_sealed_shares(
    uuid: FromPath[ElectionUuid], account: NamedDependency[Account], tally: NamedDependency[Tally]
) -> SealedSharesView:
    """What the trustees sealed for the one who asks, once all have revealed."""
    return SealedSharesView(sealed_shares=await read_sealed_shares(tally, account, uuid))


@post(
    "/elections/{uuid:str}/ceremony/key",
    status_code=204,
    summary="Send a verification key",
    responses=SENDING,
)
async def post_key(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[KeyBody],
    account: NamedDependency[Account],
    tally: NamedDependency[Tally],
) -> None:
    """Step 4: the trustee's verification key with proofs."""
    await submit_key(tally, account, uuid, data.verification_key)


@post(
    "/elections/{uuid:str}/ceremony/confirmation",
    status_code=204,
    summary="Confirm",
    responses=SENDING,
)
async def post_confirmation(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[ConfirmationBody],
    account: NamedDependency[Account],
    tally: NamedDependency[Tally],
) -> None:
    """After issuing has begun: the trustee's device has checked the election and signs phi."""
    await submit_confirmation(tally, account, uuid, data.confirmation)


@post(
    "/elections/{uuid:str}/partial-decryptions",
    status_code=204,
    summary="Open the sum",
    responses=documented(
        401,
        NotAllowedError,
        ElectionNotFoundError,
        WrongStateError,
        ActPendingError,
        CheckWindowError,
        ClaimStandsError,
        TooFewBallotsError,
        ContributionMadeError,
        PartialDecryptionInvalidError,
        CountDisagreesError,
    ),
)
async def post_partial_decryption(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[PartialDecryptionBody],
    account: NamedDependency[Account],
    tally: NamedDependency[Tally],
) -> None:
    """A trustee's partial decryption of the sum, with both proofs."""
    await submit_partial_decryption(tally, account, uuid, data.partial_decryption, data.proof)


@post(
    "/elections/{uuid:str}/announce",
    status_code=204,
    summary="Announce the result",
    responses=documented(401, NotAllowedError, ElectionNotFoundError, WrongStateError),
)
async def post_announce(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    tally: NamedDependency[Tally],
) -> None:
    """The head teller opens the result to all who belong to the election."""
    await announce(tally, account, uuid)


handlers: list[Any] = [
    get_ceremony,
    post_certificate,
    post_commitment,
    post_reveal,
    get_sealed_shares,
    post_key,
    post_confirmation,
    post_partial_decryption,
    post_announce,
]
