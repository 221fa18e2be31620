/** Marking the ballot: cases by award, each with its two choices. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { Page } from '../design/page.tsx';
import type { Nomination } from '../schemas/terms.ts';
import { t } from '../words/words.ts';
import { CoverButton } from './cover.tsx';
import {
  type AwardGroup,
  countOpen,
  groupByAward,
  type Mark,
  markAllOpen,
  type Marks,
  withMark,
} from './marks.ts';
import { ElectionCode } from './stretched_code.tsx';

/** A word and a symbol for each choice, of equal weight. */
const SYMBOLS = { agree: '✓', disagree: '✕' } as const;
type Choice = keyof typeof SYMBOLS;
const CHOICES: readonly Choice[] = ['agree', 'disagree'];

export interface MarkingProps {
  phi: string;
  nominations: readonly Nomination[];
  marks: Marks;
  where: string;
  onMarks: (marks: Marks) => void;
  onReview: () => void;
  above?: JSX.Element | undefined;
  below?: JSX.Element | undefined;
}

/** What a mark of a whole group has changed, so that it can be undone. */
interface Undoable {
  award: string;
  mark: Choice;
  count: number;
  before: Marks;
}

export function Marking(props: MarkingProps): JSX.Element {
  const { phi, nominations, marks, where, onMarks, onReview } = props;
  const [undoable, setUndoable] = useState<Undoable | null>(null);
  useBallotPage();
  const change = (next: Marks, undo: Undoable | null = null) => {
    setUndoable(undo);
    onMarks(next);
  };
  return (
    <Page title={t('ballot.title')} where={where}>
      {props.above}
      <div class="card">
        <ElectionCode phi={phi} hasQr={false} />
        <p class="quiet">{t('ballot.compare_short')}</p>
      </div>
      <p>{t('ballot.instruction')}</p>
      {groupByAward(nominations).map((group) => (
        <AwardSection
          key={group.award}
          group={group}
          marks={marks}
          undoable={undoable?.award === group.award ? undoable : null}
          onChange={change}
        />
      ))}
      {props.below}
      <div class="ballot-bar">
        <p class="ballot-bar-count" role="status">
          {remaining(marks)}
        </p>
        <div class="ballot-bar-buttons">
          <CoverButton />
          <Button kind="main" onClick={onReview}>
            {t('review.title')}
          </Button>
        </div>
      </div>
    </Page>
  );
}

/** "{n} cases not marked yet", or that all are. */
export function remaining(marks: Marks): string {
  const open = countOpen(marks);
  if (open === 0) return t('ballot.all_marked', { n: marks.length });
  return t('ballot.remaining', { n: open });
}

interface AwardProps {
  group: AwardGroup;
  marks: Marks;
  undoable: Undoable | null;
  onChange: (marks: Marks, undo?: Undoable) => void;
}

function AwardSection({ group, marks, undoable, onChange }: AwardProps): JSX.Element {
  return (
    <section class="stack" aria-label={group.award}>
      <div class="group-head">
        <h2>{group.award}</h2>
        <p class="quiet">{t('ballot.group_count', { n: group.cases.length })}</p>
        <GroupTools group={group} marks={marks} undoable={undoable} onChange={onChange} />
      </div>
      {group.cases.map(({ place, nomination }) => (
        <CaseCard
          key={place}
          nomination={nomination}
          mark={marks[place] ?? 'blank'}
          onMark={(mark) => onChange(withMark(marks, place, mark))}
        />
      ))}
    </section>
  );
}

/** One mark for all open cases of a group: nothing is set before it is tapped, and it is undone. */
function GroupTools({ group, marks, undoable, onChange }: AwardProps): JSX.Element | null {
  const open = countOpen(marks, group);
  if (undoable !== null) {
    return <GroupDone undoable={undoable} onUndo={() => onChange(undoable.before)} />;
  }
  if (group.cases.length < 2 || open < 2) return null;
  const markAll = (mark: Choice) =>
    onChange(markAllOpen(marks, group, mark), {
      award: group.award,
      mark,
      count: open,
      before: marks,
    });
  return (
    <div class="group-tools">
      <span>{t('ballot.group')}</span>
      <div class="choices">
        {CHOICES.map((mark) => (
          <Button
            key={mark}
            label={t('ballot.group_button', { mark: t(`ballot.${mark}`), award: group.award })}
            onClick={() => markAll(mark)}
          >
            <Choiced mark={mark} />
          </Button>
        ))}
      </div>
    </div>
  );
}

function GroupDone(props: { undoable: Undoable; onUndo: () => void }): JSX.Element {
  const { undoable, onUndo } = props;
  const line = useRef<HTMLDivElement>(null);
  // The buttons that were tapped have gone: the focus goes to what undoes them.
  useEffect(() => line.current?.querySelector('button')?.focus(), []);
  return (
    <div class="row spread" ref={line}>
      <span role="status">
        {t('ballot.group_done', { mark: t(`ballot.${undoable.mark}`), n: undoable.count })}
      </span>
      <Button onClick={onUndo}>{t('ballot.undo')}</Button>
    </div>
  );
}

function CaseCard(props: {
  nomination: Nomination;
  mark: Mark;
  onMark: (mark: Mark) => void;
}): JSX.Element {
  const { nomination, mark, onMark } = props;
  const id = `case-${nomination.no}`;
  return (
    <div class="card" role="group" aria-labelledby={id}>
      <CaseHead nomination={nomination} id={id} />
      <div class="choices">
        {CHOICES.map((choice) => (
          <Button key={choice} pressed={mark === choice} onClick={() => onMark(choice)}>
            <Choiced mark={choice} />
          </Button>
        ))}
      </div>
      <div class="case-tools">
        {nomination.summary === undefined ? null : (
          <details>
            <summary>{t('ballot.summary')}</summary>
            <p class="summary-text">{nomination.summary}</p>
          </details>
        )}
        <Button
          kind="plain"
          idle={mark === 'blank'}
          label={t('ballot.clear_of', { name: nomination.name })}
          onClick={() => onMark('blank')}
        >
          {t('ballot.clear')}
        </Button>
      </div>
    </div>
  );
}

/** Number, name and unit of a case. */
export function CaseHead({ nomination, id }: { nomination: Nomination; id?: string }): JSX.Element {
  return (
    <h3 class="case-head" id={id}>
      <span class="case-no">{nomination.no}.</span>
      <span>{nomination.name}</span>
      {nomination.unit === '' ? null : <span class="case-unit">{nomination.unit}</span>}
    </h3>
  );
}

/** Symbol and word of a choice. */
export function Choiced({ mark }: { mark: Mark }): JSX.Element {
  return (
    <>
      <span class="symbol" aria-hidden="true">
        {mark === 'blank' ? '–' : SYMBOLS[mark]}
      </span>
      <span>{t(`ballot.${mark}`)}</span>
    </>
  );
}

/** While the bar is there, the page scrolls so that it hides nothing that has the focus. */
function useBallotPage(): void {
  useEffect(() => {
    document.documentElement.classList.add('ballot-page');
    return () => document.documentElement.classList.remove('ballot-page');
  }, []);
}
