/** The archives made by belenios-tool, with the trustees' files (tests/vectors/belenios). */

import { readdirSync, readFileSync } from 'node:fs';
import { type Archive, readArchive } from '../../src/crypto/belenios_archive.ts';
import { type Ballot, parseBallot } from '../../src/crypto/ballots.ts';
import { type Election, parseElection } from '../../src/crypto/elections.ts';
import { parseTrustees, type Trustees } from '../../src/crypto/trustees.ts';
import { VECTORS } from './vector_file.ts';

const BELENIOS = new URL('belenios/', VECTORS);

/** The folders, one an election. */
export const FOLDERS: readonly string[] = readdirSync(BELENIOS).sort();

/** An archive and what its texts say. */
export interface ToolArchive {
  readonly data: Uint8Array;
  readonly archive: Archive;
  readonly election: Election;
  readonly trustees: Trustees;
}

const opened = new Map<string, ToolArchive>();

/** A file of a folder as text, without the newline at its end. */
export function toolFile(folder: string, name: string): string {
  return readFileSync(new URL(`${folder}/${name}`, BELENIOS), 'utf-8').trim();
}

/** Names of the files of a folder that end so. */
export function toolFiles(folder: string, ending: string): string[] {
  return readdirSync(new URL(`${folder}/`, BELENIOS)).filter((name) => name.endsWith(ending));
}

/** The archive of a folder; read once. */
export function toolArchive(folder: string): ToolArchive {
  const known = opened.get(folder);
  if (known !== undefined) return known;
  const [name] = toolFiles(folder, '.bel');
  const data = Uint8Array.from(readFileSync(new URL(`${folder}/${name}`, BELENIOS)));
  const archive = readArchive(data);
  const election = parseElection(archive.election);
  const trustees = parseTrustees(election.group, archive.trustees);
  const read = { data, archive, election, trustees };
  opened.set(folder, read);
  return read;
}

/** The ballots that count: the last one of each credential, in order. */
export function countedBallots({ archive, election }: ToolArchive): Ballot[] {
  const last = new Map<string, Ballot>();
  for (const text of archive.ballots) {
    const ballot = parseBallot(election, text, false);
    last.delete(ballot.credential);
    last.set(ballot.credential, ballot);
  }
  return [...last.values()];
}
