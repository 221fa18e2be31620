"""What can go wrong in ceremony and opening; names the trustee at fault."""

from typing import ClassVar

from services.errors import Fault, PartyError


class ContributionInvalidError(PartyError):
    """A contribution to the ceremony is refused; `trustee` sent it, `name` is who that is."""

    name: ClassVar[str] = "contribution-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class PartialDecryptionInvalidError(PartyError):
    """A partial decryption is refused before it is entered; `trustee` sent it (protocol.md §3)."""

    name: ClassVar[str] = "partial-decryption-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class ContributionMadeError(PartyError):
    """The trustee has already sent another contribution of this kind; the first one stands."""

    name: ClassVar[str] = "contribution-made"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CeremonyStepNotDueError(PartyError):
    """Not every trustee has taken the step before; `done` of `trustees` have."""

    name: ClassVar[str] = "ceremony-step-not-due"
    fault: ClassVar[Fault] = Fault.CONFLICT


class SealedSharesErasedError(PartyError):
    """All have confirmed, so the service has erased the sealed shares that it carried."""

    name: ClassVar[str] = "sealed-shares-erased"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CheckWindowError(PartyError):
    """The check window after closing is not over; `seconds` are left (protocol.md §8)."""

    name: ClassVar[str] = "check-window"
    fault: ClassVar[Fault] = Fault.CONFLICT


class ClaimStandsError(PartyError):
    """A promised ballot is missing: the sum is not opened (protocol.md §7)."""

    name: ClassVar[str] = "claim-stands"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CountDisagreesError(PartyError):
    """Valid partial decryptions do not give one sum; `trustees` are the set (protocol.md §3)."""

    name: ClassVar[str] = "count-disagrees"
    fault: ClassVar[Fault] = Fault.CONFLICT


class ResultNotOpenError(PartyError):
    """The sum has not been opened."""

    name: ClassVar[str] = "result-not-open"
    fault: ClassVar[Fault] = Fault.MISSING
