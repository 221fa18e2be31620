"""Answers and bodies of what stands beside a paper: extracts, and copies that people bring."""

from typing import Annotated, Literal

import msgspec

from schemas.api import Body, Identifier, View
from schemas.fields import Hash, ShortText

CopyKind = Literal["copy", "hand_signed"]


class ExtractView(View, frozen=True, kw_only=True):
    """One award file's extract: `no` from 1, its award, how many cases it has, how many passed."""

    no: Annotated[int, msgspec.Meta(ge=1, le=200)]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    cases: Annotated[int, msgspec.Meta(ge=1, le=2000)]
    passed: Annotated[int, msgspec.Meta(ge=0, le=2000)]


class ExtractsView(View, frozen=True, kw_only=True):
    """`draft`: the minute lacks a signature of its officers, so its extracts are marked drafts."""

    draft: bool
    extracts: tuple[ExtractView, ...]


class CopyView(View, frozen=True, kw_only=True):
    """
    A copy of a paper. `matched`: its codes are the paper's; `matched_by` is how that was found,
    by the QR codes on it or by the seal code that the secretary typed. Never a signed original.
    """

    id: Identifier
    kind: CopyKind
    sha256: Hash
    media_type: ShortText
    size: Annotated[int, msgspec.Meta(ge=1)]
    matched: bool
    matched_by: Literal["qr", "typed"] | None = None


class HandSignedBody(Body, frozen=True, kw_only=True):
    """The scan (`copy`, its id) that shows the paper signed in ink by all."""

    copy: Identifier
