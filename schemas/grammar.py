"""The grammar of an election's log: which entry may follow which (protocol.md §7, check V0)."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final, TypeAlias

import msgspec

from schemas.entries import (
    BallotEntry,
    Cancelled,
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    Claim,
    Closed,
    ElectionEntry,
    Entry,
    Issuance,
    MinuteEntry,
    PartialDecryption,
    Result,
    TrusteeConfirms,
    VotingOpened,
)
from schemas.fields import Hash
from schemas.terms import Terms


class Withheld(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Stands for a ballot of an election that was cancelled after closing (protocol.md §1)."""

    withheld: Hash


RecordedEntry: TypeAlias = Entry | Withheld


class Phase(IntEnum):
    """How far a log has come; entries of a phase never come after those of a later one."""

    CERTIFICATES = 1
    COMMITMENTS = 2
    REVEALS = 3
    KEYS = 4
    TERMS = 5
    ELECTION = 6
    CONFIRMATIONS = 7
    VOTING = 8
    ISSUANCES = 9
    BALLOTS = 10
    CLOSED = 11
    CLAIMS = 12
    DECRYPTION = 13
    RESULT = 14
    MINUTES = 15
    CANCELLED = 16


_PHASE_OF: Final[dict[type, Phase]] = {
    CeremonyCertificate: Phase.CERTIFICATES,
    CeremonyCommitment: Phase.COMMITMENTS,
    CeremonyReveal: Phase.REVEALS,
    CeremonyKey: Phase.KEYS,
    Terms: Phase.TERMS,
    ElectionEntry: Phase.ELECTION,
    TrusteeConfirms: Phase.CONFIRMATIONS,
    VotingOpened: Phase.VOTING,
    Issuance: Phase.ISSUANCES,
    BallotEntry: Phase.BALLOTS,
    Withheld: Phase.BALLOTS,
    Closed: Phase.CLOSED,
    Claim: Phase.CLAIMS,
    PartialDecryption: Phase.DECRYPTION,
    Result: Phase.RESULT,
    MinuteEntry: Phase.MINUTES,
    Cancelled: Phase.CANCELLED,
}
# Phases that an entry of the next one presupposes; the others may be empty.
_DUE_BEFORE: Final[dict[Phase, Phase]] = {
    Phase.COMMITMENTS: Phase.CERTIFICATES,
    Phase.REVEALS: Phase.COMMITMENTS,
    Phase.KEYS: Phase.REVEALS,
    Phase.TERMS: Phase.KEYS,
    Phase.ELECTION: Phase.TERMS,
    Phase.CONFIRMATIONS: Phase.ELECTION,
    Phase.VOTING: Phase.CONFIRMATIONS,
    Phase.ISSUANCES: Phase.VOTING,
    Phase.BALLOTS: Phase.ISSUANCES,
    Phase.CLOSED: Phase.VOTING,
    Phase.CLAIMS: Phase.CLOSED,
    Phase.DECRYPTION: Phase.CLOSED,
    Phase.RESULT: Phase.DECRYPTION,
    Phase.MINUTES: Phase.RESULT,
}
_ONCE: Final = frozenset(
    {Phase.TERMS, Phase.ELECTION, Phase.VOTING, Phase.CLOSED, Phase.RESULT, Phase.CANCELLED}
)
_ONE_A_TRUSTEE: Final = (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyReveal,
    CeremonyKey,
    TrusteeConfirms,
    PartialDecryption,
)
_AFTER_CLOSING: Final = frozenset(
    {"too_few_ballots", "promised_ballot_missing", "trustees_unavailable"}
)


_ONLY_AFTER_CLOSING: Final = frozenset({"too_few_ballots", "promised_ballot_missing"})


class GrammarError(ValueError):
    """An entry stands where the grammar has no place for it."""


class LogGrammar:
    """Accepts the entries of one log, one after the other, in time linear in their number."""

    def __init__(self) -> None:
        self._seen: set[Phase] = set()
        self._by_trustee: set[tuple[type, int]] = set()
        self._withheld = self._ballots = 0

    @property
    def phase(self) -> Phase:
        """How far the log has come; CERTIFICATES for an empty one."""
        return max(self._seen, default=Phase.CERTIFICATES)

    def accept(self, entry: RecordedEntry) -> None:
        """Take `entry` as the next one; raises GrammarError if it may not follow."""
        name, phase = type(entry).__name__, _PHASE_OF[type(entry)]
        if Phase.CANCELLED in self._seen:
            raise GrammarError(f"{name} after the end of a cancelled election")
        if phase < self.phase:
            raise GrammarError(f"{name} after entries of the phase {self.phase.name.lower()}")
        if phase in _ONCE and phase in self._seen:
            raise GrammarError(f"a second {name}")
        if (due := _DUE_BEFORE.get(phase)) is not None and due not in self._seen:
            raise GrammarError(f"{name} before any entry of the phase {due.name.lower()}")
        if Phase.CLAIMS in self._seen and phase not in (Phase.CLAIMS, Phase.CANCELLED):
            raise GrammarError(f"{name} after a claim: only a cancellation may follow")
        if isinstance(entry, _ONE_A_TRUSTEE):
            self._accept_once_a_trustee(name, (type(entry), entry.index))
        if isinstance(entry, Cancelled):
            self._check_cancellation(entry)
        self._withheld += isinstance(entry, Withheld)
        self._ballots += isinstance(entry, BallotEntry)
        self._seen.add(phase)

    def finish(self) -> None:
        """Check what only a whole log shows: ballots are withheld if, and only if, cancelled."""
        is_cancelled = Phase.CANCELLED in self._seen
        if self._withheld and not is_cancelled:
            raise GrammarError("withheld ballots in an election that was not cancelled")
        if self._ballots and is_cancelled:
            raise GrammarError("ballots of a cancelled election are not withheld")

    def _accept_once_a_trustee(self, name: str, contribution: tuple[type, int]) -> None:
        if contribution in self._by_trustee:
            raise GrammarError(f"a second {name} of trustee {contribution[1]}")
        self._by_trustee.add(contribution)

    def _check_cancellation(self, entry: Cancelled) -> None:
        if Phase.DECRYPTION in self._seen:
            raise GrammarError("cancelled after the first partial decryption")
        if Phase.CLOSED in self._seen and entry.reason not in _AFTER_CLOSING:
            raise GrammarError(f"cancelled after closing because of {entry.reason}")
        if Phase.CLOSED not in self._seen and entry.reason in _ONLY_AFTER_CLOSING:
            raise GrammarError(f"cancelled before closing because of {entry.reason}")
        has_claim = Phase.CLAIMS in self._seen
        if has_claim != (entry.reason == "promised_ballot_missing"):
            raise GrammarError("a claim and promised_ballot_missing go together")


def check_grammar(entries: Iterable[RecordedEntry]) -> Phase:
    """
    Check a whole log, or one as it stands at a checkpoint; returns the phase that it has come to.

    Raises GrammarError with the position of the entry that does not fit (V0).
    """
    grammar = LogGrammar()
    for position, entry in enumerate(entries):
        try:
            grammar.accept(entry)
        except GrammarError as error:
            raise GrammarError(f"entry {position}: {error}") from error
    grammar.finish()
    return grammar.phase
