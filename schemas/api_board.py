"""Bodies of the board's endpoints."""

from typing import Annotated

import msgspec

from schemas.api import Body


class ClaimBody(Body, frozen=True, kw_only=True):
    """A promise of the box whose ballot is not on the board; nothing else, no name, no tracker."""

    promise: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
