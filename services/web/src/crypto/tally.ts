/** The encrypted sum of all ballots, and the counts in it once opened (belenios-format §7). */

import type { Ballot } from './ballots.ts';
import { dumps, fields, integerField, listField, loads } from './belenios_json.ts';
import type { Election } from './elections.ts';
import type { Ciphertext } from './elgamal.ts';
import { MalformedError, ProofError } from './errors.ts';
import type { Element, Group } from './groups/index.ts';

/** No sum of more ballots, or of more weight, is opened. */
export const MAX_TOTAL = 2 ** 40;

/** By question, by choice; the product of all counted ballots. */
export type EncryptedTally = readonly (readonly Ciphertext[])[];
/** By question, by choice: alpha^x, of one trustee or of all together. */
export type Factors = readonly (readonly Element[])[];
/** By question, by choice: how many. */
export type Counts = readonly (readonly number[])[];

/**
 * Multiply all ballots, component by component (belenios-format §7; V13).
 *
 * `weights` are for archives of others, one a ballot. Throws MalformedError.
 */
export function encryptTally(
  election: Election,
  ballots: Iterable<Ballot>,
  weights?: readonly bigint[],
): EncryptedTally {
  const { group } = election;
  const counted = [...ballots];
  if (weights !== undefined && weights.length !== counted.length) {
    throw new MalformedError('each ballot has one weight');
  }
  const sums = election.questions.map((question) =>
    Array.from({ length: question.choices }, () => ({
      alpha: group.identity,
      beta: group.identity,
    })),
  );
  counted.forEach((ballot, number) => {
    const weight = weights?.[number] ?? 1n;
    pairRows(sums, choicesOf(ballot), (total, choice) => {
      total.alpha = group.multiply(total.alpha, weighted(group, choice.alpha, weight));
      total.beta = group.multiply(total.beta, weighted(group, choice.beta, weight));
    });
  });
  return sums;
}

/** Write the exact bytes of an `encrypted_tally` (belenios-format §7). */
export function tallyToText(group: Group, tally: EncryptedTally): string {
  return dumps(
    tally.map((answers) => {
      const alphas = group.elementsToTexts(answers.map((each) => each.alpha));
      const betas = group.elementsToTexts(answers.map((each) => each.beta));
      return alphas.map((alpha, place) => ({ alpha, beta: betas[place] }));
    }),
  );
}

/**
 * Read the counts out of the sum: g^count = beta / factor, 0 <= count <= total (§7).
 *
 * `total` is the number of ballots, or their weight. Throws ProofError when no count fits, and
 * MalformedError for a total above 2^40.
 */
export function openTally(
  group: Group,
  tally: EncryptedTally,
  combined: Factors,
  total: number,
): number[][] {
  const opened = pairRows(tally, combined, (each, factor) => group.divide(each.beta, factor));
  const counts = new BoundedLogarithm(group, total).ofAll(opened.flat());
  return opened.map((row) => counts.splice(0, row.length));
}

/** Write the exact bytes of a `result` (belenios-format §7). */
export function resultToText(result: Counts): string {
  return dumps({ result });
}

/** Read the exact bytes of a `result` of this election's shape. Throws MalformedError. */
export function parseResult(election: Election, text: string): number[][] {
  const [value] = fields(loads(text), ['result']);
  const rows = listField(value, election.questions.length);
  const result = election.questions.map((question, place) =>
    listField(rows[place], question.choices).map(integerField),
  );
  if (result.flat().some((count) => count < 0)) {
    throw new MalformedError('a count is not negative');
  }
  if (resultToText(result) !== text) {
    throw new MalformedError('not the canonical bytes of a result');
  }
  return result;
}

/** Combine what stands at the same place of two tables of one shape; question by question. */
export function pairRows<Left, Right, Value>(
  left: readonly (readonly Left[])[],
  right: readonly (readonly Right[])[],
  combine: (left: Left, right: Right) => Value,
): Value[][] {
  return zip(left, right).map(([row, other]) =>
    zip(row, other).map(([each, its]) => combine(each, its)),
  );
}

/** Pairs of what stands at the same place. Both are of one length, as their readers saw to. */
export function zip<Left, Right>(
  left: readonly Left[],
  right: readonly Right[],
): (readonly [Left, Right])[] {
  if (left.length !== right.length) throw new RangeError('two lists are of different lengths');
  // The lengths are equal, so there is one at every place.
  return left.map((each, place) => [each, right[place] as Right] as const);
}

function choicesOf(ballot: Ballot): readonly (readonly Ciphertext[])[] {
  return ballot.answers.map((answer) => answer.choices);
}

function weighted(group: Group, element: Element, weight: bigint): Element {
  return weight === 1n ? element : group.power(element, weight);
}

/** Baby steps and giant steps (Shanks) for logarithms from 0 to a bound. */
class BoundedLogarithm {
  readonly #group: Group;
  readonly #bound: number;
  readonly #width: number;
  readonly #small = new Map<string, number>();
  readonly #giant: Element;

  constructor(group: Group, bound: number) {
    if (!Number.isInteger(bound) || bound < 0 || bound > MAX_TOTAL) {
      throw new MalformedError('the total of ballots is out of range');
    }
    this.#group = group;
    this.#bound = bound;
    this.#width = Math.floor(Math.sqrt(bound)) + 1;
    const powers: Element[] = [];
    let power = group.identity;
    for (let exponent = 0; exponent < this.#width; exponent += 1) {
      powers.push(power);
      power = group.multiply(power, group.generator);
    }
    group.elementsToTexts(powers).forEach((text, exponent) => this.#small.set(text, exponent));
    this.#giant = group.invert(power);
  }

  /** The logarithms of all, in order; together, since many texts at once are cheaper. */
  ofAll(elements: readonly Element[]): number[] {
    const logarithms = new Map<number, number>();
    let rest = elements.map((element, place) => ({ element, place }));
    for (let step = 0; step < this.#width && rest.length > 0; step += 1) {
      const texts = this.#group.elementsToTexts(rest.map((each) => each.element));
      const unknown: typeof rest = [];
      zip(rest, texts).forEach(([{ element, place }, text]) => {
        const logarithm = step * this.#width + (this.#small.get(text) ?? Infinity);
        if (logarithm <= this.#bound) logarithms.set(place, logarithm);
        else unknown.push({ element: this.#group.multiply(element, this.#giant), place });
      });
      rest = unknown;
    }
    return elements.map((_, place) => {
      const logarithm = logarithms.get(place);
      if (logarithm === undefined) {
        throw new ProofError('the factors do not open the sum to a possible count');
      }
      return logarithm;
    });
  }
}
