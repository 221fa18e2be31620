import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { bytesOfText, fromBase64, fromHex, toHex } from '../../src/crypto/encodings.ts';
import {
  consistencyPath,
  inclusionPath,
  leafHash,
  nodeHash,
  sameHead,
  treeHead,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../src/crypto/merkle.ts';
import { readVectors, runVectors, VECTORS } from './vector_file.ts';

const leavesOf = (entries: readonly string[]): Uint8Array[] =>
  entries.map((entry) => leafHash(bytesOfText(entry)));

interface InclusionInput {
  leaf_hash: string;
  leaf_index: number;
  path: string[];
  size: number;
  root: string;
}

interface ConsistencyInput {
  first_size: number;
  first_root: string;
  second_size: number;
  second_root: string;
  path: string[];
}

runVectors('tree.json', {
  tree_root: (given: { entries: string[] }) => {
    const leaves = leavesOf(given.entries);
    return { leaf_hashes: leaves.map(toHex), root: toHex(treeRoot(leaves)) };
  },
  inclusion_path: (given: { entries: string[]; leaf_index: number }) => ({
    path: inclusionPath(leavesOf(given.entries), given.leaf_index).map(toHex),
  }),
  consistency_path: (given: { entries: string[]; first_size: number }) => ({
    path: consistencyPath(leavesOf(given.entries), given.first_size).map(toHex),
  }),
  verify_inclusion: ({ leaf_hash, leaf_index, path, size, root }: InclusionInput) => {
    const head = { size, root: fromHex(root) };
    verifyInclusion(fromHex(leaf_hash), leaf_index, path.map(fromHex), head);
    return {};
  },
  verify_consistency: (given: ConsistencyInput) => {
    const first = { size: given.first_size, root: fromHex(given.first_root) };
    const second = { size: given.second_size, root: fromHex(given.second_root) };
    verifyConsistency(first, second, given.path.map(fromHex));
    return {};
  },
});

interface OthersCase {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

function casesOf(folder: string): [string, OthersCase][] {
  const paths = readdirSync(new URL(`merkle/${folder}`, VECTORS), { recursive: true });
  return paths
    .map(String)
    .filter((path) => path.endsWith('.json'))
    .map((path) => [path, readVectors<OthersCase>(encodeURI(`merkle/${folder}/${path}`))]);
}

const decoded = (text: string | null): Uint8Array => fromBase64(text ?? '');

describe('cases of transparency-dev/merkle', () => {
  it.each(casesOf('inclusion'))('inclusion %s', (_, each) => {
    const head = { size: each.treeSize, root: decoded(each.root) };
    const path = (each.proof ?? []).map(decoded);
    const verify = (): void => verifyInclusion(decoded(each.leafHash), each.leafIdx, path, head);
    if (each.wantErr) {
      expect(verify).toThrow(expect.objectContaining({ name: 'InclusionProofError' }));
    } else verify();
  });

  it.each(casesOf('consistency'))('consistency %s', (_, each) => {
    const first = { size: each.size1, root: decoded(each.root1) };
    const second = { size: each.size2, root: decoded(each.root2) };
    const verify = (): void => verifyConsistency(first, second, (each.proof ?? []).map(decoded));
    if (each.wantErr) {
      expect(verify).toThrow(expect.objectContaining({ name: 'ConsistencyProofError' }));
    } else verify();
  });
});

describe('small trees', () => {
  const leaves = Array.from({ length: 20 }, (_, number) => leafHash(Uint8Array.of(number)));

  it('let an odd leaf rise unchanged', () => {
    const [a, b, c] = leaves.slice(0, 3) as [Uint8Array, Uint8Array, Uint8Array];
    expect(treeRoot([a, b, c])).toEqual(nodeHash(nodeHash(a, b), c));
    expect(treeRoot([a])).toEqual(a);
  });

  it('prove every leaf and every prefix, and no other', () => {
    for (let size = 1; size <= leaves.length; size += 1) {
      const tree = leaves.slice(0, size);
      const head = treeHead(tree);
      for (const [index, leaf] of tree.entries()) {
        const path = inclusionPath(tree, index);
        verifyInclusion(leaf, index, path, head);
        const other = leaves[(index + 1) % leaves.length] as Uint8Array;
        expect(() => verifyInclusion(other, index, path, head)).toThrow();
      }
      for (let first = 1; first <= size; first += 1) {
        const firstHead = treeHead(leaves.slice(0, first));
        verifyConsistency(firstHead, head, consistencyPath(tree, first));
        expect(sameHead(firstHead, head)).toBe(first === size);
      }
    }
  });

  it.each([-1, 7, 1.5, Number.NaN])('have no leaf %s', (index) => {
    const tree = leaves.slice(0, 7);
    expect(() => inclusionPath(tree, index)).toThrow();
    expect(() => verifyInclusion(tree[0] as Uint8Array, index, [], treeHead(tree))).toThrow();
  });
});
