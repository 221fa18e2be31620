/** Adding a case by hand. */
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

import type { NomineeKind, PresetsView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { SelectField, TextField } from '../design/field.tsx';
import { t } from '../words/words.ts';
import { KINDS } from './award_group_card.tsx';
import { type NominationList, withCase } from './nomination_list.ts';
import { oneLine } from './typed_text.ts';

const EMPTY = { kind: 'individual' as NomineeKind, name: '', unit: '', summary: '', award: '' };

export function NewCase(props: {
  list: NominationList;
  presets: PresetsView;
  onChange: (list: NominationList) => void;
}): JSX.Element {
  const { list, presets, onChange } = props;
  const [draft, setDraft] = useState(EMPTY);
  const isReady = oneLine(draft.name) !== '' && oneLine(draft.award) !== '';
  const add = () => {
    if (!isReady) return;
    const { award, ...added } = draft;
    onChange(withCase(list, award, added));
    // The next case mostly is of the same award.
    setDraft({ ...EMPTY, kind: draft.kind, award });
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <h3>{t('secretary.case_add')}</h3>
      <div class="columns">
        <AwardField
          value={draft.award}
          awards={awardsOf(list, presets)}
          onInput={(award) => setDraft({ ...draft, award })}
        />
        <SelectField
          label={t('secretary.case_kind')}
          value={draft.kind}
          options={KINDS.map((kind) => ({ value: kind, label: t(`secretary.kind_${kind}`) }))}
          onChange={(kind) => setDraft({ ...draft, kind })}
        />
        <TextField
          label={t('secretary.case_name')}
          value={draft.name}
          maxLength={300}
          onInput={(name) => setDraft({ ...draft, name })}
        />
        <TextField
          label={t('secretary.case_unit')}
          value={draft.unit}
          maxLength={300}
          onInput={(unit) => setDraft({ ...draft, unit })}
        />
      </div>
      <div>
        <Button type="submit" disabled={!isReady}>
          {t('secretary.case_add')}
        </Button>
      </div>
    </form>
  );
}

function AwardField(props: {
  value: string;
  awards: readonly string[];
  onInput: (award: string) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t('secretary.award')}</label>
      <input
        id={id}
        list={`${id}-awards`}
        value={props.value}
        maxLength={300}
        autocomplete="off"
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <datalist id={`${id}-awards`}>
        {props.awards.map((award) => (
          <option key={award} value={award} />
        ))}
      </datalist>
    </div>
  );
}

function awardsOf(list: NominationList, presets: PresetsView): string[] {
  const known = list.groups.map((group) => group.award);
  return [...new Set([...known, ...presets.presets.flatMap((preset) => preset.awards)])];
}
