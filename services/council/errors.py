"""What can go wrong with councils, invitations and logins."""

from services.errors import Fault, PartyError


class CouncilNotFoundError(PartyError):
    name = "council-not-found"
    fault = Fault.MISSING


class MemberNotFoundError(PartyError):
    """`no` is the number that no member of the council has."""

    name = "member-not-found"
    fault = Fault.MISSING


class MemberNumbersError(PartyError):
    """Two members were given the same number."""

    name = "member-numbers-not-distinct"
    fault = Fault.INVALID


class NameNotCanonicalError(PartyError):
    """A name has control characters, or letters that are not in Unicode form NFC (§11 "JSON")."""

    name = "name-not-canonical"
    fault = Fault.INVALID


class InvitationUnknownError(PartyError):
    """No such code, or a newer invitation has taken its place."""

    name = "invitation-unknown"
    fault = Fault.MISSING


class InvitationUsedError(PartyError):
    """Another device was enrolled with this code."""

    name = "invitation-used"
    fault = Fault.CONFLICT


class InvitationExpiredError(PartyError):
    name = "invitation-expired"
    fault = Fault.CONFLICT


class DeviceKeyInvalidError(PartyError):
    """Not the fixed form of a P-256 key (protocol.md §11)."""

    name = "device-key-invalid"
    fault = Fault.INVALID


class DeviceKeyTakenError(PartyError):
    """The key is another person's: all keys of a roster are distinct (protocol.md §4)."""

    name = "device-key-taken"
    fault = Fault.CONFLICT


class LoginNonceUnknownError(PartyError):
    """Never given, used before, or too old."""

    name = "login-nonce-unknown"
    fault = Fault.NO_LOGIN


class DeviceReplacedError(PartyError):
    """The key was its owner's until another device was enrolled in its place."""

    name = "device-replaced"
    fault = Fault.NO_LOGIN


class AccountNotFoundError(PartyError):
    """No such auditor of this council, or no such secretary."""

    name = "account-not-found"
    fault = Fault.MISSING


class LoginRefusedError(PartyError):
    """Unknown key or wrong signature: one answer for both, so that keys cannot be probed."""

    name = "login-refused"
    fault = Fault.NO_LOGIN
