/** Hash out, signature in: for signing services and tokens that take no PDF. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { PaperFieldView } from '../api/types.ts';
import { SelectField } from '../design/field.tsx';
import { t } from '../words/words.ts';
import { signCommand } from './command_line.ts';
import type { PaperCardProps } from './paper_card.tsx';
import { paperFileName } from './paper_file_names.ts';
import { RemoteSteps } from './remote_steps.tsx';
import { signerName } from './signer_name.ts';

export interface RemoteSigningProps extends PaperCardProps {
  /** The fields that this person may sign, or bring, now: at least one. */
  due: readonly PaperFieldView[];
}

export function RemoteSigning(props: RemoteSigningProps): JSX.Element | null {
  const { paper, due, names, onDone } = props;
  const [chosen, setChosen] = useState('');
  const field = due.find((each) => each.name === chosen) ?? due[0];
  if (field === undefined) return null;
  const command = signCommand(paperFileName(paper), field.name, t('papers.command_library'));
  return (
    <details>
      <summary>{t('papers.remote')}</summary>
      <div class="stack">
        <p>{t('papers.remote_explain')}</p>
        {due.length < 2 ? null : (
          <SelectField
            label={t('papers.remote_field')}
            value={field.name}
            options={due.map((each) => ({
              value: each.name,
              label: `${signerName(each, names)} (${each.role})`,
            }))}
            onChange={setChosen}
          />
        )}
        <section class="paper-part" aria-label={t('papers.command')}>
          <h4>{t('papers.command')}</h4>
          <p>{t('papers.command_explain')}</p>
          <code class="paper-command">{command}</code>
        </section>
        <section class="paper-part" aria-label={t('papers.remote_title')}>
          <h4>{t('papers.remote_title')}</h4>
          <RemoteSteps key={field.name} paperId={paper.id} field={field.name} onDone={onDone} />
        </section>
      </div>
    </details>
  );
}
