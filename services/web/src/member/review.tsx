/** Looking over the whole ballot before it is sealed: every choice, blanks by name. */
import type { JSX } from 'preact';

import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import type { Nomination } from '../schemas/terms.ts';
import { t } from '../words/words.ts';
import { CoverButton } from './cover.tsx';
import { Choiced } from './marking.tsx';
import { countOpen, groupByAward, type Marks } from './marks.ts';

export interface ReviewProps {
  nominations: readonly Nomination[];
  marks: Marks;
  where: string;
  onChange: () => void;
  onReady: () => void;
}

export function Review(props: ReviewProps): JSX.Element {
  const { nominations, marks, where, onChange, onReady } = props;
  const blanks = countOpen(marks);
  return (
    <Page title={t('review.title')} where={where}>
      {blanks === 0 ? <p>{t('review.ready')}</p> : <Blanks {...props} count={blanks} />}
      <MarkList nominations={nominations} marks={marks} />
      <div class="stack tight">
        <Button kind="main" full onClick={blanks === 0 ? onReady : onChange}>
          {blanks === 0 ? t('app.continue') : t('review.continue')}
        </Button>
        <Button full onClick={blanks === 0 ? onChange : onReady}>
          {blanks === 0 ? t('review.change') : t('review.leave')}
        </Button>
        <CoverButton />
      </div>
    </Page>
  );
}

function Blanks({ nominations, marks, count }: ReviewProps & { count: number }): JSX.Element {
  const names = nominations.filter((_, place) => marks[place] === 'blank');
  return (
    <Notice kind="caution">
      <p>{t('review.blank', { n: count })}</p>
      <ul>
        {names.map((nomination) => (
          <li key={nomination.no}>
            {nomination.no}. {nomination.name}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Every case with its mark, by award. */
export function MarkList(props: {
  nominations: readonly Nomination[];
  marks: Marks;
}): JSX.Element {
  return (
    <>
      {groupByAward(props.nominations).map(({ award, cases }) => (
        <section class="stack tight" key={award}>
          <h2>{award}</h2>
          <ul class="rows">
            {cases.map(({ place, nomination }) => (
              <li key={place}>
                <span>
                  {nomination.no}. {nomination.name}
                </span>
                <span class="verdict row">
                  <Choiced mark={props.marks[place] ?? 'blank'} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
