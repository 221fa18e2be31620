/** Setting up a council: its name, the heading of its papers, the act that founded it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { CouncilView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { goTo } from '../design/route.ts';
import { type Key, t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ConsolePage } from './console_page.tsx';
import { ask } from './console_request.ts';
import { type CouncilForm, councilFaults, councilOf, EMPTY_COUNCIL } from './council_body.ts';
import { councilPlace } from './places.ts';

export function NewCouncilView(): JSX.Element {
  const [form, setForm] = useState(EMPTY_COUNCIL);
  const [isTried, setTried] = useState(false);
  const acting = useAct();
  const faults = isTried ? councilFaults(form) : [];
  const create = () => {
    setTried(true);
    if (councilFaults(form).length > 0) return;
    acting.run(async () => {
      const council = await ask<CouncilView>('POST', '/councils', { council: councilOf(form) });
      goTo(councilPlace(council.id, 'members'));
    });
  };
  return (
    <ConsolePage title={t('secretary.new_council')} above={[]}>
      <form
        class="stack narrow"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <NameFields form={form} faults={faults} onChange={setForm} />
        <DecisionFields form={form} faults={faults} onChange={setForm} />
        <ActError error={acting.error} />
        <Button kind="main" type="submit" busy={acting.isBusy}>
          {t('secretary.council_create')}
        </Button>
      </form>
    </ConsolePage>
  );
}

interface FieldsProps {
  form: CouncilForm;
  faults: readonly (keyof CouncilForm)[];
  onChange: (form: CouncilForm) => void;
}

function NameFields(props: FieldsProps): JSX.Element {
  return (
    <section class="card">
      <CouncilField {...props} field="name" />
      <h2>{t('secretary.council_heading')}</h2>
      <p class="quiet">{t('secretary.council_heading_explain')}</p>
      <CouncilField {...props} field="parent_line" />
      <CouncilField {...props} field="issuer_line" />
      <CouncilField {...props} field="symbol" />
    </section>
  );
}

function DecisionFields(props: FieldsProps): JSX.Element {
  return (
    <section class="card">
      <h2>{t('secretary.council_decision')}</h2>
      <p class="quiet">{t('secretary.council_decision_explain')}</p>
      <div class="columns">
        <CouncilField {...props} field="decision_number" />
        <CouncilField {...props} field="decision_date" />
      </div>
      <CouncilField {...props} field="decision_issued_by" />
      <CouncilField {...props} field="decision_about" />
      <CouncilField {...props} field="rules" />
    </section>
  );
}

function CouncilField(props: FieldsProps & { field: keyof CouncilForm }): JSX.Element {
  const { form, faults, field, onChange } = props;
  const hint: Key | null = field === 'decision_date' ? null : `secretary.council_${field}_hint`;
  return (
    <TextField
      label={t(`secretary.council_${field}`)}
      hint={hint === null ? undefined : t(hint)}
      error={faults.includes(field) ? t('secretary.needed') : undefined}
      type={field === 'decision_date' ? 'date' : 'text'}
      value={form[field]}
      maxLength={field === 'symbol' ? 40 : 300}
      onInput={(value) => onChange({ ...form, [field]: value })}
    />
  );
}
