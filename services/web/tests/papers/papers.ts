/** Papers as the service shows them, for tests: two tellers or the two officers and the agency. */
import type { PaperFieldView, PaperView, SignerView } from '../../src/api/types.ts';

export const SIGNER: SignerView = {
  subject: 'CN=Vũ Thị Minh',
  issuer: 'CN=Tổ chức cấp chứng thư',
  serial: '5402',
  not_after: '2028-01-01T00:00:00+07:00',
  sha256: 'ab12cd34ef567890'.repeat(4),
};

export function field(name: string, member: number | null): PaperFieldView {
  return { name, role: name, member, signed: false };
}

export function countingMinute(): PaperView {
  return {
    id: 'counting',
    kind: 'counting',
    uuids: ['h5Bq9RkTzX2mWe'],
    sha256: '11'.repeat(32),
    state: 'signing',
    fields: [field('teller-1', 4), field('teller-2', 5)],
    copies: [],
    issuers_judged: true,
  };
}

export function meetingMinute(): PaperView {
  return {
    ...countingMinute(),
    id: 'meeting',
    kind: 'meeting',
    sha256: '22'.repeat(32),
    // As the places stand in a file, not as they are signed.
    fields: [field('agency', null), field('secretary', 2), field('presiding', 1)],
  };
}

/** The paper with fields signed, in that order or not. */
export function signed(paper: PaperView, ...names: string[]): PaperView {
  const fields = paper.fields.map((each) =>
    names.includes(each.name) ? { ...each, signed: true, signer: SIGNER } : each,
  );
  return { ...paper, fields };
}

export function waiting(paper: PaperView, name: string): PaperView {
  const fields = paper.fields.map((each) =>
    each.name === name ? { ...each, waiting: SIGNER } : each,
  );
  return { ...paper, fields };
}

export function numbered(paper: PaperView): PaperView {
  return { ...paper, number: '07', date: '2026-12-16' };
}
