"""A `.bel` by itself, checked by Belenios' own rules (protocol.md §9, end of the table).

The last ballot of a credential counts, credentials have weights, trustees may be mandatory and
of older formats. The second proof of partial decryptions is not in an archive.
"""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from crypto.ballots import parse_ballot
from crypto.belenios_archive import Archive, read_archive
from crypto.belenios_json import list_field, loads, require_exact, text_field
from crypto.decryption import combine_all, verify_belenios_proofs
from crypto.elections import Election, parse_election
from crypto.errors import CryptoError, MalformedError
from crypto.tally import (
    EncryptedTally,
    Factors,
    encrypt_tally,
    open_tally,
    parse_result,
    result_to_text,
    tally_to_text,
)
from crypto.trustee_verification import election_key, flattened_keys, verify_trustees
from crypto.trustees import Trustees, parse_trustees
from services.verifier.ballot_verdicts import (
    Judgement,
    JudgingTerms,
    SubmittedBallot,
    judge_ballots,
)
from services.verifier.checks_anchor import Anchored, Anchors, check_anchor
from services.verifier.checks_ballots import (
    check_ballot_form,
    check_ballot_proofs,
    check_ballot_signatures,
)
from services.verifier.record_files import MalformedInputError
from services.verifier.report import (
    TITLES,
    CheckFailedError,
    CheckResult,
    DependsOnError,
    NotApplicableError,
    Report,
    refuse_if_any,
    run_check,
    settle,
)

_WEIGHT: Final = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
ON_TRUST: Final = "the count rests on the trustees' honesty, for an archive has no second proof"
_NOT_IN_ARCHIVE: Final = "a Belenios archive alone does not hold it"


@dataclass(frozen=True)
class ForeignElection:
    """An archive's objects, read on demand; `processes` as in `judge_ballots`."""

    archive: Archive
    processes: int | None = None

    @functools.cached_property
    def election(self) -> Election:
        try:
            return parse_election(self.archive.election)
        except CryptoError as error:
            raise DependsOnError("V4") from error

    @functools.cached_property
    def trustees(self) -> Trustees:
        try:
            return parse_trustees(self.election.group, self.archive.trustees)
        except CryptoError as error:
            raise DependsOnError("V5") from error

    @functools.cached_property
    def weights(self) -> Mapping[str, int]:
        """Weight of each public credential. Raises DependsOnError("V17")."""
        try:
            return _read_credentials(self.election, self.archive.public_credentials)
        except CryptoError as error:
            raise DependsOnError("V17") from error

    @functools.cached_property
    def judgement(self) -> Judgement:
        """Every ballot of the archive, revotes included."""
        submitted = [
            SubmittedBallot(f"ballot {number}", text)
            for number, text in enumerate(self.archive.ballots, 1)
        ]
        terms = JudgingTerms(self.election.text, strict=False)
        return judge_ballots(terms, submitted, self.processes)

    @functools.cached_property
    def counted(self) -> Mapping[str, int]:
        """Position of the ballot that counts for each credential: its last one."""
        counted: dict[str, int] = {}
        for position, verdict in enumerate(self.judgement.verdicts):
            if verdict.form_problem is not None or verdict.credential is None:
                raise DependsOnError("V8")
            counted[verdict.credential] = position
        return counted

    @functools.cached_property
    def total_weight(self) -> int:
        unknown = set(self.counted) - set(self.weights)
        if unknown:
            raise DependsOnError("V17")
        return sum(self.weights[credential] for credential in self.counted)

    @functools.cached_property
    def tally(self) -> EncryptedTally:
        """The product of the ballots that count, each to the power of its weight."""
        counts_once = self.total_weight == len(self.counted) == len(self.archive.ballots)
        if counts_once and all(self.weights[credential] == 1 for credential in self.counted):
            # Everybody voted once, with one vote: it is the product of all that was judged.
            return self.judgement.product
        return encrypt_tally(
            self.election,
            [
                parse_ballot(self.election, self.archive.ballots[position], strict=False)
                for position in self.counted.values()
            ],
            [self.weights[credential] for credential in self.counted],
        )

    @functools.cached_property
    def factors(self) -> tuple[Mapping[int, Factors], tuple[str, ...]]:
        """The factors of every partial decryption by owner, and the problems found."""
        keys, factors, problems = flattened_keys(self.trustees), {}, []
        for partial in self.archive.partial_decryptions:
            owner = partial.owner
            if not 1 <= owner <= len(keys) or owner in factors:
                problems.append(f"trustee {owner}: unknown, or decrypts twice")
                continue
            try:
                factors[owner] = verify_belenios_proofs(
                    self.election, self.tally, owner, keys[owner - 1], partial.text
                )
            except CryptoError as error:
                problems.append(str(error))
        return factors, tuple(problems)


def verify_foreign_archive(
    data: bytes, name: str, anchors: Anchors, processes: int | None = None
) -> Report:
    """
    Check a `.bel` by Belenios' own rules (protocol.md §9).

    Raises MalformedInputError when it cannot be read as an archive at all.
    """
    try:
        foreign = ForeignElection(read_archive(data), processes)
    except CryptoError as error:
        raise MalformedInputError(str(error)) from error
    checks: dict[str, Callable[[], str]] = {
        "V1": lambda: f"{len(foreign.archive.ballots)} ballots, every object by its hash",
        "V4": lambda: f"election {foreign.election.uuid}, phi {foreign.election.fingerprint}",
        "V5": lambda: check_trustees(foreign),
        "V8": lambda: check_ballot_form(foreign.judgement),
        "V9": lambda: check_ballot_proofs(foreign.judgement),
        "V10": lambda: check_ballot_signatures(foreign.judgement),
        "V13": lambda: check_sum(foreign),
        "V14": lambda: check_partial_decryptions(foreign),
        "V15": lambda: check_result(foreign),
        "V17": lambda: check_credentials(foreign),
        "V20": lambda: check_anchor(anchors, Anchored(_phi(foreign), None)),
    }
    results = settle({check_id: run_check(check_id, check) for check_id, check in checks.items()})
    return Report(
        input=name,
        checks=tuple(results.get(check_id) or _absent(check_id) for check_id in TITLES),
    )


def check_trustees(foreign: ForeignElection) -> str:
    """V5 without commitments and confirmations: certificates, keys, proofs of knowledge."""
    group = foreign.election.group
    try:
        trustees = parse_trustees(group, foreign.archive.trustees)
        verify_trustees(group, trustees)
    except CryptoError as error:
        raise CheckFailedError(str(error)) from error
    if election_key(group, trustees) != foreign.election.public_key:
        raise CheckFailedError("the election key is not that of the trustees")
    return f"{len(flattened_keys(trustees))} trustees, whose keys make the election key"


def check_sum(foreign: ForeignElection) -> str:
    """V13: the product of the ballots that count, by weight."""
    archive = foreign.archive
    if archive.encrypted_tally is None:
        raise NotApplicableError("not counted yet")
    problems = []
    if tally_to_text(foreign.election.group, foreign.tally) != archive.encrypted_tally:
        problems.append("the archive holds another sum than its ballots make")
    if archive.num_tallied != len(foreign.counted):
        problems.append(f"{archive.num_tallied} ballots are said to count, not all that do")
    if archive.total_weight != foreign.total_weight:
        problems.append(f"the total weight is {foreign.total_weight}, not {archive.total_weight}")
    refuse_if_any(problems)
    return f"{len(foreign.counted)} ballots count, of weight {foreign.total_weight}"


def check_partial_decryptions(foreign: ForeignElection) -> str:
    """V14 with Belenios' own proofs only."""
    if foreign.archive.result is None and not foreign.archive.partial_decryptions:
        raise NotApplicableError("not opened yet")
    factors, problems = foreign.factors
    refuse_if_any(problems)
    try:
        combine_all(foreign.election.group, foreign.trustees, factors)
    except CryptoError as error:
        raise CheckFailedError(str(error)) from error
    return f"trustees {', '.join(map(str, sorted(factors)))}, Belenios' proofs only: {ON_TRUST}"


def check_result(foreign: ForeignElection) -> str:
    """V15 by weight: the result recombined; no question has more marks than it allows."""
    text = foreign.archive.result
    if text is None:
        raise NotApplicableError("not opened yet")
    factors, _ = foreign.factors
    election, total = foreign.election, foreign.total_weight
    try:
        combined = combine_all(election.group, foreign.trustees, factors)
    except CryptoError as error:
        raise DependsOnError("V14") from error
    try:
        counts = open_tally(election.group, foreign.tally, combined, total)
        parse_result(election, text)
    except CryptoError as error:
        raise CheckFailedError(str(error)) from error
    problems = []
    if result_to_text(counts) != text:
        problems.append("the result is not what the partial decryptions open")
    for number, (row, question) in enumerate(zip(counts, election.questions, strict=True), 1):
        blanks, marks = (row[0], sum(row[1:])) if question.blank else (0, sum(row))
        if marks > question.max * (total - blanks):
            problems.append(f"question {number}: more marks than the ballots allow")
    refuse_if_any(problems)
    return f"recombined from {len(counts)} questions, equal to the result"


def check_credentials(foreign: ForeignElection) -> str:
    """V17: byte-exact (the reader saw to it); credentials of the ballots are in the list."""
    try:
        weights = _read_credentials(foreign.election, foreign.archive.public_credentials)
    except CryptoError as error:
        raise CheckFailedError(f"public credentials: {error}") from error
    refuse_if_any(
        [
            f"{verdict.name}: its credential is not in the list"
            for verdict in foreign.judgement.verdicts
            if verdict.credential is not None and verdict.credential not in weights
        ]
    )
    return f"byte-exact; {len(foreign.counted)} of {len(weights)} credentials cast"


def _read_credentials(election: Election, text: str) -> dict[str, int]:
    values = list_field(loads(text))
    require_exact(text, values)
    weights: dict[str, int] = {}
    for value in values:
        credential, separator, weight_text = text_field(value).partition(",")
        if separator and not _WEIGHT.fullmatch(weight_text):
            raise MalformedError("a weight is a positive decimal number")
        weight = int(weight_text) if separator else 1
        election.group.element_from_text(credential)
        if credential in weights:
            raise MalformedError("a credential stands twice")
        weights[credential] = weight
    return weights


def _phi(foreign: ForeignElection) -> str | None:
    try:
        return foreign.election.fingerprint
    except DependsOnError:
        return None


def _absent(check_id: str) -> CheckResult:
    return CheckResult(id=check_id, status="not_applicable", detail=_NOT_IN_ARCHIVE)
