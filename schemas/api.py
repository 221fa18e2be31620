"""What API bodies share: identifiers in paths and the body without content."""

from typing import Annotated

import msgspec

Identifier = Annotated[
    str,
    msgspec.Meta(pattern="^[0-9a-f]{32}$", min_length=32, max_length=32),
]
"""A council, meeting, account or paper: 16 random bytes in hex. Random, so it tells no order."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of request bodies: unknown fields are refused."""


class EmptyBody(Body, frozen=True, kw_only=True):
    """`{}`: an act that needs nothing said."""


class View(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """Base of answers: what is absent is left out."""
