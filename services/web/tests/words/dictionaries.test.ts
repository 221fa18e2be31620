import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../src/words');
const AREAS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.vi.json'))
  .map((name) => name.slice(0, -'.vi.json'.length));

function read(area: string, language: string): Record<string, string> {
  return JSON.parse(readFileSync(join(FOLDER, `${area}.${language}.json`), 'utf8')) as Record<
    string,
    string
  >;
}

const placeholders = (text: string) => (text.match(/\{[^}]*\}/g) ?? []).sort();

/** Words that members, tellers and the hall never read (words.md §1), with what is allowed. */
const FORBIDDEN: readonly RegExp[] = [
  /khóa(?! họp)/i,
  /chia sẻ/i,
  /token/i,
  /checkpoint/i,
  /mã hóa/i,
  /mật mã học/i,
  /bằng chứng/i,
  /chữ ký mù/i,
  /sổ cái/i,
  /\bnút\b/i,
  /kiểm tra phiếu/i,
  /biểu quyết/i,
  /bình chọn/i,
  /bầu/i,
  /nhất trí/i,
  /phiếu trắng/i,
  /ứng (cử )?viên/i,
  /trượt/i,
  /bị loại/i,
  /thất bại/i,
  /người dùng/i,
  /tài khoản/i,
  /đăng nhập/i,
  /passkey|mã bỏ phiếu|mã băm|mã kiểm tra/i,
];
/** "mã" stands with its noun only: three codes to compare, and what everybody knows as one. */
const BARE_CODE =
  /(?<!mật )(?<![\p{L}])mã(?![\p{L}])(?! (cuộc bỏ phiếu|niêm phong|biên nhận|QR|mời|mở máy))/iu;
/** A sentence that words.md gives itself: its title says which code it is of. */
const GIVEN = ['receipt.explain'];
const EVERYBODYS = ['shared', 'join', 'member', 'officer', 'scanner', 'tellers', 'hall', 'kiosk'];

describe.each(AREAS)('the texts of %s', (area) => {
  const vi = read(area, 'vi');
  const en = read(area, 'en');

  it('are there in both languages', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
  });

  it('have the same places to fill', () => {
    for (const [key, text] of Object.entries(vi)) {
      expect(placeholders(en[key] ?? ''), key).toEqual(placeholders(text));
      for (const place of placeholders(text)) expect(place, key).toMatch(/^\{[a-z_]+\}$/);
    }
  });

  it('are NFC, trimmed and not empty', () => {
    for (const [key, text] of [...Object.entries(vi), ...Object.entries(en)]) {
      expect(text, key).toBe(text.normalize('NFC').trim());
      expect(text, key).not.toBe('');
    }
  });
});

describe.each(EVERYBODYS)('the Vietnamese texts of %s', (area) => {
  it('have no word that a member must not meet', () => {
    for (const [key, text] of Object.entries(read(area, 'vi'))) {
      for (const word of FORBIDDEN) expect(text, key).not.toMatch(word);
      if (!GIVEN.includes(key)) expect(text, key).not.toMatch(BARE_CODE);
    }
  });
});

it('no key has two texts', () => {
  const keys = AREAS.flatMap((area) => Object.keys(read(area, 'vi')));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});
