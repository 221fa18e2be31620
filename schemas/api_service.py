"""What the service says of itself."""

from typing import Annotated

import msgspec

from schemas.api import View
from schemas.fields import Hash, ShortText


class ServiceView(View, frozen=True, kw_only=True):
    """
    `rp_id`: the passkeys' relying party; `box_origin`: where ballots are cast, if not here;
    `client_hash`: of the client that this service serves (protocol.md §11), if it serves one.
    """

    software_name: ShortText
    rp_id: Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
    box_origin: Annotated[str, msgspec.Meta(min_length=8, max_length=200)] | None = None
    client_hash: Hash | None = None
