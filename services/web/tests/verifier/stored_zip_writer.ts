/** Writes zip files of stored members, as `record.zip` is made (protocol.md §9); for tests. */

import { crc32 } from 'node:zlib';

import { bytesOfText, joinBytes } from '../../src/crypto/encodings.ts';

/** One member; what is left out is as in an honest record. */
export interface Member {
  readonly name: string;
  readonly data: Uint8Array;
  readonly flags?: number;
  readonly method?: number;
  readonly localName?: string;
  readonly size?: number;
}

const DATE_1980 = 0x21;

/** The bytes of a zip file with these members in order. */
export function zipOf(members: readonly Member[], comment = ''): Uint8Array {
  const [files, directory] = [[] as Uint8Array[], [] as Uint8Array[]];
  let offset = 0;
  for (const member of members) {
    const local = joinBytes(
      numbers([4, 0x04034b50], ...shared(member)),
      numbers([2, bytesOfText(localName(member)).length], [2, 0]),
      bytesOfText(localName(member)),
      member.data,
    );
    directory.push(
      numbers(
        [4, 0x02014b50],
        [2, 20],
        ...shared(member),
        [2, bytesOfText(member.name).length],
        ...Array.from({ length: 4 }, (): [number, number] => [2, 0]),
        [4, 0],
        [4, offset],
      ),
      bytesOfText(member.name),
    );
    files.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const [count, note] = [members.length, bytesOfText(comment)];
  return joinBytes(
    ...files,
    ...directory,
    numbers([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, size], [4, offset]),
    numbers([2, note.length]),
    note,
  );
}

/** A record's files by name, in their order. */
export function zipOfFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipOf([...files].map(([name, data]) => ({ name, data })));
}

function localName(member: Member): string {
  return member.localName ?? member.name;
}

function shared(member: Member): [number, number][] {
  const size = member.size ?? member.data.length;
  return [
    [2, 20],
    [2, member.flags ?? 0],
    [2, member.method ?? 0],
    [2, 0],
    [2, DATE_1980],
    [4, crc32(member.data)],
    [4, member.data.length],
    [4, size],
  ];
}

function numbers(...fields: [bytes: number, value: number][]): Uint8Array {
  return joinBytes(
    ...fields.map(([bytes, value]) =>
      Uint8Array.from({ length: bytes }, (_, place) => Math.floor(value / 256 ** place) % 256),
    ),
  );
}
