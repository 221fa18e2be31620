"""V0 to V3: the log as such, whatever its entries say (protocol.md §7, §9)."""

import itertools
from types import UnionType
from typing import Final, TypeAlias

from crypto.checkpoints import (
    Checkpoint,
    NoteKey,
    parse_note_key,
    verify_checkpoint,
)
from crypto.errors import CryptoError
from crypto.merkle import consistency_path, tree_head, verify_consistency
from schemas.entries import (
    Cancelled,
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    Closed,
    MinuteEntry,
    Result,
    VotingOpened,
)
from schemas.grammar import GrammarError, Phase, check_grammar
from schemas.terms import Terms
from services.verifier.evidence import MAX_ENTRIES, Evidence
from services.verifier.report import CheckFailedError, NotApplicableError, refuse_if_any

CHECKPOINT_AFTER: Final[dict[str, type | UnionType]] = {
    "opening": VotingOpened,
    "closing": Closed,
    "result": Result | Cancelled,
    "minute": MinuteEntry,
}
"""Each checkpoint covers the tree up to and with the last entry of this type."""

_CeremonyKind: TypeAlias = (
    type[CeremonyCertificate] | type[CeremonyCommitment] | type[CeremonyReveal] | type[CeremonyKey]
)
_CEREMONY: Final[tuple[_CeremonyKind, ...]] = (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyReveal,
    CeremonyKey,
)


def check_order(evidence: Evidence) -> str:
    """V0: the entries follow the grammar; one of each where one is due; nothing after the end."""
    known = [placed.entry for placed in evidence.placed if placed.entry is not None]
    try:
        phase = check_grammar(known)
    except GrammarError as error:
        raise CheckFailedError(str(error)) from error
    problems = [] if evidence.find(Terms) is None else _incomplete_ceremony(evidence)
    if evidence.ends_at_closing:
        if phase is not Phase.CLOSED:
            problems.append(f"the board stands at {phase.name.lower()}, not at its closing")
    elif phase < Phase.RESULT:
        problems.append(f"the log ends at {phase.name.lower()}: no result and no cancellation")
    refuse_if_any(problems)
    return f"{len(evidence.placed)} entries, up to {phase.name.lower()}"


def _incomplete_ceremony(evidence: Evidence) -> list[str]:
    due = list(range(1, len(evidence.all_of(CeremonyCertificate)) + 1))
    return [
        f"{kind.__name__} stands for trustees {found}, not for {due}"
        for kind in _CEREMONY
        if (found := sorted(entry.index for entry in evidence.all_of(kind))) != due
    ]


def check_form(evidence: Evidence) -> str:
    """V1: every entry parses, is canonical, of a known type, within its size."""
    problems = [
        f"entry {placed.position}: {placed.problem}"
        for placed in evidence.placed
        if placed.problem is not None
    ]
    if not evidence.placed:
        problems.append("there are no entries")
    if len(evidence.placed) > MAX_ENTRIES:
        problems.append(f"more than {MAX_ENTRIES} entries")
    if not evidence.ends_with_newline:
        problems.append("the last entry does not end with a newline")
    refuse_if_any(problems)
    return f"all {len(evidence.placed)} entries are in their one form"


def check_checkpoints(evidence: Evidence) -> str:
    """V2: the tree has root and size of each checkpoint, signed by the log key of `terms`."""
    key = _log_key(evidence)
    problems: list[str] = []
    held: list[str] = []
    for name, kind in CHECKPOINT_AFTER.items():
        expected = evidence.head_after(kind)
        note = evidence.notes.get(name)
        if expected is None and note is None:
            continue
        if note is None:
            problems.append(f"checkpoint {name} is missing")
            continue
        if expected is None:
            problems.append(f"checkpoint {name} has no entry that it could cover")
            continue
        try:
            checkpoint = verify_checkpoint(note, key)
        except CryptoError as error:
            problems.append(f"checkpoint {name}: {error}")
            continue
        if checkpoint.head != expected:
            problems.append(f"checkpoint {name} is of another tree than the entries make")
        held.append(f"{name} ({checkpoint.head.size})")
    refuse_if_any(problems)
    if not held:
        raise NotApplicableError("cancelled before the first checkpoint")
    return f"signed and equal to the tree of the entries: {', '.join(held)}"


def _log_key(evidence: Evidence) -> NoteKey:
    terms = evidence.terms
    try:
        key = parse_note_key(terms.log_key)
    except CryptoError as error:
        raise CheckFailedError(f"the log key of the terms: {error}") from error
    if key.name != f"{terms.log_origin}/{terms.uuid}":
        raise CheckFailedError("the log key of the terms is not named for this election")
    return key


def check_consistency(evidence: Evidence) -> str:
    """V3: every checkpoint is a prefix of the next one (RFC 9162 §2.1.4), and of the entries."""
    checkpoints = [
        (name, checkpoint)
        for name in CHECKPOINT_AFTER
        if (checkpoint := evidence.checkpoint(name)) is not None
    ]
    if not checkpoints:
        raise NotApplicableError("there are no checkpoints")
    problems = []
    for (name, checkpoint), (next_name, following) in itertools.pairwise(checkpoints):
        if (reason := _inconsistency(evidence, checkpoint, following)) is not None:
            problems.append(f"{name} is no prefix of {next_name}: {reason}")
    refuse_if_any(problems)
    return f"{len(checkpoints)} checkpoints, each a prefix of the next"


def _inconsistency(evidence: Evidence, checkpoint: Checkpoint, following: Checkpoint) -> str | None:
    if checkpoint.origin != following.origin:
        return "they are of different logs"
    first, second = checkpoint.head, following.head
    if not first.size < second.size <= len(evidence.leaves):
        return f"their sizes are {first.size} and {second.size} of {len(evidence.leaves)} entries"
    leaves = evidence.leaves[: second.size]
    if tree_head(leaves) != second:
        return "the entries do not make the second tree"
    try:
        verify_consistency(first, second, consistency_path(leaves, first.size))
    except CryptoError as error:
        return str(error)
    return None
