// Both groups.
import '../../src/crypto/groups/index.ts';

import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';

import { type Archive, readArchive, readMembers, writeArchive }
  from '../../src/crypto/belenios_archive.ts';
import { bytesOfText, equalBytes, joinBytes, toHex } from '../../src/crypto/encodings.ts';
import { ArchiveError } from '../../src/crypto/errors.ts';
import { FOLDERS, toolArchive, toolFile } from './tool_archives.ts';

const FOLDER = 'tool-3.3.0-ed25519-agree';
const UNFINISHED: readonly Partial<Archive>[] = [
  { result: null },
  { partialDecryptions: [] },
  { encryptedTally: null, numTallied: null, totalWeight: null },
  { isClosed: false },
  { ballots: [] },
];

function hashOf(text: string): string {
  return toHex(sha256(bytesOfText(text)));
}

/** A member with a right header, whatever stands in it. */
function member(name: string, content: Uint8Array): Uint8Array {
  const header = new Uint8Array(512);
  const put = (offset: number, text: string): void => {
    header.set(bytesOfText(text), offset);
  };
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(0, name);
  put(100, '0000644\0');
  put(108, '0000000\0' + '0000000\0');
  put(124, `${octal(content.length, 11)}\0`);
  put(136, `${octal(1, 11)}\0`);
  put(148, ' '.repeat(8));
  put(156, '0');
  put(148, `${octal(header.reduce((sum, byte) => sum + byte, 0), 6)}\0 `);
  const padding = new Uint8Array((512 - (content.length % 512)) % 512);
  return joinBytes(header, content, padding);
}

/** Writes archives that the writer would never write. */
class Maker {
  #parts: Uint8Array[];
  #parent: string | null = null;
  #height = 0;

  constructor(header = '{"version":1,"timestamp":"1"}') {
    this.#parts = [member('BELENIOS', bytesOfText(header))];
  }

  get data(): Uint8Array {
    return joinBytes(...this.#parts);
  }

  raw(name: string, content: Uint8Array): void {
    this.#parts.push(member(name, content));
  }

  add(text: string): string {
    this.raw(`${hashOf(text)}.data.json`, bytesOfText(text));
    return hashOf(text);
  }

  event(type: unknown, payload?: string, changes: object = {}): void {
    const value = {
      ...(this.#parent === null ? {} : { parent: this.#parent }),
      height: this.#height,
      type,
      ...(payload === undefined ? {} : { payload }),
      ...changes,
    };
    this.eventText(JSON.stringify(value));
  }

  eventText(text: string): void {
    this.#parent = hashOf(text);
    this.#height += 1;
    this.raw(`${this.#parent}.event.json`, bytesOfText(text));
  }

  setUp(): void {
    const names = ['election', 'trustees', 'credentials'];
    const hashes = Object.fromEntries(names.map((name) => [name, this.add(`"${name}"`)]));
    this.event('Setup', this.add(JSON.stringify(hashes)));
  }
}

describe.each(FOLDERS)('the archive %s', (folder) => {
  const { data, archive } = toolArchive(folder);

  it('is read whole, and gives the same bytes when it is written again', () => {
    expect(equalBytes(writeArchive(archive), data)).toBe(true);
    expect(new Set(archive.ballots).size).toBe(archive.ballots.length);
    expect(archive.isClosed).toBe(true);
    expect(archive.result).toBe(toolFile(folder, 'expected-result.json'));
  });

  it('names every object by its hash', () => {
    const [header, ...members] = readMembers(data);
    expect(header?.text).toBe(`{"version":1,"timestamp":"${archive.timestamp}"}`);
    for (const { name, text } of members) expect(name.split('.')[0]).toBe(hashOf(text));
  });
});

describe('an archive', () => {
  it.each(UNFINISHED.map((_, cuts) => cuts + 1))('may end at any event: %i cuts', (cuts) => {
    const missing: Partial<Archive> = Object.assign({}, ...UNFINISHED.slice(0, cuts));
    const cut: Archive = { ...toolArchive(FOLDER).archive, ...missing };
    const data = writeArchive(cut);
    expect(readArchive(data)).toEqual(cut);
    const beginning = toolArchive(FOLDER).data.subarray(0, data.length);
    expect(equalBytes(beginning, data)).toBe(true);
  });

  it('is refused after one changed byte anywhere', () => {
    const { data } = toolArchive(FOLDER);
    for (let place = 0; place < data.length; place += Math.floor(data.length / 150)) {
      const changed = Uint8Array.from(data);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(() => readArchive(changed), `byte ${place}`).toThrow(ArchiveError);
    }
  });

  it('is refused with one byte or block more or less', () => {
    const { data } = toolArchive(FOLDER);
    for (const other of [
      data.subarray(0, -1),
      joinBytes(data, new Uint8Array(1)),
      joinBytes(data, new Uint8Array(1024)),
      joinBytes(new Uint8Array(1024), data),
      data.subarray(512),
      new Uint8Array(0),
    ]) {
      expect(() => readArchive(other)).toThrow(ArchiveError);
    }
  });

  it('keeps the order of its partial decryptions', () => {
    const partialDecryptions = [{ owner: 3, text: '{}' }, { owner: 1, text: '[]' }];
    const changed = { ...toolArchive(FOLDER).archive, partialDecryptions };
    expect(readArchive(writeArchive(changed)).partialDecryptions).toEqual(partialDecryptions);
  });

  it('cannot be written with a time beyond its headers, or a tally without its sizes', () => {
    const { archive } = toolArchive(FOLDER);
    const latest = { ...archive, timestamp: 8 ** 11 - 1 };
    expect(readArchive(writeArchive(latest))).toEqual(latest);
    for (const wrong of [
      { timestamp: 8 ** 11 },
      { timestamp: -1 },
      { timestamp: 1.5 },
      { numTallied: null },
      { totalWeight: null },
      { encryptedTally: null },
    ]) {
      expect(() => writeArchive({ ...archive, ...wrong })).toThrow(ArchiveError);
    }
  });
});

describe('an archive whose headers and hashes are right', () => {
  it('may hold a set-up alone', () => {
    const maker = new Maker();
    maker.setUp();
    expect(readArchive(maker.data)).toMatchObject({ election: '"election"', isClosed: false });
  });

  const faults: Readonly<Record<string, (maker: Maker) => void>> = {
    'nothing': () => undefined,
    'a second set-up': (maker) => {
      maker.setUp();
      maker.setUp();
    },
    'a ballot before the set-up': (maker) => {
      maker.event('Ballot', maker.add('{}'));
      maker.setUp();
    },
    'a ballot after the end': (maker) => {
      maker.setUp();
      maker.event('EndBallots');
      maker.event('Ballot', maker.add('{}'));
    },
    'the end twice': (maker) => {
      maker.setUp();
      maker.event('EndBallots');
      maker.event('EndBallots');
    },
    'the end with a payload': (maker) => {
      maker.setUp();
      maker.event('EndBallots', maker.add('{}'));
    },
    'an unknown event': (maker) => {
      maker.setUp();
      maker.event('Shuffle', maker.add('{}'));
    },
    'an event of a list': (maker) => {
      maker.setUp();
      maker.event(['Ballot'], maker.add('{}'));
    },
    'an event that is no object': (maker) => {
      maker.setUp();
      maker.eventText('[]');
    },
    'a ballot without payload': (maker) => {
      maker.setUp();
      maker.event('Ballot');
    },
    'a missing object': (maker) => {
      maker.setUp();
      maker.event('Ballot', '0'.repeat(64));
    },
    'an object named otherwise': (maker) => {
      maker.setUp();
      maker.event('Ballot', maker.add('{}').toUpperCase());
    },
    'an object that nobody names': (maker) => {
      maker.setUp();
      maker.add('"extra"');
    },
    'a wrong height': (maker) => {
      maker.setUp();
      maker.event('Ballot', maker.add('{}'), { height: 2 });
    },
    'a wrong parent': (maker) => {
      maker.setUp();
      maker.event('Ballot', maker.add('{}'), { parent: '0'.repeat(64) });
    },
    'more in an event': (maker) => {
      maker.setUp();
      maker.event('Ballot', maker.add('{}'), { extra: 1 });
    },
    'a name of another hash': (maker) => {
      maker.setUp();
      maker.raw(`${'0'.repeat(64)}.data.json`, bytesOfText('{}'));
    },
    'a name of another form': (maker) => {
      maker.setUp();
      maker.raw('README', bytesOfText('{}'));
    },
    'a malformed set-up': (maker) => {
      maker.event('Setup', maker.add('{}'));
    },
    'malformed sizes': (maker) => {
      maker.setUp();
      maker.event('EndBallots');
      const sized = { num_tallied: '1', total_weight: 1, encrypted_tally: maker.add('[]') };
      maker.event('EncryptedTally', maker.add(JSON.stringify(sized)));
    },
    'an owner that is no number': (maker) => {
      maker.setUp();
      const owned = { owner: '1', payload: maker.add('{}') };
      maker.event('PartialDecryption', maker.add(JSON.stringify(owned)));
    },
    'a member of other bytes than UTF-8': (maker) => {
      maker.setUp();
      maker.raw(`${'0'.repeat(64)}.data.json`, Uint8Array.of(0xff, 0xfe));
    },
  };

  it.each(Object.entries(faults))('is refused with %s', (_, make) => {
    const maker = new Maker();
    make(maker);
    expect(() => readArchive(maker.data)).toThrow(ArchiveError);
  });

  it.each([
    '{"version":2,"timestamp":"1"}',
    '{"version":1,"timestamp":1}',
    '{"version":1,"timestamp":"01"}',
    '{"version":1,"timestamp":"99999999999"}',
    '{"timestamp":"1","version":1}',
    '{"version":1}',
    '',
  ])('is refused with the header %s', (header) => {
    const maker = new Maker(header);
    maker.setUp();
    expect(() => readArchive(maker.data)).toThrow(ArchiveError);
  });
});
