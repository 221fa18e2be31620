"""The key ceremony as it stands in a log, in the form that `crypto.ceremony` checks."""

from typing import TypeVar

from crypto.ceremony import Ceremony, Reveal
from crypto.merkle import EMPTY_ROOT
from schemas.entries import (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    TrusteeConfirms,
)
from services.board.model import BoardLog

Step = TypeVar(
    "Step",
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyReveal,
    CeremonyKey,
    TrusteeConfirms,
)


def by_index(log: BoardLog, step: type[Step]) -> tuple[Step, ...]:
    """The entries of one step in order of the trustees; they enter in any order."""
    return tuple(sorted(log.all_of(step), key=lambda entry: entry.index))


def ceremony_of(log: BoardLog, uuid: str, threshold: int) -> Ceremony:
    """The ceremony so far, nothing of it checked; T is that up to the last certificate (§11)."""
    certificates = log.head_after(CeremonyCertificate)
    return Ceremony(
        uuid=uuid,
        threshold=threshold,
        certificates=tuple(each.certificate for each in by_index(log, CeremonyCertificate)),
        certificates_root=EMPTY_ROOT if certificates is None else certificates.root,
        commitments=tuple(each.commitment for each in by_index(log, CeremonyCommitment)),
        reveals=tuple(
            Reveal(each.coefexps, each.signature) for each in by_index(log, CeremonyReveal)
        ),
        keys=tuple(each.verification_key for each in by_index(log, CeremonyKey)),
    )
