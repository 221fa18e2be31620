import { describe, expect, it } from 'vitest';

import { signCommand } from '../../src/papers/command_line.ts';
import { isDay, numberText } from '../../src/papers/number_and_day.ts';
import {
  copyFileName,
  extractFileName,
  paperFileName,
  scanKind,
} from '../../src/papers/paper_file_names.ts';
import { shortHash } from '../../src/papers/short_hash.ts';
import { isPicture, MAX_PICTURE_KB } from '../../src/papers/signature_picture.ts';
import { signatureOfFile, signatureOfText } from '../../src/papers/signature_text.ts';
import { countingMinute, meetingMinute, SIGNER } from './papers.ts';

describe('the number of a minute', () => {
  it.each([
    ['7', '07'],
    [' 07 ', '07'],
    ['7a', '07a'],
    ['112', '112'],
    ['007', '07'],
  ])('%j is written as %j', (typed, number) => expect(numberText(typed)).toBe(number));

  it.each(['', '0', '00', 'bảy', '07/BB-HĐTĐKT', '-7', '7 8', '12345', '7abc', 'a'])(
    '%j is none',
    (typed) => expect(numberText(typed)).toBeNull(),
  );

  it('goes with a day that exists', () => {
    expect(isDay('2026-12-16', '2026-12-16')).toBe(true);
    expect(isDay('2026-12-30', '2027-01-04')).toBe(true);
    for (const day of ['', '2026-02-30', '2026-12-17', '16/12/2026']) {
      expect(isDay(day, '2026-12-16'), day).toBe(false);
    }
  });
});

describe('a signature that came back', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, at) => (at * 7 + 200) % 256);
  const base64 = Buffer.from(bytes).toString('base64');

  it.each([
    ['Base64', base64],
    ['Base64 in lines', `${base64.slice(0, 40)}\r\n${base64.slice(40)}\n`],
    ['Base64 without padding', base64.replace(/=+$/, '')],
    ['hex', Buffer.from(bytes).toString('hex')],
    ['hex in capitals', Buffer.from(bytes).toString('hex').toUpperCase()],
  ])('is read from %s', (_, text) => expect(signatureOfText(text)).toBe(base64));

  it('is read from a file of bytes or of text', () => {
    expect(signatureOfFile(bytes)).toBe(base64);
    expect(signatureOfFile(new TextEncoder().encode(base64))).toBe(base64);
  });

  it.each(['', 'chưa ký', '3045', base64.repeat(20)])('is not %j', (text) =>
    expect(signatureOfText(text)).toBeNull(),
  );
});

describe('a picture', () => {
  const png = (size: number) =>
    Uint8Array.from({ length: size }, (_, at) => [0x89, 80, 78, 71, 13, 10, 26, 10][at] ?? 0);

  it('is a PNG of a bounded size', () => {
    expect(isPicture(png(100))).toBe(true);
    expect(isPicture(png(MAX_PICTURE_KB * 1024 + 1))).toBe(false);
    expect(isPicture(new TextEncoder().encode('\xff\xd8\xff JFIF'))).toBe(false);
    expect(isPicture(new Uint8Array())).toBe(false);
  });
});

describe('names of files', () => {
  it('say what is in them, in ASCII', () => {
    const scan = {
      id: 'c',
      kind: 'hand_signed' as const,
      sha256: '33'.repeat(32),
      media_type: 'image/jpeg',
      size: 1,
      matched: true,
    };
    expect(paperFileName(countingMinute())).toBe('bien-ban-kiem-phieu-11111111.pdf');
    expect(copyFileName(meetingMinute(), scan)).toBe('bien-ban-hop-22222222-ban-ky-tay-33333333.jpg');
    expect(extractFileName(meetingMinute(), 3)).toBe('trich-bien-ban-hop-22222222-03.pdf');
  });

  it('go into the command for a token', () => {
    expect(signCommand('bien-ban-hop-22222222.pdf', 'presiding', 'lib.so')).toBe(
      'phieukin sign bien-ban-hop-22222222.pdf --field presiding --pkcs11 lib.so',
    );
  });

  it('are taken of scans only where the kind is one of three', () => {
    expect(scanKind('image/png')).toBe('image/png');
    expect(scanKind('image/heic')).toBeNull();
    expect(scanKind('toString')).toBeNull();
  });
});

it('a hash is shown in groups that can be read aloud', () => {
  expect(shortHash(SIGNER.sha256)).toBe('AB12 CD34 EF56 7890');
});
