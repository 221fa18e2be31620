"""Answers to an imported file: its rows as the other endpoints take them."""

from typing import Annotated

import msgspec

from schemas.api import View
from schemas.api_council import NewMember
from schemas.fields import ShortText
from schemas.terms import Nomination

IgnoredColumns = Annotated[list[ShortText], msgspec.Meta(max_length=40)]
"""Headings of columns that no list has, and that were left out."""


class ImportedMembersView(View, frozen=True, omit_defaults=False, kw_only=True):
    """The roster as `PUT /councils/{council_id}/members` takes it."""

    members: Annotated[list[NewMember], msgspec.Meta(min_length=1, max_length=500)]
    ignored_columns: IgnoredColumns


class ImportedNominationsView(View, frozen=True, omit_defaults=False, kw_only=True):
    """The list as a draft of an election takes it, numbered 1, 2, 3 … in order."""

    nominations: Annotated[list[Nomination], msgspec.Meta(min_length=1, max_length=200)]
    ignored_columns: IgnoredColumns
