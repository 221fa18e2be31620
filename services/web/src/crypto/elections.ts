/** `election.json` of Belenios protocol 1 and its fingerprint phi (belenios-format §3). */

import { sha256 } from '@noble/hashes/sha2.js';

import {
  dumps,
  integerField,
  listField,
  loads,
  orderedFields,
  requireExact,
  textField,
} from './belenios_json.ts';
import type { Bytes } from './encodings.ts';
import { bytesOfText, fromBase64NoPad, toBase64NoPad } from './encodings.ts';
import { MalformedError } from './errors.ts';
import type { Element, FixedBase, Group } from './groups/index.ts';
import { groupByName } from './groups/known.ts';

/** Most questions of an election that is read. */
export const MAX_QUESTIONS = 1000;
/** Most answers of a question that is read. */
export const MAX_ANSWERS = 1000;

const FIELDS = [
  'version',
  'description',
  'name',
  'group',
  'public_key',
  'questions',
  'uuid',
  'administrator',
  'credential_authority',
] as const;
const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,64}$/;
const PHI = /^[A-Za-z0-9+/]{43}$/;

/** A homomorphic question; with `blank` a leading choice stands for a blank answer. */
export interface Question {
  readonly answers: readonly string[];
  readonly blank: boolean;
  readonly min: number;
  readonly max: number;
  readonly question: string;
  /** Ciphertexts in an answer to it. */
  readonly choices: number;
}

/** What `election.json` says. */
export interface ElectionContent {
  readonly description: string;
  readonly name: string;
  readonly group: Group;
  readonly publicKey: Element;
  readonly questions: readonly Question[];
  readonly uuid: string;
  readonly administrator?: string | undefined;
  readonly credentialAuthority?: string | undefined;
}

/** A parsed election; `text` are its exact bytes, `fingerprint` is phi (43 characters). */
export class Election implements ElectionContent {
  readonly text: string;
  readonly description: string;
  readonly name: string;
  readonly group: Group;
  readonly publicKey: Element;
  readonly questions: readonly Question[];
  readonly uuid: string;
  readonly administrator: string | undefined;
  readonly credentialAuthority: string | undefined;
  readonly fingerprint: string;
  #key: FixedBase | undefined;

  constructor(text: string, content: ElectionContent) {
    this.text = text;
    this.description = content.description;
    this.name = content.name;
    this.group = content.group;
    this.publicKey = content.publicKey;
    this.questions = content.questions;
    this.uuid = content.uuid;
    this.administrator = content.administrator;
    this.credentialAuthority = content.credentialAuthority;
    this.fingerprint = fingerprint(text);
  }

  /** The election key y, prepared for many powers. */
  get key(): FixedBase {
    this.#key ??= this.group.fixedBase(this.publicKey);
    return this.#key;
  }
}

/** phi: Base64 of SHA-256 of the bytes of `election.json`, without padding (§3). */
export function fingerprint(electionText: string): string {
  return toBase64NoPad(sha256(bytesOfText(electionText)));
}

/** The 32 bytes of phi. Raises MalformedError for another spelling. */
export function rawFingerprint(phi: string): Bytes {
  if (!PHI.test(phi)) throw new MalformedError('phi is 43 characters of Base64');
  try {
    return fromBase64NoPad(phi);
  } catch {
    throw new MalformedError('phi has other bits than zero at its end');
  }
}

/**
 * Read an election with homomorphic questions, exact bytes, key in the group and not neutral.
 *
 * Raises MalformedError or MembershipError.
 */
export function parseElection(text: string): Election {
  const value = loads(text);
  const [version, description, name, groupName, key, questions, uuid, administrator, authority] =
    orderedFields(value, FIELDS, ['administrator', 'credential_authority']);
  requireExact(text, value);
  if (integerField(version) !== 1) throw new MalformedError('only Belenios protocol 1 is read');
  if (!UUID.test(textField(uuid))) {
    throw new MalformedError('a uuid has at least 14 base58 characters');
  }
  const group = groupByName(textField(groupName));
  const publicKey = group.elementFromText(textField(key));
  group.refuseIdentity(publicKey);
  const count = listField(questions).length;
  if (count < 1 || count > MAX_QUESTIONS) {
    throw new MalformedError('an election has one question or more, within the limit');
  }
  return new Election(text, {
    description: textField(description),
    name: textField(name),
    group,
    publicKey,
    questions: listField(questions).map(parseQuestion),
    uuid: textField(uuid),
    administrator: administrator === undefined ? undefined : textField(administrator),
    credentialAuthority: authority === undefined ? undefined : textField(authority),
  });
}

/** The exact bytes of `election.json` from its values (§3). */
export function electionToText(election: ElectionContent): string {
  const { administrator, credentialAuthority } = election;
  return dumps({
    version: 1,
    description: election.description,
    name: election.name,
    group: election.group.name,
    public_key: election.group.elementToText(election.publicKey),
    questions: election.questions.map(questionToJson),
    uuid: election.uuid,
    ...(administrator === undefined ? {} : { administrator }),
    ...(credentialAuthority === undefined ? {} : { credential_authority: credentialAuthority }),
  });
}

function questionToJson(question: Question): object {
  return {
    answers: question.answers,
    ...(question.blank ? { blank: true } : {}),
    min: question.min,
    max: question.max,
    question: question.question,
  };
}

function parseQuestion(value: unknown): Question {
  const [answers, blank, least, most, question] = orderedFields(
    value,
    ['answers', 'blank', 'min', 'max', 'question'],
    ['blank'],
  );
  if (blank !== undefined && blank !== true) {
    throw new MalformedError('blank is true or left out');
  }
  const texts = listField(answers).map(textField);
  if (texts.length < 1 || texts.length > MAX_ANSWERS) {
    throw new MalformedError('a question has one answer or more, within the limit');
  }
  const [min, max] = [integerField(least), integerField(most)];
  if (!(0 <= min && min <= max && max <= texts.length)) {
    throw new MalformedError('a question allows 0 <= min <= max <= answers');
  }
  return {
    answers: texts,
    blank: blank === true,
    min,
    max,
    question: textField(question),
    choices: texts.length + (blank === true ? 1 : 0),
  };
}
