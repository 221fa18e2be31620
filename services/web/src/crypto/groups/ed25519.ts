/**
 * The group Ed25519 of Belenios (2.1 and later): the prime-order subgroup (belenios-format §2.2),
 * on the points of @noble/curves by RFC 8032's strict rules (never ZIP 215).
 *
 * In Belenios' text the 32 canonical bytes of RFC 8032 §5.1.2 stand reversed, as 64 hexadecimal
 * digits: the text of one large number.
 */

import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { ed25519 } from '@noble/curves/ed25519.js';

import { MalformedError, MembershipError } from '../errors.ts';
import type { Element, FixedBase } from './group.ts';
import { FixedBaseCache, Group } from './group.ts';
import { SharedSquarings } from './shared_squarings.ts';

const { Point } = ed25519;
type EdwardsPoint = InstanceType<typeof Point>;

const TEXT = /^[0-9a-f]{64}$/;
/** Bits of a window in a fixed base's table: 16 of them make up for the table of the key. */
const WINDOW_BITS = 8;

function toElement(point: EdwardsPoint): Element {
  return point as unknown as Element;
}

function toPoint(element: Element): EdwardsPoint {
  return element as unknown as EdwardsPoint;
}

function textOf(point: EdwardsPoint): string {
  return Array.from(point.toBytes().reverse(), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}

/** A point whose table of multiples noble keeps with it. */
class PreparedPoint implements FixedBase {
  readonly element: Element;

  constructor(element: Element) {
    this.element = element;
  }

  power(exponent: bigint): Element {
    // Public and secret exponents alike; secrets are used on their owners' devices only.
    return toElement(toPoint(this.element).multiplyUnsafe(ED25519.reduce(exponent)));
  }
}

/** The prime-order subgroup of edwards25519. */
class Ed25519 extends Group {
  readonly name = 'Ed25519';
  readonly q = Point.Fn.ORDER;
  readonly generator = toElement(Point.BASE);
  readonly identity = toElement(Point.ZERO);
  readonly #bases = new FixedBaseCache();

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
    return textOf(toPoint(element));
  }

  elementsToTexts(elements: readonly Element[]): string[] {
    // One inversion for all of them.
    return normalizeZ(Point, elements.map(toPoint)).map(textOf);
  }

  isMember(element: Element): boolean {
    return toPoint(element).isTorsionFree();
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
    return toElement(toPoint(base).multiplyUnsafe(this.reduce(exponent)));
  }

  powerOfGenerator(exponent: bigint): Element {
    return this.power(this.generator, exponent);
  }

  fixedBase(element: Element): FixedBase {
    return this.#bases.get(this.elementToText(element), () => {
      toPoint(element).precompute(WINDOW_BITS);
      return new PreparedPoint(element);
    });
  }

  fewPowers(element: Element): FixedBase {
    return new SharedSquarings(this, element);
  }
}

/** Raises MembershipError where the digits are of no point of the curve. */
function pointOf(text: string): EdwardsPoint {
  const bytes = Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)).reverse();
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    throw new MembershipError('not an element of the prime-order subgroup of Ed25519');
  }
}

/** The group Ed25519 (belenios-format §2.2). */
export const ED25519: Group = new Ed25519();
