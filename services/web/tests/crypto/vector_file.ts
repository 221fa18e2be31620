/** Reads the vectors that Python and TypeScript share, and runs each case (tests/vectors). */

import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

/** The folder of all vectors in the repository. */
export const VECTORS = new URL('../../../../tests/vectors/', import.meta.url);

/** What an operation makes of an input, whose fields it declares; it throws what it refuses. */
export type Operation = (given: never) => unknown;

interface VectorCase {
  readonly operation: string;
  readonly input: never;
}

interface VectorFile {
  readonly spec: string;
  readonly positive: readonly (VectorCase & { description: string; output: unknown })[];
  readonly negative: readonly (VectorCase & { reason: string; error: string })[];
}

/** Read a JSON file below the folder of vectors. */
export function readVectors<Content>(path: string): Content {
  return JSON.parse(readFileSync(new URL(path, VECTORS), 'utf-8')) as Content;
}

/** Declare one test for each case of a file of `phieukin/`, all operations being known. */
export function runVectors(name: string, operations: Readonly<Record<string, Operation>>): void {
  const file = readVectors<VectorFile>(`phieukin/${name}`);

  const operationOf = (each: VectorCase): Operation => {
    const operation = operations[each.operation];
    if (operation === undefined) throw new Error(`no operation ${each.operation}`);
    return operation;
  };

  describe(`${name}: ${file.spec}`, () => {
    it.each(file.positive.map((each) => [`${each.operation}: ${each.description}`, each]))(
      'holds: %s',
      async (_, each) => {
        const { input, output } = each as VectorFile['positive'][number];
        expect(await operationOf(each as VectorCase)(input)).toEqual(output);
      },
    );

    it.each(file.negative.map((each) => [`${each.operation}: ${each.reason}`, each]))(
      'refused: %s',
      async (_, each) => {
        const { input, error } = each as VectorFile['negative'][number];
        const refused = async (): Promise<unknown> => operationOf(each as VectorCase)(input);
        await expect(refused()).rejects.toMatchObject({ name: error });
      },
    );
  });
}
