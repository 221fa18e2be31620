import { describe, expect, it } from 'vitest';

import type { CeremonyView, ElectionView } from '../../src/api/types.ts';
import { bodyOf, commandFor, dueOfflineStep, filesFor } from '../../src/tellers/offline_steps.ts';

const view = (certificate: boolean): CeremonyView => ({
  trustee_threshold: 2,
  trustees: [1, 2, 3].map((index) => ({
    index,
    member: index + 6,
    name: `T${index}`,
    certificate: certificate || index > 1,
    commitment: false,
    reveal: false,
    key: false,
    confirmation: false,
  })),
  entries: [],
});
const election = (state: ElectionView['state']) =>
  ({ uuid: '2MoJPRgWzLnoyF', group: 'Ed25519', state }) as ElectionView;

describe('a teller with the offline program', () => {
  it('takes one step after the other, the last one after closing', () => {
    expect(dueOfflineStep(view(false), election('ceremony'), 7)).toBe('certificate');
    expect(dueOfflineStep(view(false), election('ceremony'), 8)).toBeNull();
    expect(dueOfflineStep(view(true), election('ceremony'), 8)).toBe('commitment');
    expect(dueOfflineStep(view(true), election('closed'), 8)).toBe('open');
  });

  it('gets commands that name place, files and code', () => {
    expect(commandFor('certificate', view(false), election('ceremony'), 9)).toBe(
      'phieukin trustee certificate --state chia-mo-hom.phieukin --uuid 2MoJPRgWzLnoyF ' +
        '--group Ed25519 --index 3 --size 3 --threshold 2 --output certificate.json',
    );
    expect(commandFor('key', view(true), election('ceremony'), 9)).toBe(
      'phieukin trustee key --state chia-mo-hom.phieukin --input ceremony.json ' +
        '--shares shares.json --output key.json',
    );
    expect(commandFor('open', view(true), election('closed'), 9)).toContain(
      '--input board.zip --code XXXX-XXXX-XXXX-XXXX-XXXX --output open.json',
    );
    expect(filesFor('key')).toEqual(['ceremony.json', 'shares.json']);
  });

  it('sends the file of this very step and no other', () => {
    expect(bodyOf('commitment', '{"commitment":"ab"}')).toEqual({ commitment: 'ab' });
    expect(bodyOf('open', '{"partial_decryption":"{}","proof":{}}')).not.toBeNull();
    expect(bodyOf('commitment', '{"certificate":"ab"}')).toBeNull();
    expect(bodyOf('commitment', '{"commitment":"ab","seed":"secret"}')).toBeNull();
    for (const text of ['', '[]', 'null', 'PK\u0003\u0004']) {
      expect(bodyOf('commitment', text)).toBeNull();
    }
  });
});
