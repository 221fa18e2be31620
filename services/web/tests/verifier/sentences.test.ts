/** What a lawyer reads: every answer of every check has a sentence in both languages. */

import { describe, expect, it } from 'vitest';

import { GROUPS, sentenceOf } from '../../src/auditor/sentences.ts';
import { CHECK_IDS, type CheckResult, type Reason } from '../../src/verifier/report.ts';
import en from '../../src/words/auditor.en.json' with { type: 'json' };
import vi from '../../src/words/auditor.vi.json' with { type: 'json' };

const KINDS = ['record', 'archive', 'receipt', 'paper'] as const;
const REASONS: readonly Reason[] = [
  'cancelled',
  'depends',
  'no_anchor',
  'no_checkpoints',
  'no_receipt',
  'no_roster',
  'not_in_input',
  'not_opened',
  'no_paper',
];

describe('the sentences', () => {
  it('are there for every check and every answer', () => {
    for (const id of CHECK_IDS) {
      const answers: CheckResult[] = [
        { id, status: 'holds', detail: '' },
        { id, status: 'fails', detail: '' },
        { id, status: 'fails', detail: '', isUnjudged: true },
        { id, status: 'not_applicable', detail: '' },
        ...REASONS.map((reason) => ({ id, status: 'not_applicable', detail: '', reason }) as const),
      ];
      for (const answer of answers) {
        for (const kind of KINDS) {
          const key = sentenceOf(answer, kind);
          expect(Object.keys(vi), key).toContain(key);
          expect(Object.keys(en), key).toContain(key);
        }
      }
    }
  });

  it('tell a receipt and an archive by itself apart', () => {
    const [v14, v19] = (['V14', 'V19'] as const).map(
      (id): CheckResult => ({ id, status: 'holds', detail: '' }),
    );
    if (v14 === undefined || v19 === undefined) throw new RangeError('no check');
    expect(sentenceOf(v14, 'archive')).toBe('verify.V14.on_trust');
    expect(sentenceOf(v14, 'record')).toBe('verify.V14.holds');
    expect(sentenceOf(v19, 'receipt')).toBe('verify.V19.receipt_holds');
    expect(sentenceOf(v19, 'record')).toBe('verify.V19.holds');
  });

  it('stand in groups that hold every check once', () => {
    const grouped = GROUPS.flatMap((group) => group.checks);
    expect([...grouped].sort()).toEqual([...CHECK_IDS].sort());
  });
});
