"""Which entry may follow which: a whole log passes, and each fault has its own refusal."""

from typing import Any

import pytest

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
    Issuance,
    MinuteEntry,
    PartialDecryption,
    Result,
    TrusteeConfirms,
    VotingOpened,
)
from schemas.grammar import GrammarError, LogGrammar, Phase, RecordedEntry, Withheld, check_grammar
from schemas.terms import Terms


def bare(kind: Any, **fields: Any) -> Any:
    """An entry of that type without its content, which the grammar never looks at."""
    return kind(**(dict.fromkeys(kind.__struct_fields__) | fields))


def ceremony() -> list[RecordedEntry]:
    kinds = (CeremonyCertificate, CeremonyCommitment, CeremonyReveal, CeremonyKey)
    return [bare(kind, index=index) for kind in kinds for index in (2, 1, 3)]


def confirmed() -> list[RecordedEntry]:
    confirmations = [bare(TrusteeConfirms, index=index) for index in (3, 1, 2)]
    return [*ceremony(), bare(Terms), bare(ElectionEntry), *confirmations]


def closed(ballots: int = 2) -> list[RecordedEntry]:
    return [
        *confirmed(),
        bare(VotingOpened),
        *(bare(Issuance) for _ in range(ballots)),
        *(bare(BallotEntry) for _ in range(ballots)),
        bare(Closed),
    ]


def whole() -> list[RecordedEntry]:
    partial = [bare(PartialDecryption, index=index) for index in (1, 3)]
    return [*closed(), *partial, bare(Result), bare(MinuteEntry), bare(MinuteEntry)]


def cancelled(reason: str) -> Cancelled:
    return Cancelled(at="2026-12-15T09:00:00+07:00", reason=reason, text="x")  # type: ignore[arg-type]


def test_a_whole_log_follows_the_grammar() -> None:
    """Ceremony, terms, voting, sealed box, opened sum, papers."""
    assert check_grammar(whole()) is Phase.MINUTES


@pytest.mark.parametrize("length", range(len(closed(2)) + 1))
def test_every_prefix_of_a_log_follows_the_grammar(length: int) -> None:
    """A log is checked at every checkpoint, not only at its end."""
    check_grammar(whole()[:length])


def test_an_empty_log_is_at_its_beginning() -> None:
    """Nothing has been said yet."""
    assert LogGrammar().phase is Phase.CERTIFICATES


@pytest.mark.parametrize("position", range(len(ceremony()) // 4, len(whole())))
def test_an_entry_that_is_moved_to_the_front_is_refused(position: int) -> None:
    """Order is meaning."""
    entries = whole()
    with pytest.raises(GrammarError):
        check_grammar([entries[position], *entries[:position], *entries[position + 1 :]])


@pytest.mark.parametrize("kind", [Terms, ElectionEntry, VotingOpened, Closed, Result])
def test_a_second_one_of_what_is_due_once_is_refused(kind: type) -> None:
    """One of each where one is due."""
    entries = whole()
    position = next(i for i, entry in enumerate(entries) if type(entry) is kind)
    with pytest.raises(GrammarError, match=f"a second {kind.__name__}"):
        check_grammar([*entries[: position + 1], entries[position], *entries[position + 1 :]])


@pytest.mark.parametrize(
    "kind",
    [
        CeremonyCertificate,
        CeremonyCommitment,
        CeremonyReveal,
        CeremonyKey,
        TrusteeConfirms,
        PartialDecryption,
    ],
)
def test_a_trustee_contributes_once(kind: type) -> None:
    """A second contribution of the same trustee names it."""
    entries = whole()
    last = max(i for i, entry in enumerate(entries) if type(entry) is kind)
    with pytest.raises(GrammarError, match=r"a second .* of trustee \d"):
        check_grammar([*entries[: last + 1], entries[last], *entries[last + 1 :]])


@pytest.mark.parametrize(
    "kind", [CeremonyCommitment, CeremonyReveal, CeremonyKey, Terms, ElectionEntry, Closed]
)
def test_a_phase_that_is_left_out_is_noticed(kind: type) -> None:
    """What must come before is missing."""
    entries = [entry for entry in whole() if type(entry) is not kind]
    with pytest.raises(GrammarError, match="before any entry"):
        check_grammar(entries)


def test_ballots_need_issuances() -> None:
    """Nobody casts what was not issued."""
    with pytest.raises(GrammarError, match="BallotEntry before any entry of the phase issuances"):
        check_grammar([*confirmed(), bare(VotingOpened), bare(BallotEntry)])


def test_after_a_claim_only_a_cancellation_follows() -> None:
    """A promise without inclusion stops the count."""
    claimed = [*closed(0), bare(Claim)]
    check_grammar([*claimed, bare(Claim), cancelled("promised_ballot_missing")])
    with pytest.raises(GrammarError, match="only a cancellation may follow"):
        check_grammar([*claimed, bare(PartialDecryption, index=1)])
    with pytest.raises(GrammarError, match="go together"):
        check_grammar([*claimed, cancelled("trustees_unavailable")])
    with pytest.raises(GrammarError, match="go together"):
        check_grammar([*closed(0), cancelled("promised_ballot_missing")])


@pytest.mark.parametrize(
    ("before", "reason", "allowed"),
    [
        ("confirmed", "council_decision", True),
        ("confirmed", "trustees_unavailable", True),
        ("confirmed", "too_few_ballots", False),
        ("closed", "too_few_ballots", True),
        ("closed", "trustees_unavailable", True),
        ("closed", "council_decision", False),
        ("decrypting", "too_few_ballots", False),
    ],
)
def test_when_an_election_may_be_cancelled(before: str, reason: str, allowed: bool) -> None:
    """protocol.md §1, "Cancelled is possible"."""
    entries = {
        "confirmed": confirmed(),
        "closed": closed(0),
        "decrypting": [*closed(0), bare(PartialDecryption, index=1)],
    }[before]
    if allowed:
        assert check_grammar([*entries, cancelled(reason)]) is Phase.CANCELLED
        return
    with pytest.raises(GrammarError, match="cancelled"):
        check_grammar([*entries, cancelled(reason)])


def test_nothing_follows_a_cancellation() -> None:
    """The end is the end."""
    with pytest.raises(GrammarError, match="after the end"):
        check_grammar([*confirmed(), cancelled("council_decision"), bare(VotingOpened)])


def test_ballots_of_a_cancelled_election_are_withheld_and_only_they() -> None:
    """After closing, a cancelled record keeps hashes of ballots, never ballots."""
    withheld = [
        Withheld(withheld="0" * 64) if isinstance(entry, BallotEntry) else entry
        for entry in closed()
    ]
    check_grammar([*withheld, cancelled("too_few_ballots")])
    with pytest.raises(GrammarError, match="was not cancelled"):
        check_grammar(withheld)
    with pytest.raises(GrammarError, match="are not withheld"):
        check_grammar([*closed(), cancelled("too_few_ballots")])
