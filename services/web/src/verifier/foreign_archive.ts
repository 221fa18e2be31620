/**
 * A `.bel` by itself, checked by Belenios' own rules (protocol.md §9 v2, end of the table).
 *
 * The last ballot of a credential counts, credentials have weights, trustees may be mandatory and
 * of older formats. The second proof of partial decryptions is not in an archive.
 */

import { parseBallot } from '../crypto/ballots.ts';
import { type Archive, readArchive } from '../crypto/belenios_archive.ts';
import { listField, loads, requireExact, textField } from '../crypto/belenios_json.ts';
import { combineAll, verifyBeleniosProofs } from '../crypto/decryption.ts';
import { type Election, parseElection } from '../crypto/elections.ts';
import { MalformedError } from '../crypto/errors.ts';
import {
  type EncryptedTally,
  encryptTally,
  type Factors,
  openTally,
  parseResult,
  resultToText,
  tallyToText,
} from '../crypto/tally.ts';
import { electionKey, flattenedKeys, verifyTrustees } from '../crypto/trustee_verification.ts';
import { parseTrustees, type Trustees } from '../crypto/trustees.ts';
import { type Judge, judgeBallots, type Judgement, type OnJudged } from './ballot_verdicts.ts';
import { checkBallotForm, checkBallotProofs, checkBallotSignatures } from './checks_ballots.ts';
import { Memo } from './memo.ts';
import { asProblem, isRefusal } from './refusals.ts';
import {
  type Check,
  CheckFailedError,
  type CheckId,
  type CheckResult,
  DependsOnError,
  MalformedInputError,
  NotApplicableError,
  refuseIfAny,
  runCheck,
  settle,
} from './report.ts';

const WEIGHT = /^[1-9][0-9]{0,9}$/;
/** Why most checks do not apply to an archive. */
export const NOT_IN_ARCHIVE = 'a Belenios archive alone does not hold it';
/** What V14 says of an archive. */
export const ON_TRUST =
  "the count rests on the trustees' honesty, for an archive has no second proof";

/** An archive's objects, read on demand; each getter names the check that says why it cannot. */
export class ForeignElection {
  readonly archive: Archive;
  readonly judgement: () => Promise<Judgement>;
  readonly #memo = new Memo();

  constructor(archive: Archive, judges: readonly Judge[], onJudged: OnJudged) {
    this.archive = archive;
    this.judgement = () =>
      this.#memo.of('judgement', () => {
        const submitted = archive.ballots.map((text, place) => ({
          name: `ballot ${place + 1}`,
          text,
          tokens: [],
        }));
        const terms = { election: this.election.text, tokenKeys: [], strict: false };
        return judgeBallots(terms, submitted, judges, onJudged);
      });
  }

  get election(): Election {
    return this.#read('election', 'V4', () => parseElection(this.archive.election));
  }

  get trustees(): Trustees {
    const { group } = this.election;
    return this.#read('trustees', 'V5', () => parseTrustees(group, this.archive.trustees));
  }

  /** Weight of each public credential. */
  get weights(): ReadonlyMap<string, bigint> {
    const { election, archive } = this;
    return this.#read('weights', 'V17', () =>
      readCredentials(election, archive.publicCredentials),
    );
  }

  /** Position of the ballot that counts for each credential: its last one. */
  async counted(): Promise<ReadonlyMap<string, number>> {
    const counted = new Map<string, number>();
    for (const [position, verdict] of (await this.judgement()).verdicts.entries()) {
      if (verdict.formProblem !== null || verdict.credential === null) {
        throw new DependsOnError('V8');
      }
      counted.set(verdict.credential, position);
    }
    return counted;
  }

  async totalWeight(): Promise<bigint> {
    return (await this.#countedWeights()).reduce((sum, weight) => sum + weight, 0n);
  }

  /** The product of the ballots that count, each to the power of its weight. */
  tally(): Promise<EncryptedTally> {
    return this.#memo.of('tally', async () => {
      const counted = await this.counted();
      const weights = await this.#countedWeights();
      const countsAll = counted.size === this.archive.ballots.length;
      if (countsAll && weights.every((weight) => weight === 1n)) {
        // Everybody voted once, with one vote: it is the product of all that was judged.
        return (await this.judgement()).product;
      }
      const ballots = [...counted.values()].map((position) =>
        parseBallot(this.election, this.archive.ballots[position] ?? '', false),
      );
      return encryptTally(this.election, ballots, weights);
    });
  }

  /** The factors of every partial decryption by owner, and the problems found. */
  factors(): Promise<{ factors: ReadonlyMap<number, Factors>; problems: readonly string[] }> {
    return this.#memo.of('factors', async () => {
      const keys = flattenedKeys(this.trustees);
      const tally = await this.tally();
      const factors = new Map<number, Factors>();
      const problems: string[] = [];
      for (const { owner, text } of this.archive.partialDecryptions) {
        const key = keys[owner - 1];
        if (key === undefined || factors.has(owner)) {
          problems.push(`trustee ${owner}: unknown, or decrypts twice`);
          continue;
        }
        try {
          factors.set(owner, verifyBeleniosProofs(this.election, tally, owner, key, text));
        } catch (error) {
          problems.push(asProblem(error));
        }
      }
      return { factors, problems };
    });
  }

  async #countedWeights(): Promise<bigint[]> {
    const { weights } = this;
    return [...(await this.counted()).keys()].map((credential) => {
      const weight = weights.get(credential);
      if (weight === undefined) {
        throw new DependsOnError('V17');
      }
      return weight;
    });
  }

  #read<Value>(name: string, check: CheckId, read: () => Value): Value {
    return this.#memo.of(name, () => {
      try {
        return read();
      } catch (error) {
        throw isRefusal(error) ? new DependsOnError(check) : error;
      }
    });
  }
}

/** Read a `.bel`. Throws MalformedInputError when it cannot be read as an archive at all. */
export function readForeignElection(
  data: Uint8Array,
  judges: readonly Judge[],
  onJudged: OnJudged,
): ForeignElection {
  try {
    return new ForeignElection(readArchive(data), judges, onJudged);
  } catch (error) {
    throw new MalformedInputError(asProblem(error));
  }
}

/** Check a `.bel` by Belenios' own rules (protocol.md §9): all checks that apply but V20. */
export async function checkForeignElection(
  foreign: ForeignElection,
): Promise<Map<CheckId, CheckResult>> {
  const { ballots } = foreign.archive;
  const checks: [CheckId, Check][] = [
    ['V1', () => `${ballots.length} ballots, every object by its hash`],
    ['V4', () => `election ${foreign.election.uuid}, phi ${foreign.election.fingerprint}`],
    ['V5', () => checkTrustees(foreign)],
    ['V8', async () => checkBallotForm(await foreign.judgement())],
    ['V9', async () => checkBallotProofs(await foreign.judgement())],
    ['V10', async () => checkBallotSignatures(await foreign.judgement())],
    ['V13', () => checkSum(foreign)],
    ['V14', () => checkPartialDecryptions(foreign)],
    ['V15', () => checkResult(foreign)],
    ['V17', () => checkCredentials(foreign)],
  ];
  const results = new Map<CheckId, CheckResult>();
  for (const [id, check] of checks) {
    results.set(id, await runCheck(id, check));
  }
  return settle(results);
}

/** V5 without commitments and confirmations: certificates, keys, proofs of knowledge. */
function checkTrustees(foreign: ForeignElection): string {
  const { group, publicKey } = foreign.election;
  let trustees: Trustees;
  try {
    trustees = parseTrustees(group, foreign.archive.trustees);
    verifyTrustees(group, trustees);
  } catch (error) {
    throw new CheckFailedError(asProblem(error));
  }
  if (!group.equals(electionKey(group, trustees), publicKey)) {
    throw new CheckFailedError('the election key is not that of the trustees');
  }
  return `${flattenedKeys(trustees).length} trustees, whose keys make the election key`;
}

/** V13: the product of the ballots that count, by weight. */
async function checkSum(foreign: ForeignElection): Promise<string> {
  const { encryptedTally, numTallied, totalWeight } = foreign.archive;
  if (encryptedTally === null) {
    throw new NotApplicableError('not_opened', 'not counted yet');
  }
  const problems: string[] = [];
  if (tallyToText(foreign.election.group, await foreign.tally()) !== encryptedTally) {
    problems.push('the archive holds another sum than its ballots make');
  }
  const [counted, weight] = [(await foreign.counted()).size, await foreign.totalWeight()];
  if (numTallied !== counted) {
    problems.push(`${numTallied} ballots are said to count, not all that do`);
  }
  if (totalWeight === null || BigInt(totalWeight) !== weight) {
    problems.push(`the total weight is ${weight}, not ${totalWeight}`);
  }
  refuseIfAny(problems);
  return `${counted} ballots count, of weight ${weight}`;
}

/** V14 with Belenios' own proofs only. */
async function checkPartialDecryptions(foreign: ForeignElection): Promise<string> {
  const { result, partialDecryptions } = foreign.archive;
  if (result === null && partialDecryptions.length === 0) {
    throw new NotApplicableError('not_opened', 'not opened yet');
  }
  const { factors, problems } = await foreign.factors();
  refuseIfAny(problems);
  try {
    combineAll(foreign.election.group, foreign.trustees, factors);
  } catch (error) {
    throw new CheckFailedError(asProblem(error));
  }
  const owners = [...factors.keys()].sort((left, right) => left - right).join(', ');
  return `trustees ${owners}, Belenios' proofs only: ${ON_TRUST}`;
}

/** V15 by weight: the result recombined; no question has more marks than it allows. */
async function checkResult(foreign: ForeignElection): Promise<string> {
  const text = foreign.archive.result;
  if (text === null) {
    throw new NotApplicableError('not_opened', 'not opened yet');
  }
  const { factors } = await foreign.factors();
  const [{ election }, total] = [foreign, Number(await foreign.totalWeight())];
  let combined: Factors;
  try {
    combined = combineAll(election.group, foreign.trustees, factors);
  } catch (error) {
    throw isRefusal(error) ? new DependsOnError('V14') : error;
  }
  let counts: readonly (readonly number[])[];
  try {
    counts = openTally(election.group, await foreign.tally(), combined, total);
    parseResult(election, text);
  } catch (error) {
    throw new CheckFailedError(asProblem(error));
  }
  const problems: string[] = [];
  if (resultToText(counts) !== text) {
    problems.push('the result is not what the partial decryptions open');
  }
  election.questions.forEach((question, place) => {
    const row = counts[place] ?? [];
    const blanks = question.blank ? (row[0] ?? 0) : 0;
    const marks = row.reduce((sum, each) => sum + each, 0) - blanks;
    if (marks > question.max * (total - blanks)) {
      problems.push(`question ${place + 1}: more marks than the ballots allow`);
    }
  });
  refuseIfAny(problems);
  return `recombined from ${counts.length} questions, equal to the result`;
}

/** V17: byte-exact (the reader saw to it); credentials of the ballots are in the list. */
async function checkCredentials(foreign: ForeignElection): Promise<string> {
  let weights: ReadonlyMap<string, bigint>;
  try {
    weights = readCredentials(foreign.election, foreign.archive.publicCredentials);
  } catch (error) {
    throw new CheckFailedError(`public credentials: ${asProblem(error)}`);
  }
  const { verdicts } = await foreign.judgement();
  refuseIfAny(
    verdicts.flatMap(({ name, credential }) =>
      credential === null || weights.has(credential)
        ? []
        : [`${name}: its credential is not in the list`],
    ),
  );
  return `byte-exact; ${(await foreign.counted()).size} of ${weights.size} credentials cast`;
}

function readCredentials(election: Election, text: string): Map<string, bigint> {
  const values = listField(loads(text));
  requireExact(text, values);
  const weights = new Map<string, bigint>();
  for (const value of values) {
    const [credential = '', ...rest] = textField(value).split(',');
    const weight = rest.length === 0 ? '1' : rest.join(',');
    if (!WEIGHT.test(weight)) {
      throw new MalformedError('a weight is a positive decimal number');
    }
    election.group.elementFromText(credential);
    if (weights.has(credential)) {
      throw new MalformedError('a credential stands twice');
    }
    weights.set(credential, BigInt(weight));
  }
  return weights;
}
