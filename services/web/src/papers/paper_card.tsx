/** One paper: how far it is, whose turn it is, and what this person can do with it now. */
import type { JSX } from 'preact';

import type { PaperFieldView, PaperView } from '../api/types.ts';
import { dateText } from '../design/local_time.ts';
import { Notice } from '../design/notice.tsx';
import { type Key, t } from '../words/words.ts';
import { NumberForm } from './number_form.tsx';
import { PaperCopies } from './paper_copies.tsx';
import type { PaperListProps } from './paper_list.tsx';
import { PaperOutputs } from './paper_outputs.tsx';
import { RemoteSigning } from './remote_signing.tsx';
import { isAgency, signerName } from './signer_name.ts';
import {
  fieldsDue,
  fieldsWaiting,
  hasNumber,
  hasSignature,
  isNumberDue,
  isSignedByHand,
  ownFieldDue,
} from './signing_order.ts';
import { SigningSteps } from './signing_steps.tsx';
import { SigningWays } from './signing_ways.tsx';
import { WaitingSigner } from './waiting_signer.tsx';

/** What every part of a card gets. */
export interface PaperCardProps extends PaperListProps {
  paper: PaperView;
  /** Something was changed at the service: ask for the papers again. */
  onDone: () => void;
}

export function PaperCard(props: PaperCardProps): JSX.Element {
  const { paper, member, names, onDone } = props;
  const title = t(`papers.${paper.kind}`);
  const isDesk = member === null;
  const own = ownFieldDue(paper, member);
  const due = isDesk ? fieldsDue(paper) : own === null ? [] : [own];
  return (
    <section class="card" aria-label={title}>
      <div class="row spread">
        <h3>{title}</h3>
        <strong>{stateText(paper)}</strong>
      </div>
      {hasNumber(paper) ? (
        <p>
          {t('papers.numbered', { number: paper.number ?? '', day: dateText(paper.date ?? '') })}
        </p>
      ) : null}
      {isSignedByHand(paper) ? null : <SigningSteps paper={paper} names={names} />}
      <Turn {...props} />
      {isDesk
        ? fieldsWaiting(paper).map((field) => (
            <WaitingSigner key={field.name} {...props} field={field} />
          ))
        : null}
      {isDesk && isNumberDue(paper) ? <NumberForm paper={paper} onDone={onDone} /> : null}
      <SigningWays {...props} isMine={own !== null} due={due} />
      {due.length === 0 ? null : <RemoteSigning {...props} due={due} />}
      <PaperCopies {...props} />
      {isDesk && paper.state !== 'replaced' ? <PaperOutputs {...props} /> : null}
      <Level paper={paper} />
    </section>
  );
}

function stateText(paper: PaperView): string {
  return t(isSignedByHand(paper) ? 'papers.state_by_hand' : `papers.state_${paper.state}`);
}

/** Whose turn it is, in a sentence; the desk has its forms for what only it does. */
function Turn({ paper, member, names }: PaperCardProps): JSX.Element | null {
  const waiting = fieldsWaiting(paper);
  const due = fieldsDue(paper);
  const people = (fields: readonly PaperFieldView[]) =>
    fields.map((field) => signerName(field, names)).join(', ');
  if (ownFieldDue(paper, member) !== null) return <Notice>{t('papers.turn_own')}</Notice>;
  if (paper.state === 'replaced') return <Notice kind="caution">{t('papers.turn_replaced')}</Notice>;
  if (isSignedByHand(paper)) return <Notice kind="done">{t('papers.turn_by_hand')}</Notice>;
  if (waiting.length > 0) return <p>{t('papers.turn_confirm', { names: people(waiting) })}</p>;
  if (paper.state === 'issued') return <Notice kind="done">{t('papers.turn_issued')}</Notice>;
  if (isNumberDue(paper)) return member === null ? null : <p>{t('papers.turn_number')}</p>;
  if (due.some(isAgency)) return <p>{t('papers.turn_agency')}</p>;
  if (due.length > 0) return <p>{t('papers.turn_wait', { names: people(due) })}</p>;
  return <Notice kind="done">{t('papers.turn_signed')}</Notice>;
}

/** How long the signatures can be checked, and by what they were judged. */
function Level({ paper }: { paper: PaperView }): JSX.Element | null {
  if (!hasSignature(paper)) return null;
  // While people still sign there is nothing to say about how long the paper can be checked.
  const level = paper.state === 'signing' ? null : (paper.level ?? null);
  const levels: Readonly<Record<'B-B' | 'B-LTA', Key>> = {
    'B-B': 'papers.level_none',
    'B-LTA': 'papers.level_long',
  };
  return (
    <div class="stack tight quiet">
      {level === null ? null : <p>{t(levels[level])}</p>}
      {paper.issuers_judged === true ? null : <p>{t('papers.not_judged')}</p>}
    </div>
  );
}
