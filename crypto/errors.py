"""What can be wrong with bytes from outside, in the words of the protocol.

Messages are constant texts and public numbers: no secret and no input is ever put into one.
"""

from collections.abc import Sequence


class CryptoError(Exception):
    """Something was refused; every error of this library derives from it."""


class MalformedError(CryptoError):
    """Not of the exact form: JSON, encoding, number syntax, length."""


class MembershipError(CryptoError):
    """An element is not in the group of prime order, or is neutral where that is refused."""


class ScalarRangeError(CryptoError):
    """A scalar is not in 0 <= n < q."""


class ProofError(CryptoError):
    """A zero-knowledge proof does not hold."""


class SignatureError(CryptoError):
    """A signature does not hold."""


class TokenError(CryptoError):
    """A ballot token, or a step of its blind signing, is not valid."""


class InclusionProofError(CryptoError):
    """A leaf is not shown to be in the tree."""


class ConsistencyProofError(CryptoError):
    """A tree is not shown to be a prefix of another."""


class NoteError(CryptoError):
    """A signed note, checkpoint, promise or log proof is not of the exact form."""


class ArchiveError(CryptoError):
    """A Belenios archive is not of the exact form."""


class ElectionMismatchError(CryptoError):
    """The object belongs to another election."""


class TrusteeError(CryptoError):
    """A contribution of a trustee is refused; `trustee` is the sender's index, from 1."""

    def __init__(self, trustee: int, reason: str) -> None:
        super().__init__(trustee, reason)
        self.trustee = trustee
        self.reason = reason

    def __str__(self) -> str:
        return f"trustee {self.trustee}: {self.reason}"


class PartialDecryptionError(TrusteeError):
    """A partial decryption is refused; `trustee` made it."""


class ThresholdError(CryptoError):
    """Partial decryptions are too few or disagree; `trustees` is the set in question."""

    def __init__(self, trustees: Sequence[int], reason: str) -> None:
        super().__init__(tuple(trustees), reason)
        self.trustees = tuple(trustees)
        self.reason = reason

    def __str__(self) -> str:
        return f"trustees {', '.join(map(str, self.trustees))}: {self.reason}"
