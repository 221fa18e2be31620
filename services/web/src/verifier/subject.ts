/** What an input says it is about: shown beside the checks, believed only when they hold. */

import type { Election } from '../crypto/elections.ts';
import type { Outcome } from '../schemas/entries.ts';
import type { Terms } from '../schemas/terms.ts';
import type { Evidence } from './evidence.ts';
import { orNull } from './report.ts';

/** One case of the list with its figures, where there is a result. */
export interface SubjectCase {
  readonly no: number;
  readonly name: string;
  readonly award: string;
  readonly outcome: Outcome | null;
}

/** The meeting and the figures as the input states them; null where it states none. */
export interface Subject {
  readonly council: string;
  readonly meeting: { readonly title: string; readonly startsAt: string; readonly venue: string }
    | null;
  readonly counts: { readonly members: number; readonly issued: number; readonly returned: number }
    | null;
  readonly cases: readonly SubjectCase[];
  readonly cancelled: string | null;
}

/** What a record is about; null where its terms cannot be read. */
export function subjectOf(evidence: Evidence): Subject | null {
  const terms = orNull(() => evidence.terms);
  if (terms === null) {
    return null;
  }
  const closed = evidence.find('closed');
  const outcomes = evidence.find('result')?.outcomes ?? [];
  return {
    ...subjectOfReceipt(terms),
    counts:
      closed === null
        ? null
        : { members: closed.members, issued: closed.issued, returned: closed.returned },
    cases: terms.nominations.map(({ no, name, award }) => ({
      no,
      name,
      award,
      outcome: outcomes.find((outcome) => outcome.no === no) ?? null,
    })),
    cancelled: evidence.cancelled?.text ?? null,
  };
}

/** What a receipt is about: its terms name the meeting; it holds no figure. */
export function subjectOfReceipt({ council, meeting }: Terms): Subject {
  const { title, starts_at: startsAt, venue } = meeting;
  return {
    council: council.name,
    meeting: { title, startsAt, venue },
    counts: null,
    cases: [],
    cancelled: null,
  };
}

/** What a Belenios archive is about: the name of its election. */
export function subjectOfArchive(election: Election): Subject {
  return { council: election.name, meeting: null, counts: null, cases: [], cancelled: null };
}
