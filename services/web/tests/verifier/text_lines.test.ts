/** Names of two columns that go on in a second line. */

import { describe, expect, it } from 'vitest';

import type { PlacedText } from '../../src/verifier/paper/page_content.ts';
import { inColumns } from '../../src/verifier/paper/text_lines.ts';

const LETTER_PT = 7;

/** A text letter by letter, from a place on. */
function placed(text: string, left: number, baseline: number): PlacedText[] {
  return [...text].map((letter, place) => ({
    text: letter,
    left: left + place * LETTER_PT,
    right: left + (place + 1) * LETTER_PT,
    baseline,
    size: 14,
  }));
}

describe('what stands in two columns', () => {
  it('is read column by column, pages in their order', () => {
    const first = [
      ...placed('Nguyễn Thị Hoàng', 100, 300),
      ...placed('Trần Văn Quang', 380, 300),
      ...placed('Phương Uyên', 110, 284),
      ...placed('Minh Hải', 390, 284.4),
    ];
    const second = placed('Lê Bình', 120, 700);
    expect(inColumns([first, second])).toBe(
      'NguyễnThịHoàngPhươngUyênLêBình\nTrầnVănQuangMinhHải',
    );
  });

  it('is one part where letters are no farther apart than words', () => {
    const line = [...placed('Đối chiếu: mã niêm', 100, 90), ...placed('phong', 236, 90)];
    expect(inColumns([line])).toBe('Đốichiếu:mãniêmphong\n');
  });
});
