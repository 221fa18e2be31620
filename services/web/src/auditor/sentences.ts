/** Which text a lawyer reads for a check's answer; the detail is for the engineer's log. */
import type { InputKind } from '../verifier/record_files.ts';
import type { CheckId, CheckResult } from '../verifier/report.ts';
import type { Key } from '../words/words.ts';

/** The checks in groups that follow the course of a ballot, each with the key of its heading. */
export const GROUPS: readonly { readonly title: Key; readonly checks: readonly CheckId[] }[] = [
  { title: 'verify.group_meeting', checks: ['V20', 'V19', 'V18'] },
  { title: 'verify.group_setup', checks: ['V4', 'V5'] },
  { title: 'verify.group_ballots', checks: ['V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12'] },
  { title: 'verify.group_count', checks: ['V13', 'V14', 'V15', 'V16'] },
  { title: 'verify.group_record', checks: ['V0', 'V1', 'V2', 'V3', 'V17'] },
];

/** The key of the sentence for one check's answer about an input of this kind. */
export function sentenceOf(check: CheckResult, kind: InputKind): Key {
  const { id, status } = check;
  if (status === 'not_applicable') return `verify.reason.${check.reason ?? 'not_in_input'}`;
  if (check.isUnjudged === true) return 'verify.unjudged';
  if (id === 'V14' && status === 'holds' && kind === 'archive') return 'verify.V14.on_trust';
  if (id === 'V19' && kind === 'receipt') return `verify.V19.receipt_${status}`;
  return `verify.${id}.${status}`;
}
