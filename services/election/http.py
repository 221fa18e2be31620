"""Endpoints of elections. A guard around all parties' endpoints refuses open votes (secrecy.py)."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import ServerSentEvent, ServerSentEventMessage

from schemas.api import EmptyBody, Identifier
from schemas.api_election import (
    CancellationBody,
    CancellationView,
    CountingTeamBody,
    CountingTeamView,
    ElectionBody,
    ElectionView,
    NominationsBody,
    TimeBody,
    WarningView,
)
from schemas.fields import ElectionUuid
from services.accounts import Account
from services.clock import instant_text, next_instant_text
from services.election.cancelling import NewCancellation, SignedCancellation, cancel_election
from services.election.closing import close_voting
from services.election.conducting import require_canceller, require_closer, require_starter
from services.election.drafting import (
    NewElection,
    change_nominations,
    draft_election,
    record_counting_team,
)
from services.election.errors import (
    ActPendingError,
    AlreadyBallotedError,
    CancellationNotDueError,
    CeremonyIncompleteError,
    CountingTeamInvalidError,
    DeviceKeySharedError,
    ElectionNotFoundError,
    MeetingNotFoundError,
    NominationsInvalidError,
    NominationsTooLongError,
    NoQuorumError,
    NotAMemberError,
    NotConfirmedError,
    OpenVoteForbiddenError,
    PresidingSignatureInvalidError,
    ReservedForHeadTellerError,
    ReservedForPresidingError,
    ReservedForSecretaryError,
    SecondBallotInvalidError,
    TellersConflictError,
    TextNotCanonicalError,
    TimeInvalidError,
    TooFewBallotsError,
    WrongStateError,
)
from services.election.events import follow_election
from services.election.hall_http import hall_handlers
from services.election.issuing import issue_ballots
from services.election.meetings_http import meeting_handlers
from services.election.model import ElectionEvent, ElectionPicture, Team
from services.election.party import Election
from services.election.record_http import record_handlers
from services.election.starting import start_voting
from services.election.viewing import view_election
from services.problems import documented

RETRY_MS = 2000
NOMINATION_REFUSALS = (
    AlreadyBallotedError,
    NominationsInvalidError,
    NominationsTooLongError,
    OpenVoteForbiddenError,
    SecondBallotInvalidError,
    TextNotCanonicalError,
)
LEADER_REFUSALS = (
    ReservedForHeadTellerError,
    ReservedForPresidingError,
    ReservedForSecretaryError,
)
ACT_REFUSALS = (ActPendingError, ElectionNotFoundError, OpenVoteForbiddenError, WrongStateError)


def _view(picture: ElectionPicture) -> ElectionView:
    record, team = picture.election, picture.election.team
    window_end = picture.check_window_ends_at
    return ElectionView(
        uuid=record.uuid,
        meeting_id=record.meeting_id,
        council_id=record.council_id,
        state=record.state,
        method="secret",
        group=record.group,
        ballot_number=record.ballot_number,
        nominations=record.nominations,
        quorum=record.quorum,
        minimum_ballots=record.minimum_ballots,
        late_issuance=record.late_issuance,
        warnings=tuple(
            msgspec.convert(each, WarningView, from_attributes=True) for each in picture.warnings
        ),
        members=picture.members,
        offline_program_needed=picture.offline_program_needed,
        issued=picture.progress.issued,
        confirmed=picture.progress.confirmed,
        returned=picture.progress.returned,
        announced=record.announced,
        previous=record.previous,
        counting_team=None
        if team is None
        else msgspec.convert(team, CountingTeamView, from_attributes=True),
        phi=record.phi,
        election_code=record.election_code,
        seal_value=record.seal_value,
        seal_code=record.seal_code,
        closed_at=None if record.closed_at is None else instant_text(record.closed_at),
        check_window_ends_at=None if window_end is None else next_instant_text(window_end),
        result=picture.result,
        cancelled=None
        if record.cancelled is None
        else msgspec.convert(record.cancelled, CancellationView, from_attributes=True),
    )


@post(
    "/meetings/{meeting_id:str}/elections",
    summary="Draft an election",
    responses=documented(401, ElectionNotFoundError, MeetingNotFoundError, *NOMINATION_REFUSALS),
)
async def post_election(
    meeting_id: FromPath[Identifier],
    data: JSONBody[ElectionBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ElectionView:
    """
    A secret ballot on a list of nominations, by the secretary.

    With `previous` it is the second ballot on cases of that counted first one.
    """
    account.require_secretary()
    new = NewElection(
        group=data.group,
        nominations=data.nominations,
        quorum=data.quorum,
        minimum_ballots=data.minimum_ballots,
        late_issuance=data.late_issuance,
        previous=data.previous,
    )
    drafted = await draft_election(election, meeting_id, new)
    return _view(await view_election(election, account, drafted.uuid))


@get(
    "/elections/{uuid:str}",
    summary="Read an election",
    responses=documented(401, ElectionNotFoundError, OpenVoteForbiddenError),
)
async def get_election(
    uuid: FromPath[ElectionUuid],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ElectionView:
    """As the reader may see it: the result for tellers when counted, for others when announced."""
    return _view(await view_election(election, account, uuid))


@put(
    "/elections/{uuid:str}/nominations",
    summary="Replace list and quorum",
    responses=documented(401, *ACT_REFUSALS, TellersConflictError, *NOMINATION_REFUSALS),
)
async def put_nominations(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[NominationsBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ElectionView:
    """The list changes in the discussion; it is fixed when ballots are issued."""
    account.require_secretary()
    await change_nominations(election, uuid, data.nominations, data.quorum)
    return _view(await view_election(election, account, uuid))


@put(
    "/elections/{uuid:str}/counting-team",
    summary="Record the counting team",
    responses=documented(
        401,
        *ACT_REFUSALS,
        CountingTeamInvalidError,
        NotAMemberError,
        TellersConflictError,
        TextNotCanonicalError,
    ),
)
async def put_counting_team(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[CountingTeamBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ElectionView:
    """
    The team that the council chose, its head first; the ceremony of the keys begins.

    Another team after this, or a failed ceremony: cancel this election and draft it anew.
    """
    account.require_secretary()
    team = Team(data.members, data.trustee_threshold, data.conflict_reason)
    await record_counting_team(election, uuid, team)
    return _view(await view_election(election, account, uuid))


@post(
    "/elections/{uuid:str}/issue",
    status_code=200,
    summary="Issue the ballots",
    responses=documented(
        401,
        *ACT_REFUSALS,
        AlreadyBallotedError,
        CeremonyIncompleteError,
        DeviceKeySharedError,
        TellersConflictError,
        TextNotCanonicalError,
    ),
)
async def post_issue(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ElectionView:
    """List, rules and team are fixed; members take their ballots."""
    account.require_secretary()
    await issue_ballots(election, uuid)
    return _view(await view_election(election, account, uuid))


@post(
    "/elections/{uuid:str}/start",
    status_code=200,
    summary="Start voting",
    responses=documented(
        401,
        *ACT_REFUSALS,
        *LEADER_REFUSALS,
        NoQuorumError,
        NotConfirmedError,
        TimeInvalidError,
        TooFewBallotsError,
    ),
)
async def post_start(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[TimeBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ElectionView:
    """
    With the quorum met and every trustee's confirmation on the log.

    By the secretary, or by whom the meeting's settings name instead.
    """
    await require_starter(election, account, uuid)
    await start_voting(election, uuid, data.at)
    return _view(await view_election(election, account, uuid))


@post(
    "/elections/{uuid:str}/close",
    status_code=200,
    summary="End voting and seal the box",
    responses=documented(401, *ACT_REFUSALS, *LEADER_REFUSALS, TimeInvalidError),
)
async def post_close(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[TimeBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ElectionView:
    """
    No ballot is taken any more; all enter the log, and the seal code is there to compare.

    By the secretary, or by whom the meeting's settings name instead.
    """
    await require_closer(election, account, uuid)
    await close_voting(election, uuid, data.at)
    return _view(await view_election(election, account, uuid))


@post(
    "/elections/{uuid:str}/cancel",
    status_code=200,
    summary="Cancel an election",
    responses=documented(
        401,
        *ACT_REFUSALS,
        CancellationNotDueError,
        PresidingSignatureInvalidError,
        TextNotCanonicalError,
        TimeInvalidError,
    ),
)
async def post_cancel(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[CancellationBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ElectionView:
    """
    Before the first partial decryption; after closing only for the three checked reasons.

    By the secretary, or after closing by who presides, with the own signature.
    """
    await require_canceller(election, account, uuid, data.reason)
    given = data.presiding_signature
    signature = (
        None
        if given is None
        else SignedCancellation(given.signature, given.authenticator_data, given.client_data)
    )
    new = NewCancellation(data.reason, data.text, data.at, signature)
    await cancel_election(election, uuid, new)
    return _view(await view_election(election, account, uuid))


@get(
    "/elections/{uuid:str}/events",
    summary="Follow an election",
    responses=documented(401, ElectionNotFoundError, OpenVoteForbiddenError),
)
async def get_events(
    uuid: FromPath[ElectionUuid],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> ServerSentEvent:
    """
    Server-sent events `state` at every change, and comments that keep the connection.

    {state, issued, confirmed, returned, announced, contributions}: counts only, never a partial
    result; `contributions` grows with every message of the counting team. The stream ends when
    the election is minuted or cancelled.
    """
    return ServerSentEvent(_messages(await follow_election(election, account, uuid)))


async def _messages(
    events: AsyncIterator[ElectionEvent | None],
) -> AsyncIterator[ServerSentEventMessage]:
    async for event in events:
        if event is None:
            yield ServerSentEventMessage(comment="")
        else:
            data = msgspec.json.encode(event).decode()
            yield ServerSentEventMessage(event="state", data=data, retry=RETRY_MS)


handlers: list[Any] = [
    *meeting_handlers,
    *hall_handlers,
    *(post_election, get_election, put_nominations, put_counting_team),
    *(post_issue, post_start, post_close, post_cancel, get_events),
    *record_handlers,
]
