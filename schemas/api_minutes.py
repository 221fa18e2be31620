"""Bodies and answers of the papers' endpoints; that of texts is `schemas.papers.PaperTexts`."""

from typing import Annotated, Literal

import msgspec

from schemas.api import Body, Identifier, View
from schemas.api_copies import CopyView
from schemas.fields import (
    Date,
    ElectionUuid,
    Hash,
    Instant,
    MemberNumber,
    PaperKind,
    ShortText,
)

FieldName = Annotated[str, msgspec.Meta(pattern="^[a-z]+(-[0-9]{1,3})?$", max_length=20)]
"""A signature field of a paper: "secretary", "teller-1"."""

CertificateText = Annotated[str, msgspec.Meta(min_length=4, max_length=24_000)]
"""An X.509 certificate: standard Base64 of its DER."""

PictureText = Annotated[str, msgspec.Meta(min_length=4, max_length=700_000)]
"""A picture: standard Base64 of a PNG."""

SignatureText = Annotated[str, msgspec.Meta(min_length=4, max_length=2_000)]
"""A signature value: standard Base64."""


class SignerView(View, frozen=True, kw_only=True):
    """
    A signer's certificate as a person compares it. `serial` is hex, `sha256` that of the DER,
    which the secretary confirms.
    """

    subject: str
    issuer: str
    serial: ShortText
    not_after: Instant
    sha256: Hash


class FieldView(View, frozen=True, kw_only=True):
    """
    One signature field: `name` in the file, and who signs there, in what role; no member: the
    agency's seal. `waiting`: signed, but the secretary has not said whose the certificate is.
    """

    name: FieldName
    role: ShortText
    member: MemberNumber | None
    signed: bool
    signer: SignerView | None = None
    waiting: SignerView | None = None


class PaperView(View, frozen=True, kw_only=True):
    """
    A paper as it stands. `sha256` is of the file as issued, before any signature: the logs of
    `uuids` hold it. `replaces` is that of the paper in whose place it stands.

    "signed" by all persons; "issued" by the agency as well, after `number` and `date` were given.
    `issuers_judged`: the operator has configured which authorities' certificates may sign.
    `hand_signed`: the copy that shows it signed in ink, which nobody but a reader can check.
    """

    id: Identifier
    kind: PaperKind
    uuids: tuple[ElectionUuid, ...]
    sha256: Hash
    state: Literal["signing", "signed", "issued", "replaced"]
    fields: tuple[FieldView, ...]
    issuers_judged: bool
    number: ShortText | None = None
    date: Date | None = None
    level: Literal["B-B", "B-LTA"] | None = None
    replaces: Hash | None = None
    hand_signed: Identifier | None = None
    copies: tuple[CopyView, ...]


class PapersView(View, frozen=True, kw_only=True):
    """Of one meeting, as far as the reader may see them; those that stand before the replaced."""

    papers: tuple[PaperView, ...]


class NumberBody(Body, frozen=True, kw_only=True):
    """Number without symbol ("07") and date of issue of a signed minute."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=10)]
    date: Date


class SignerBody(Body, frozen=True, kw_only=True):
    """The certificate that the secretary compared: SHA-256 of its DER."""

    certificate: Hash


class SignatureRequestBody(Body, frozen=True, kw_only=True):
    """Who will sign where: `certificates` begin with the signer's; `picture` of the handwriting."""

    field: FieldName
    certificates: Annotated[tuple[CertificateText, ...], msgspec.Meta(min_length=1, max_length=10)]
    picture: PictureText | None = None


class SignatureRequestView(View, frozen=True, kw_only=True):
    """
    What has to be signed: the DER of the CMS signed attributes, in standard Base64 (RFC 5652
    §5.4), or their `digest` in hex, by who signs hashes.
    """

    id: Identifier
    field: FieldName
    digest_algorithm: Literal["sha256"]
    signed_attributes: str
    digest: Hash
    expires_at: Instant


class SignatureBody(Body, frozen=True, kw_only=True):
    """The signature value over what was handed out."""

    signature: SignatureText
