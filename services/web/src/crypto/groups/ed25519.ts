/**
 * The group Ed25519 of Belenios (2.1 and later): the prime-order subgroup (belenios-format §2.2).
 *
 * In Belenios' text the 32 canonical bytes of RFC 8032 §5.1.2 stand reversed, as 64 hexadecimal
 * digits: the text of one large number.
 */

import { MalformedError, MembershipError } from '../errors.ts';
import {
  BASE_POINT,
  EdwardsPoint,
  encodeAll,
  MultiplesTable,
  ORDER,
  SharedDoublings,
} from './edwards25519.ts';
import type { Element, FixedBase } from './group.ts';
import { FixedBaseCache, Group } from './group.ts';

const TEXT = /^[0-9a-f]{64}$/;

function toElement(point: EdwardsPoint): Element {
  return point as unknown as Element;
}

function toPoint(element: Element): EdwardsPoint {
  return element as unknown as EdwardsPoint;
}

function textOf(encoded: bigint): string {
  return encoded.toString(16).padStart(64, '0');
}

class PreparedBase implements FixedBase {
  readonly element: Element;
  readonly #multiples: MultiplesTable | SharedDoublings;

  constructor(element: Element, multiples: MultiplesTable | SharedDoublings) {
    this.element = element;
    this.#multiples = multiples;
  }

  power(exponent: bigint): Element {
    return toElement(this.#multiples.multiply(ED25519.reduce(exponent)));
  }
}

/** The prime-order subgroup of edwards25519. */
class Ed25519 extends Group {
  readonly name = 'Ed25519';
  readonly q = ORDER;
  readonly generator = toElement(BASE_POINT);
  readonly identity = toElement(EdwardsPoint.identity());
  readonly #bases = new FixedBaseCache();
  #generatorBase: FixedBase | undefined;

  elementFromText(text: string): Element {
    if (!TEXT.test(text)) {
      throw new MalformedError('an element of Ed25519 is written as 64 hexadecimal digits');
    }
    const element = toElement(pointOf(text));
    if (!this.isMember(element)) {
      throw new MembershipError('not an element of the prime-order subgroup of Ed25519');
    }
    return element;
  }

  elementToText(element: Element): string {
    return textOf(toPoint(element).encode());
  }

  elementsToTexts(elements: readonly Element[]): string[] {
    return encodeAll(elements.map(toPoint)).map(textOf);
  }

  isMember(element: Element): boolean {
    return toPoint(element).multiply(ORDER).equals(toPoint(this.identity));
  }

  equals(left: Element, right: Element): boolean {
    return toPoint(left).equals(toPoint(right));
  }

  multiply(left: Element, right: Element): Element {
    return toElement(toPoint(left).add(toPoint(right)));
  }

  divide(left: Element, right: Element): Element {
    return toElement(toPoint(left).add(toPoint(right).negate()));
  }

  power(base: Element, exponent: bigint): Element {
    return toElement(toPoint(base).multiply(this.reduce(exponent)));
  }

  powerOfGenerator(exponent: bigint): Element {
    this.#generatorBase ??= tableOf(this.generator);
    return this.#generatorBase.power(exponent);
  }

  fixedBase(element: Element): FixedBase {
    return this.#bases.get(this.elementToText(element), () => tableOf(element));
  }

  fewPowers(element: Element): FixedBase {
    return new PreparedBase(element, new SharedDoublings(toPoint(element)));
  }
}

function tableOf(element: Element): FixedBase {
  return new PreparedBase(element, new MultiplesTable(toPoint(element)));
}

/** Raises MembershipError where the digits are of no point of the curve. */
function pointOf(text: string): EdwardsPoint {
  const point = EdwardsPoint.decode(BigInt(`0x${text}`));
  if (point === undefined) {
    throw new MembershipError('not an element of the prime-order subgroup of Ed25519');
  }
  return point;
}

/** The group Ed25519 (belenios-format §2.2). */
export const ED25519: Group = new Ed25519();
