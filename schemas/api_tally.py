"""Bodies and answers of the tally's endpoints."""

from typing import Annotated

import msgspec

from schemas.api import Body, View
from schemas.entries import SecondProof
from schemas.fields import Hash, MemberNumber, ShortText, TrusteeIndex

SignedText = Annotated[str, msgspec.Meta(min_length=2, max_length=4000)]
"""A Belenios object of one or two elements with a proof: exact bytes, as text."""

SealedShare = Annotated[str, msgspec.Meta(min_length=2, max_length=16_000)]
"""A Belenios `encrypted_msg`, readable by its recipient only."""


class CertificateBody(Body, frozen=True, kw_only=True):
    certificate: SignedText


class CommitmentBody(Body, frozen=True, kw_only=True):
    commitment: Hash


class RevealBody(Body, frozen=True, kw_only=True):
    """`sealed_shares`: one for every trustee, the sender included, in index order."""

    coefexps: Annotated[str, msgspec.Meta(min_length=2, max_length=30_000)]
    signature: SignedText
    sealed_shares: Annotated[tuple[SealedShare, ...], msgspec.Meta(min_length=1, max_length=20)]


class KeyBody(Body, frozen=True, kw_only=True):
    verification_key: SignedText


class ConfirmationBody(Body, frozen=True, kw_only=True):
    confirmation: SignedText


class PartialDecryptionBody(Body, frozen=True, kw_only=True):
    """Without the second proof a partial decryption does not count (protocol.md §3)."""

    partial_decryption: Annotated[str, msgspec.Meta(min_length=2, max_length=900_000)]
    proof: SecondProof


class CeremonyTrustee(View, frozen=True, kw_only=True):
    """What a trustee has sent so far."""

    index: TrusteeIndex
    member: MemberNumber
    name: ShortText
    certificate: bool
    commitment: bool
    reveal: bool
    key: bool
    confirmation: bool


class CeremonyView(View, frozen=True, kw_only=True):
    """`entries`: the exact entries of the ceremony on the log so far, in order."""

    trustee_threshold: TrusteeIndex
    trustees: tuple[CeremonyTrustee, ...]
    entries: tuple[str, ...]


class SealedSharesView(View, frozen=True, kw_only=True):
    """The shares sealed for the one who asks, from trustees 1, 2, 3 …"""

    sealed_shares: tuple[str, ...]
