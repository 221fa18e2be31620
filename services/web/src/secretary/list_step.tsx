/** The list of cases with its marks: written here until ballots are issued, shown afterwards. */
import type { JSX } from 'preact';

import type { ElectionView, PresetsView } from '../api/types.ts';
import { t } from '../words/words.ts';
import { isBeforeIssuing } from './board_steps.ts';
import { copiedFrom } from './copied_list.ts';
import { ask } from './console_request.ts';
import { ListEditor } from './list_editor.tsx';
import { useLoaded, Waiting } from './loaded.tsx';
import type { StepProps } from './meeting_view.tsx';
import { caseGroups } from './list_groups.ts';
import { markText } from './rule_text.ts';

export function ListStep(props: StepProps): JSX.Element {
  const { election } = props;
  const presets = useLoaded('presets', () => ask<PresetsView>('GET', '/presets'));
  if (!isBeforeIssuing(election) && election !== null) return <FixedList election={election} />;
  if (presets.value === null) return <Waiting loaded={presets} />;
  return (
    <ListEditor
      key={election?.uuid ?? 'new'}
      {...props}
      presets={presets.value}
      copied={election === null ? copiedFrom(props.picture.elections) : null}
    />
  );
}

/** Fixed with the issuing of the ballots. */
function FixedList({ election }: { election: ElectionView }): JSX.Element {
  return (
    <div class="stack">
      <p class="quiet">{t('secretary.list_fixed')}</p>
      {caseGroups(election.nominations).map(({ award, rule, cases }) => (
        <section class="card" key={`${award} ${cases[0]?.no ?? 0}`}>
          <h3>{award}</h3>
          <p class="quiet">{markText(rule)}</p>
          <ol class="plain-list">
            {cases.map((each) => (
              <li key={each.no}>
                <strong>
                  {each.no}. {each.name}
                </strong>
                {each.unit === '' ? null : <span class="quiet"> · {each.unit}</span>}
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
