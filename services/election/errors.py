"""What can go wrong with meetings and elections, in the protocol's words."""

from typing import ClassVar

from services.errors import Fault, PartyError


class OpenVoteForbiddenError(PartyError):
    """A request asks for another method than the secret ballot (protocol.md §2)."""

    name: ClassVar[str] = "open-vote-forbidden"
    fault: ClassVar[Fault] = Fault.INVALID


class MeetingNotFoundError(PartyError):
    """There is no meeting of this id."""

    name: ClassVar[str] = "meeting-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class ElectionNotFoundError(PartyError):
    """There is no election of this uuid."""

    name: ClassVar[str] = "election-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class WrongStateError(PartyError):
    """The election is not in a state in which this may be done; `state` is where it is."""

    name: ClassVar[str] = "wrong-state"
    fault: ClassVar[Fault] = Fault.CONFLICT


class ActPendingError(PartyError):
    """Another act on this election has begun and is not finished; `act` is which."""

    name: ClassVar[str] = "act-pending"
    fault: ClassVar[Fault] = Fault.CONFLICT


class ReservedForSecretaryError(PartyError):
    """By the meeting's settings the secretary does this."""

    name: ClassVar[str] = "reserved-for-secretary"
    fault: ClassVar[Fault] = Fault.FORBIDDEN


class ReservedForPresidingError(PartyError):
    """By the meeting's settings the presiding officer, `name`, does this."""

    name: ClassVar[str] = "reserved-for-presiding"
    fault: ClassVar[Fault] = Fault.FORBIDDEN


class ReservedForHeadTellerError(PartyError):
    """By the meeting's settings the head teller, `name`, does this."""

    name: ClassVar[str] = "reserved-for-head-teller"
    fault: ClassVar[Fault] = Fault.FORBIDDEN


class ElectionUnderWayError(PartyError):
    """Ballots are out or in the sealed box: officers stay, and the meeting cannot end."""

    name: ClassVar[str] = "election-under-way"
    fault: ClassVar[Fault] = Fault.CONFLICT


class MeetingOverError(PartyError):
    """The meeting was ended, or its day is long past: it gets no hall screen any more."""

    name: ClassVar[str] = "meeting-over"
    fault: ClassVar[Fault] = Fault.CONFLICT


class HallLinkEndedError(PartyError):
    """No hall screen has this code: never, not any more, or a newer link took its place."""

    name: ClassVar[str] = "hall-link-ended"
    fault: ClassVar[Fault] = Fault.MISSING


class NotAMemberError(PartyError):
    """Somebody named is not a member of the council; `no` is the number."""

    name: ClassVar[str] = "not-a-member"
    fault: ClassVar[Fault] = Fault.INVALID


class TimeInvalidError(PartyError):
    """A time does not exist, or lies before the act that comes before it."""

    name: ClassVar[str] = "time-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class TextNotCanonicalError(PartyError):
    """A text could not stand in the record: not NFC, or with control characters (§11 "JSON")."""

    name: ClassVar[str] = "text-not-canonical"
    fault: ClassVar[Fault] = Fault.INVALID


class NominationsInvalidError(PartyError):
    """The list is not numbered 1, 2, 3 … or names a case twice; `no` is the first of the fault."""

    name: ClassVar[str] = "nominations-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class NominationsTooLongError(PartyError):
    """The questions together are longer than an election on the log may be."""

    name: ClassVar[str] = "nominations-too-long"
    fault: ClassVar[Fault] = Fault.INVALID


class SecondBallotInvalidError(PartyError):
    """A second ballot is on cases of one counted first ballot of the same meeting (§1)."""

    name: ClassVar[str] = "second-ballot-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class AlreadyBallotedError(PartyError):
    """A case was voted on in this meeting: again only as its second ballot; `no` is the case."""

    name: ClassVar[str] = "already-balloted"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CountingTeamInvalidError(PartyError):
    """The team names somebody twice, or its threshold is not over half and at most all."""

    name: ClassVar[str] = "counting-team-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class TellersConflictError(PartyError):
    """A teller is on the list and no reason is given; `name` is who."""

    name: ClassVar[str] = "tellers-conflict"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CeremonyIncompleteError(PartyError):
    """Not every trustee has its key on the log; `keys` of `trustees` are."""

    name: ClassVar[str] = "ceremony-incomplete"
    fault: ClassVar[Fault] = Fault.CONFLICT


class DeviceKeySharedError(PartyError):
    """Two members of the roster have one device key; one of them must enrol again."""

    name: ClassVar[str] = "device-key-shared"
    fault: ClassVar[Fault] = Fault.CONFLICT


class NotConfirmedError(PartyError):
    """Not every trustee has confirmed the election; `confirmed` of `trustees` have."""

    name: ClassVar[str] = "not-confirmed"
    fault: ClassVar[Fault] = Fault.CONFLICT


class NoQuorumError(PartyError):
    """Fewer members are present or online than the quorum needs (words.md §2)."""

    name: ClassVar[str] = "no-quorum"
    fault: ClassVar[Fault] = Fault.CONFLICT


class TooFewBallotsError(PartyError):
    """`b` ballots are under the minimum `min` (protocol.md §8, words.md §2)."""

    name: ClassVar[str] = "too-few-ballots"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CancellationNotDueError(PartyError):
    """After closing only three reasons cancel an election, and this one does not hold (§1)."""

    name: ClassVar[str] = "cancellation-not-due"
    fault: ClassVar[Fault] = Fault.CONFLICT


class PresidingSignatureInvalidError(PartyError):
    """The presiding officer's signature over the cancellation is missing or wrong (§1)."""

    name: ClassVar[str] = "presiding-signature-invalid"
    fault: ClassVar[Fault] = Fault.INVALID
