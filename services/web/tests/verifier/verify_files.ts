/**
 * Run by Node: verifies every input that a list names, for tests/integration/
 * test_web_verifier_agrees.py. `node verify_files.js FOLDER` reads FOLDER/inputs.json and prints a
 * report, `{"malformed"}` or `{"refused"}` (a board) for each, in order.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fromBase64 } from '../../src/crypto/encodings.ts';
import { BoardRefusedError, verifyBoardForOpening } from '../../src/verifier/board.ts';
import { MalformedInputError } from '../../src/verifier/report.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';

interface FileInput {
  readonly kind: 'file';
  readonly name: string;
  readonly code: string | null;
  readonly strict: boolean;
}

interface BoardInput {
  readonly kind: 'board';
  readonly name: string;
}

async function verifyFile(data: Uint8Array, input: FileInput): Promise<unknown> {
  // Without a code to look for, none is stretched: it changes no check's status, only its words.
  const anchors = { code: input.code ?? undefined, strict: input.strict, showsCodes: false };
  try {
    return (await verifyBytes(data, input.name, { anchors })).report;
  } catch (error) {
    if (!(error instanceof MalformedInputError)) throw error;
    return { malformed: error.message };
  }
}

async function verifyBoard(data: Uint8Array): Promise<unknown> {
  const read = JSON.parse(new TextDecoder().decode(data)) as Record<
    'opening_note' | 'closing_note' | 'roster' | 'attendance',
    string
  > & { entries: string[] };
  const board = {
    entries: read.entries.map(fromBase64),
    openingNote: read.opening_note,
    closingNote: read.closing_note,
    roster: fromBase64(read.roster),
    attendance: fromBase64(read.attendance),
  };
  try {
    await verifyBoardForOpening(board);
    return { refused: [] };
  } catch (error) {
    if (!(error instanceof BoardRefusedError)) throw error;
    return { refused: error.refused };
  }
}

const [folder = '.'] = process.argv.slice(2);
const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const inputs = JSON.parse(new TextDecoder().decode(read('inputs.json'))) as (
  | FileInput
  | BoardInput
)[];
const answers: unknown[] = [];
for (const [place, input] of inputs.entries()) {
  const data = read(String(place));
  answers.push(input.kind === 'board' ? await verifyBoard(data) : await verifyFile(data, input));
}
process.stdout.write(JSON.stringify(answers));
