"""What can go wrong with attendance and issuing, in the registrar's words."""

from typing import ClassVar

from services.errors import Fault, PartyError


class AttendanceNotFoundError(PartyError):
    """No attendance is kept for this meeting."""

    name: ClassVar[str] = "attendance-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class NotOnRosterError(PartyError):
    """The meeting's council has no member of this number; `member` is the number."""

    name: ClassVar[str] = "not-on-roster"
    fault: ClassVar[Fault] = Fault.MISSING


class AttendanceTimesError(PartyError):
    """A time of coming or leaving does not exist, is out of order, or belongs to nobody present."""

    name: ClassVar[str] = "attendance-times-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class ReasonNotCanonicalError(PartyError):
    """The reason could not stand in the record: not NFC, or with control characters (§11)."""

    name: ClassVar[str] = "text-not-canonical"
    fault: ClassVar[Fault] = Fault.INVALID


class HoldsBallotError(PartyError):
    """The member has taken a ballot and so cannot be absent; the time of leaving can be noted."""

    name: ClassVar[str] = "holds-ballot"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CheckInNonceError(PartyError):
    """The nonce was not given to this member for this meeting, or has expired or been used."""

    name: ClassVar[str] = "checkin-nonce-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class CheckInSignatureError(PartyError):
    """The check-in is not signed by the member's own device."""

    name: ClassVar[str] = "checkin-signature-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class IssuingNotFoundError(PartyError):
    """No ballots are issued for this election."""

    name: ClassVar[str] = "issuing-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class IssuingStateError(PartyError):
    """Ballots are not issued now, or this cannot be done now; `state` is where issuing is."""

    name: ClassVar[str] = "wrong-state"
    fault: ClassVar[Fault] = Fault.CONFLICT


class IssuingTermsError(PartyError):
    """Issuing was opened on other terms, or these terms have a device key twice or misspelled."""

    name: ClassVar[str] = "issuing-terms"
    fault: ClassVar[Fault] = Fault.CONFLICT


class NotEntitledError(PartyError):
    """The member has no key on the roster, or an attendance that entitles to no ballot."""

    name: ClassVar[str] = "not-entitled"
    fault: ClassVar[Fault] = Fault.FORBIDDEN


class IssuanceOtherKeyError(PartyError):
    """The request is signed by another member's device."""

    name: ClassVar[str] = "issuance-other-key"
    fault: ClassVar[Fault] = Fault.FORBIDDEN


class IssuanceSignatureInvalidError(PartyError):
    """The request is not signed by the member's device key over exactly this request."""

    name: ClassVar[str] = "issuance-signature-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class BlindedMessageInvalidError(PartyError):
    """A blinded message is not 384 bytes within the range of the token key, one an issuer."""

    name: ClassVar[str] = "blinded-message-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class AlreadyIssuedError(PartyError):
    """The member has taken a ballot with another blinded message."""

    name: ClassVar[str] = "already-issued"
    fault: ClassVar[Fault] = Fault.CONFLICT


class IssuanceNotFoundError(PartyError):
    """The member has taken no ballot, so has nothing to confirm."""

    name: ClassVar[str] = "issuance-not-found"
    fault: ClassVar[Fault] = Fault.MISSING
