"""Bodies of the ballot box's one endpoint."""

from typing import Annotated

import msgspec

from schemas.api import View


class CastAnswer(View, frozen=True, kw_only=True):
    """The box's promise: a C2SP signed note. Of constant length within one election."""

    promise: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
