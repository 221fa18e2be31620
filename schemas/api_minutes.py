"""Answers of the papers' endpoints; the body of texts is `schemas.papers.PaperTexts`."""

from typing import Literal

from schemas.api import Identifier, View
from schemas.api_copies import CopyView
from schemas.fields import ElectionUuid, Hash, MemberNumber, PaperKind, ShortText


class FieldView(View, frozen=True, kw_only=True):
    """
    One signature field: `name` in the file, and who signs there, in what role; no member: the
    agency's seal.
    """

    name: ShortText
    role: ShortText
    member: MemberNumber | None
    signed: bool


class PaperView(View, frozen=True, kw_only=True):
    """
    A paper as it stands. `sha256` is of the file as issued, before any signature: the logs of
    `uuids` hold it. `replaces` is that of the paper in whose place it stands. `hand_signed`: the
    copy that shows it signed in ink, which nobody but a reader can check.
    """

    id: Identifier
    kind: PaperKind
    uuids: tuple[ElectionUuid, ...]
    sha256: Hash
    state: Literal["signing", "signed", "replaced"]
    fields: tuple[FieldView, ...]
    replaces: Hash | None = None
    hand_signed: Identifier | None = None
    copies: tuple[CopyView, ...] = ()


class PapersView(View, frozen=True, kw_only=True):
    """Of one meeting, as far as the reader may see them; those that stand before the replaced."""

    papers: tuple[PaperView, ...]
