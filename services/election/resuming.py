"""What a crash left half done, in any act of any election."""

from services.election import cancelling, closing, issuing, starting
from services.election.party import Election


async def resume_all(election: Election) -> None:
    """
    Go on with every pending act; safe beside other replicas, since every step is idempotent.

    Raises ExceptionGroup with what could not be finished, when all was tried.
    """
    failed: list[Exception] = []
    for act in (issuing, starting, closing, cancelling):
        try:
            await act.resume_all(election)
        except ExceptionGroup as group:
            failed.append(group)
    if failed:
        raise ExceptionGroup("some acts could not be finished", failed)
