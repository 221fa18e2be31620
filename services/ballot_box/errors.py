"""What can go wrong at the ballot box, in its own words; none says anything of other ballots."""

from typing import ClassVar

from services.errors import Fault, PartyError


class BoxNotFoundError(PartyError):
    """There is no box of this election, or it is not open yet."""

    name: ClassVar[str] = "box-not-found"
    fault: ClassVar[Fault] = Fault.MISSING


class BoxStateError(PartyError):
    """The box is not accepting ballots, or cannot do this now."""

    name: ClassVar[str] = "wrong-state"
    fault: ClassVar[Fault] = Fault.CONFLICT


class BoxTermsError(PartyError):
    """The box cannot be opened on these terms, or was opened on others."""

    name: ClassVar[str] = "box-terms"
    fault: ClassVar[Fault] = Fault.CONFLICT


class CastWithIdentityError(PartyError):
    """The request carries a cookie or an authorization: it would name its sender."""

    name: ClassVar[str] = "cast-with-identity"
    fault: ClassVar[Fault] = Fault.MALFORMED


class CastEncodedError(PartyError):
    """The request is compressed, or not JSON: compressed lengths tell ballots apart."""

    name: ClassVar[str] = "cast-encoded"
    fault: ClassVar[Fault] = Fault.UNSUPPORTED


class BallotLengthError(PartyError):
    """The body is not of the one length of this election's casting requests."""

    name: ClassVar[str] = "ballot-length"
    fault: ClassVar[Fault] = Fault.INVALID


class BallotNotCanonicalError(PartyError):
    """Body or ballot are not the exact bytes of protocol.md §11."""

    name: ClassVar[str] = "ballot-not-canonical"
    fault: ClassVar[Fault] = Fault.INVALID


class BallotOtherElectionError(PartyError):
    """The ballot is for another election."""

    name: ClassVar[str] = "ballot-other-election"
    fault: ClassVar[Fault] = Fault.INVALID


class TokenInvalidError(PartyError):
    """A token is not signed by its issuer for this election and credential."""

    name: ClassVar[str] = "token-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class TokenSpentError(PartyError):
    """The token's credential has cast another ballot."""

    name: ClassVar[str] = "token-spent"
    fault: ClassVar[Fault] = Fault.CONFLICT


class BallotElementInvalidError(PartyError):
    """An element is not in the group, or is neutral where that is refused."""

    name: ClassVar[str] = "ballot-element-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class BallotScalarInvalidError(PartyError):
    """A scalar is out of range."""

    name: ClassVar[str] = "ballot-scalar-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class BallotProofInvalidError(PartyError):
    """A zero-knowledge proof does not hold."""

    name: ClassVar[str] = "ballot-proof-invalid"
    fault: ClassVar[Fault] = Fault.INVALID


class BallotSignatureInvalidError(PartyError):
    """The ballot's signature does not hold."""

    name: ClassVar[str] = "ballot-signature-invalid"
    fault: ClassVar[Fault] = Fault.INVALID
