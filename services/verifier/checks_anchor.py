"""V20: what ties the file to a meeting that people saw (protocol.md §7, §9)."""

from dataclasses import dataclass
from typing import Final

from crypto.codes import election_code, read_code, seal_code_of_note
from crypto.errors import CryptoError, MalformedError
from services.verifier.report import CheckFailedError, NotApplicableError

UNANCHORED: Final = "consistent, but not shown to be this meeting's"


@dataclass(frozen=True)
class Anchors:
    """
    What the reader brought from outside.

    `code`: an election or seal code as typed. `trust`: PEM bytes of certificates by which the
    signers of papers are judged. `strict`: an anchor is required.
    """

    code: str | None = None
    trust: bytes | None = None
    strict: bool = False
    shows_codes: bool = True


@dataclass(frozen=True)
class Anchored:
    """What of the input an anchor can match; `signers` as V18 judged them, None without papers."""

    phi: str | None
    closing_note: str | None
    signers_trusted: bool | None = None
    receipt_code: str | None = None


def check_anchor(anchors: Anchors, anchored: Anchored) -> str:
    """
    V20: the code or certificates that the reader gave match; without any, not applicable.

    Under `strict` a missing anchor fails.
    """
    matched = []
    if anchors.code is not None:
        matched.append(_match_code(anchors.code, anchored))
    if anchors.trust is not None and anchored.signers_trusted is not None:
        if not anchored.signers_trusted:
            raise CheckFailedError("a signer's certificate is not of the issuers given (V18)")
        matched.append("the signers' certificates are of the issuers given")
    if matched:
        return "; ".join(matched)
    reason = UNANCHORED
    if anchors.shows_codes and (codes := _own_codes(anchored)):
        reason += f"; compare {codes} with what was shown there"
    if anchors.strict:
        raise CheckFailedError(reason)
    raise NotApplicableError(reason)


def _match_code(typed: str, anchored: Anchored) -> str:
    try:
        code = read_code(typed)
    except MalformedError as error:
        raise CheckFailedError(f"the code given: {error}") from error
    if anchored.phi is not None and election_code(anchored.phi) == code:
        return f"the code given is the election code {code}"
    if _seal_code(anchored.closing_note) == code:
        return f"the code given is the seal code {code}"
    if anchored.receipt_code == code:
        return f"the code given is the receipt code {code}"
    raise CheckFailedError(f"the code given, {code}, is not of this election")


def _own_codes(anchored: Anchored) -> str:
    codes = []
    if anchored.phi is not None:
        codes.append(f"election code {election_code(anchored.phi)}")
    if (seal := _seal_code(anchored.closing_note)) is not None:
        codes.append(f"seal code {seal}")
    if anchored.receipt_code is not None:
        codes.append(f"receipt code {anchored.receipt_code}")
    return ", ".join(codes)


def _seal_code(closing_note: str | None) -> str | None:
    if closing_note is None:
        return None
    try:
        return seal_code_of_note(closing_note)
    except CryptoError:
        return None
