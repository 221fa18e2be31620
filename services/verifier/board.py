"""What a teller's device checks of the whole board before it opens the sum (protocol.md §3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.checkpoints import parse_checkpoint_text, parse_note
from crypto.elections import Election
from crypto.errors import CryptoError
from crypto.groups import Element
from crypto.tally import EncryptedTally
from crypto.trustee_verification import public_share
from services.verifier.checks_election import team_of
from services.verifier.checks_tally import tally_of
from services.verifier.evidence import board_evidence
from services.verifier.report import CheckResult, run_check
from services.verifier.verify_record import RecordChecks


@dataclass(frozen=True)
class DownloadedBoard:
    """The board as it stands at closing: exact bytes of all entries, two notes, two files."""

    entries: Sequence[bytes]
    opening_note: str
    closing_note: str
    roster: bytes
    attendance: bytes


@dataclass(frozen=True)
class BoardToOpen:
    """
    A board that holds in all of V0 to V12, and the sum to open.

    `public_keys[i]` is the key X of trustee i + 1, recomputed from the commitments; `leaves` are
    all leaf hashes. `minimum_ballots` has not been compared: the caller refuses too few.
    """

    election: Election
    tally: EncryptedTally
    closing_root: bytes
    public_keys: tuple[Element, ...]
    leaves: tuple[bytes, ...]
    ballots: int
    issuances: int
    minimum_ballots: int


class BoardRefusedError(CryptoError):
    """A check of the board fails, or could not be made; nothing may be opened."""

    def __init__(self, refused: Sequence[CheckResult]) -> None:
        super().__init__("; ".join(f"{check.id}: {check.detail}" for check in refused))
        self.refused = tuple(check.id for check in refused)


def verify_board_for_opening(board: DownloadedBoard, processes: int | None = None) -> BoardToOpen:
    """
    Check V0 to V12 of a board that ends at its closing: no claim, no cancellation, no decryption.

    Every check must hold; one that does not apply refuses the board as well. Raises
    BoardRefusedError.
    """
    notes = {"opening": board.opening_note, "closing": board.closing_note}
    evidence = board_evidence(board.entries, notes, board.roster, board.attendance)
    checks = RecordChecks(evidence, processes)
    results = [run_check(check_id, check) for check_id, check in checks.of_the_board.items()]
    refused = [check for check in results if check.status != "holds"]
    if refused:
        raise BoardRefusedError(refused)
    group, team = evidence.election.group, team_of(evidence)
    return BoardToOpen(
        election=evidence.election,
        tally=tally_of(checks.judgement),
        closing_root=parse_checkpoint_text(parse_note(board.closing_note).text).head.root,
        public_keys=tuple(
            public_share(group, team.coefficients, index)
            for index in range(1, len(team.certificates) + 1)
        ),
        leaves=evidence.leaves,
        ballots=len(evidence.ballots),
        issuances=len(evidence.issuances),
        minimum_ballots=evidence.terms.minimum_ballots,
    )
