/** The append-only tree of RFC 9162 §2.1 with SHA-256: roots, inclusion and consistency proofs. */

import { sha256 } from '@noble/hashes/sha2.js';

import type { Bytes } from './encodings.ts';
import { equalBytes, joinBytes } from './encodings.ts';
import { ConsistencyProofError, InclusionProofError } from './errors.ts';

/** Bytes of a hash. */
export const HASH_BYTES = 32;
/** The root of the tree without leaves. */
export const EMPTY_ROOT: Bytes = sha256(new Uint8Array());

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The size of a tree in leaves and its 32-byte root, always from one checkpoint. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether size and root are the same. */
export function sameHead(left: TreeHead, right: TreeHead): boolean {
  return left.size === right.size && equalBytes(left.root, right.root);
}

/** Hash one entry to its leaf (RFC 9162 §2.1.1): SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): Bytes {
  return sha256(joinBytes(LEAF, entry));
}

/** Hash two subtrees to their parent (RFC 9162 §2.1.1): SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(joinBytes(NODE, left, right));
}

/** Compute the root over leaf hashes (RFC 9162 §2.1.1); the empty tree is SHA-256(""). */
export function treeRoot(leafHashes: readonly Uint8Array[]): Uint8Array {
  let level = leafHashes;
  // An odd node at the end of a level rises unchanged: the same tree as the recursive
  // definition with the split at the largest power of two.
  while (level.length > 1) {
    const parents: Uint8Array[] = [];
    for (let place = 0; place < level.length; place += 2) {
      const [left, right] = [level[place], level[place + 1]];
      if (left !== undefined) parents.push(right === undefined ? left : nodeHash(left, right));
    }
    level = parents;
  }
  return level[0] ?? EMPTY_ROOT;
}

/** Compute size and root of the tree over leaf hashes (RFC 9162 §2.1.1). */
export function treeHead(leafHashes: readonly Uint8Array[]): TreeHead {
  return { size: leafHashes.length, root: treeRoot(leafHashes) };
}

/**
 * List the sibling hashes from a leaf up to the root (RFC 9162 §2.1.3.1).
 *
 * Raises InclusionProofError when the tree has no such leaf.
 */
export function inclusionPath(leafHashes: readonly Uint8Array[], leafIndex: number): Uint8Array[] {
  if (!Number.isInteger(leafIndex) || leafIndex < 0 || leafIndex >= leafHashes.length) {
    throw new InclusionProofError('the tree has no leaf of this index');
  }
  if (leafHashes.length === 1) return [];
  const split = splitOf(leafHashes.length);
  const [left, right] = [leafHashes.slice(0, split), leafHashes.slice(split)];
  return leafIndex < split
    ? [...inclusionPath(left, leafIndex), treeRoot(right)]
    : [...inclusionPath(right, leafIndex - split), treeRoot(left)];
}

/**
 * Check that the leaf hash is in the tree that `head` commits to.
 *
 * Implements RFC 9162 §2.1.3.2; the numbers below are its steps. A proof does not bind the
 * tree size, so size and root come from one signed checkpoint. Raises InclusionProofError.
 */
export function verifyInclusion(
  leaf: Uint8Array,
  leafIndex: number,
  path: readonly Uint8Array[],
  head: TreeHead,
): void {
  if (![leaf, head.root, ...path].every(isHash)) {
    throw new InclusionProofError('a hash is not of 32 bytes');
  }
  // Step 1.
  if (!isSize(leafIndex) || !isSize(head.size) || leafIndex >= head.size) {
    throw new InclusionProofError('the tree has no leaf of this index');
  }
  // Steps 2 and 3. Sizes are above 32 bits, where JavaScript's shifts end.
  let [node, last, computed] = [BigInt(leafIndex), BigInt(head.size) - 1n, leaf];
  // Step 4.
  for (const sibling of path) {
    if (last === 0n) throw new InclusionProofError('the path is too long');
    if ((node & 1n) === 1n || node === last) {
      computed = nodeHash(sibling, computed);
      while ((node & 1n) === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      computed = nodeHash(computed, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  // Step 5.
  if (last !== 0n) throw new InclusionProofError('the path is too short');
  if (!equalBytes(computed, head.root)) {
    throw new InclusionProofError('the path does not lead to the root');
  }
}

/**
 * List the hashes that show the first leaves to be a prefix of all (RFC 9162 §2.1.4.1).
 *
 * `firstSize` is at least 1; equal sizes need no hash. Raises ConsistencyProofError.
 */
export function consistencyPath(
  leafHashes: readonly Uint8Array[],
  firstSize: number,
): Uint8Array[] {
  if (!Number.isInteger(firstSize) || firstSize <= 0 || firstSize > leafHashes.length) {
    throw new ConsistencyProofError('the first tree is empty or larger than the second');
  }
  return subproof(leafHashes, firstSize, true);
}

/**
 * Check that the first tree is a prefix of the second.
 *
 * Implements RFC 9162 §2.1.4.2; the numbers below are its steps. A first tree without leaves
 * is a prefix of any, by an empty path, if its root is that of the empty tree. Raises
 * ConsistencyProofError.
 */
export function verifyConsistency(
  first: TreeHead,
  second: TreeHead,
  path: readonly Uint8Array[],
): void {
  if (![first.root, second.root, ...path].every(isHash)) {
    throw new ConsistencyProofError('a hash is not of 32 bytes');
  }
  if (!isSize(first.size) || !isSize(second.size) || first.size > second.size) {
    throw new ConsistencyProofError('the first tree is larger than the second');
  }
  if (first.size === 0 || first.size === second.size) {
    verifyTrivialConsistency(first, second, path);
    return;
  }
  // Step 1.
  if (path.length === 0) throw new ConsistencyProofError('the path is empty');
  const [firstRoot, secondRoot] = rootsOfConsistency(first, second, path);
  if (!equalBytes(firstRoot, first.root) || !equalBytes(secondRoot, second.root)) {
    throw new ConsistencyProofError('the path does not lead to the roots');
  }
}

/** Steps 2 to 7 of RFC 9162 §2.1.4.2: the roots of both trees that a path leads to. */
function rootsOfConsistency(
  first: TreeHead,
  second: TreeHead,
  path: readonly Uint8Array[],
): [Uint8Array, Uint8Array] {
  let [node, last] = [BigInt(first.size) - 1n, BigInt(second.size) - 1n];
  // Step 2: a first tree that is complete stands for itself.
  const complete = (BigInt(first.size) & node) === 0n;
  const [start = EMPTY_ROOT, ...siblings] = complete ? [first.root, ...path] : path;
  // Steps 3 and 4.
  while ((node & 1n) === 1n) [node, last] = [node >> 1n, last >> 1n];
  // Step 5.
  let [firstComputed, secondComputed] = [start, start];
  // Step 6.
  for (const sibling of siblings) {
    if (last === 0n) throw new ConsistencyProofError('the path is too long');
    if ((node & 1n) === 1n || node === last) {
      firstComputed = nodeHash(sibling, firstComputed);
      secondComputed = nodeHash(sibling, secondComputed);
      while ((node & 1n) === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      secondComputed = nodeHash(secondComputed, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  // Step 7.
  if (last !== 0n) throw new ConsistencyProofError('the path is too short');
  return [firstComputed, secondComputed];
}

function verifyTrivialConsistency(
  first: TreeHead,
  second: TreeHead,
  path: readonly Uint8Array[],
): void {
  if (path.length !== 0) throw new ConsistencyProofError('the path is too long');
  for (const head of [first, second]) {
    if (head.size === 0 && !equalBytes(head.root, EMPTY_ROOT)) {
      throw new ConsistencyProofError('the root of an empty tree is wrong');
    }
  }
  if (first.size === second.size && !equalBytes(first.root, second.root)) {
    throw new ConsistencyProofError('trees of one size differ');
  }
}

/** SUBPROOF of RFC 9162 §2.1.4.1; `complete` is its b: this subtree is the first tree itself. */
function subproof(
  leafHashes: readonly Uint8Array[],
  firstSize: number,
  complete: boolean,
): Uint8Array[] {
  if (firstSize === leafHashes.length) return complete ? [] : [treeRoot(leafHashes)];
  const split = splitOf(leafHashes.length);
  const [left, right] = [leafHashes.slice(0, split), leafHashes.slice(split)];
  return firstSize <= split
    ? [...subproof(left, firstSize, complete), treeRoot(right)]
    : [...subproof(right, firstSize - split, false), treeRoot(left)];
}

/** The largest power of two smaller than size. */
function splitOf(size: number): number {
  let split = 1;
  while (2 * split < size) split *= 2;
  return split;
}

function isHash(value: Uint8Array): boolean {
  return value.length === HASH_BYTES;
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
