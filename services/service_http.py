"""What the service says of itself to whoever asks, before any login."""

from litestar import get
from litestar.datastructures import State

from schemas.api_service import ServiceView
from services.problems import documented


@get("/service", summary="What a client must know before a login", responses=documented())
async def get_service(state: State) -> ServiceView:
    """Names and origins only; the same for everyone."""
    settings = state.settings
    return ServiceView(
        software_name=settings.software_name,
        rp_id=settings.rp_id,
        box_origin=settings.box_origin,
        client_hash=settings.client_hash,
    )
