"""The end without a result (protocol.md §1, "Cancelled").

Stored steps: begun → on the log (the board erases the ballots with it) → box emptied → issuing
abandoned → cancelled. After closing only three reasons are accepted, and each is checked.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from crypto.device_keys import (
    cancel_message,
    verify_device_signature,
    verify_passkey_assertion,
)
from crypto.errors import CryptoError
from schemas import base64url
from schemas.entries import (
    Cancelled,
    Claim,
    Closed,
    IssuanceKey,
    PartialDecryption,
    PresidingSignature,
)
from schemas.fields import CancellationReason
from schemas.record import ROSTER
from schemas.roster import DeviceKey, Roster
from schemas.terms import Terms
from services.ballot_box.closing import empty_box
from services.board.errors import BoardMovedError, EntryRefusedError
from services.board.log import append, read_file, read_log
from services.board.model import BoardLog
from services.election.errors import (
    CancellationNotDueError,
    PresidingSignatureInvalidError,
    WrongStateError,
)
from services.election.life import (
    begin_act,
    check_state,
    finish_act,
    give_up_act,
    read_step,
    resume_pending,
)
from services.election.model import ISSUED, Act, Cancellation, ElectionRecord, State
from services.election.party import Election
from services.election.reading import read_election
from services.election.texts import check_texts, instant_of
from services.registrar.issuing import abandon_issuing

ACT: Final[Act] = "cancel"
BEFORE_CLOSING: Final[frozenset[State]] = frozenset({"draft", "ceremony", "issuing", "voting"})
CANCELLABLE: Final[frozenset[State]] = BEFORE_CLOSING | {"closed"}
REASONS_BEFORE_CLOSING: Final = frozenset({"council_decision", "trustees_unavailable"})
MAX_ATTEMPTS: Final = 5


@dataclass(frozen=True)
class SignedCancellation:
    """What the presiding officer's device made over `cancel` (§11): raw bytes, b64u."""

    signature: str
    authenticator_data: str | None = None
    client_data: str | None = None


@dataclass(frozen=True)
class NewCancellation:
    """What the secretary says of a cancellation; `text` goes into log and minute."""

    reason: CancellationReason
    text: str
    at: str | None = None
    presiding_signature: SignedCancellation | None = None


async def cancel_election(election: Election, uuid: str, new: NewCancellation) -> ElectionRecord:
    """
    Cancel an election before the first partial decryption.

    Raises WrongStateError, ActPendingError, CancellationNotDueError,
    PresidingSignatureInvalidError, TimeInvalidError, TextNotCanonicalError.
    """
    record = await read_election(election, uuid)
    begun: bytes | None = None
    if record.pending != ACT:
        check_state(record, CANCELLABLE)
        check_texts((new.text,))
        begun = msgspec.json.encode(await _check_due(election, record, new))
    await begin_act(election, uuid, ACT, CANCELLABLE, begun)
    await _continue(election, uuid)
    ended = await read_election(election, uuid)
    if ended.state != "cancelled":
        raise WrongStateError(state=ended.state)
    return ended


async def resume_all(election: Election) -> None:
    """Finish every cancellation that a crash interrupted."""
    await resume_pending(election, ACT, _continue)


async def _check_due(election: Election, record: ElectionRecord, new: NewCancellation) -> Cancelled:
    """The entry, if its reason holds now."""
    signature = None
    if record.state in BEFORE_CLOSING:
        if new.reason not in REASONS_BEFORE_CLOSING:
            raise CancellationNotDueError
    else:
        log = await read_log(election.board, record.uuid)
        if log.first_of(PartialDecryption) is not None:
            raise WrongStateError(state="counted")
        _check_reason_after_closing(log, record, new.reason)
        if new.reason == "trustees_unavailable":
            signature = await _check_signature(election, record, log, new)
    return Cancelled(
        at=instant_of(new.at, election.clock),
        reason=new.reason,
        text=new.text,
        presiding_signature=signature,
    )


def _check_reason_after_closing(
    log: BoardLog, record: ElectionRecord, reason: CancellationReason
) -> None:
    closed, claim = log.first_of(Closed), log.first_of(Claim)
    if closed is None:
        raise AssertionError("a closed election has its entry on the log")
    is_due = {
        "council_decision": False,
        "too_few_ballots": claim is None
        and min(closed.returned, closed.issued) < record.minimum_ballots,
        "promised_ballot_missing": claim is not None,
        "trustees_unavailable": claim is None,
    }
    if not is_due[reason]:
        raise CancellationNotDueError


async def _check_signature(
    election: Election, record: ElectionRecord, log: BoardLog, new: NewCancellation
) -> PresidingSignature:
    """Who presides by `terms` signs reason and text with the key on the roster (protocol.md §1)."""
    terms = log.first_of(Terms)
    if terms is None or record.phi is None or new.presiding_signature is None:
        raise PresidingSignatureInvalidError
    roster = msgspec.json.decode(await read_file(election.board, record.uuid, ROSTER), type=Roster)
    member = terms.meeting.presiding
    key = next((each.key for each in roster.members if each.no == member), None)
    if key is None:
        raise PresidingSignatureInvalidError
    signed = cancel_message(record.phi, member, new.reason, new.text)
    _verify(key, signed, new.presiding_signature, terms)
    return PresidingSignature(
        member=member,
        key=IssuanceKey(kind=key.kind, spki=key.spki),
        signature=new.presiding_signature.signature,
        authenticator_data=new.presiding_signature.authenticator_data,
        client_data=new.presiding_signature.client_data,
    )


def _verify(key: DeviceKey, signed: bytes, given: SignedCancellation, terms: Terms) -> None:
    has_assertion = given.authenticator_data is not None and given.client_data is not None
    has_nothing = given.authenticator_data is None and given.client_data is None
    try:
        spki, signature = base64url.decode(key.spki), base64url.decode(given.signature)
        if key.kind != "passkey" and has_nothing:
            verify_device_signature(spki, signed, signature)
        elif key.kind == "passkey" and has_assertion:
            verify_passkey_assertion(
                spki,
                signed,
                signature,
                base64url.decode(given.authenticator_data or ""),
                base64url.decode(given.client_data or ""),
                terms.rp_id,
                terms.origins,
            )
        else:
            raise PresidingSignatureInvalidError
    except (CryptoError, base64url.Base64urlError):
        raise PresidingSignatureInvalidError from None


async def _continue(election: Election, uuid: str) -> None:
    record = await read_election(election, uuid)
    if record.pending != ACT:
        return
    facts = await read_step(election, uuid, ACT, "begun")
    entry = msgspec.json.decode(facts or b"", type=Cancelled)
    # A draft has no log yet; from the counting team on the log says how the election ended.
    if record.state != "draft" and not await _enter(election, uuid, entry):
        await give_up_act(election, uuid, ACT)
        return
    if record.state in ISSUED:
        await empty_box(election.ballot_box, uuid)
        await abandon_issuing(election.registrar, uuid)
    ended = Cancellation(at=entry.at, reason=entry.reason, text=entry.text)
    await finish_act(election, uuid, ACT, "cancelled", {"cancelled": msgspec.to_builtins(ended)})


async def _enter(election: Election, uuid: str, entry: Cancelled) -> bool:
    """
    Enter the cancellation; False when the log has gone on so that it may not follow any more.

    A claim or a partial decryption can come between our check and this.
    """
    for _ in range(MAX_ATTEMPTS):
        log = await read_log(election.board, uuid)
        if log.first_of(Cancelled) is not None:
            return True
        try:
            # The end is under a checkpoint too: else anybody could end a copy of the record so.
            await append(election.board, uuid, log.head.size, [entry], "result")
        except BoardMovedError:
            continue
        except EntryRefusedError:
            return False
        return True
    return False
