/** One card of the papers' texts: loaded, edited, saved by itself. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { MeetingView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { useLoaded, Waiting } from './loaded.tsx';
import {
  formOf,
  type PaperTexts,
  type TextsFault,
  textsFaults,
  textsOf,
  type TextsForm,
} from './paper_texts.ts';
import {
  isUnwritten,
  mergedTexts,
  missingDefaults,
  readDefaults,
  readTexts,
  writeTexts,
} from './texts_access.ts';
import { useUnsaved } from './unsaved.ts';

export interface TextsFieldsProps {
  form: TextsForm;
  faults: readonly TextsFault[];
  onChange: (changed: Partial<TextsForm>) => void;
}

interface Props {
  meeting: MeetingView;
  title: string;
  explain?: string;
  /** What this card writes; the other texts stay as they are. */
  fields: readonly (keyof PaperTexts)[];
  children: (props: TextsFieldsProps) => ComponentChildren;
}

interface Texts {
  written: PaperTexts;
  /** The usual words, by field. */
  defaults: PaperTexts;
}

export function TextsSection(props: Props): JSX.Element {
  const { meeting, title, explain } = props;
  const loaded = useLoaded<Texts>(`${meeting.id} ${title}`, async () => {
    const [written, defaults] = await Promise.all([
      readTexts(meeting.id),
      readDefaults(meeting.id),
    ]);
    return { written, defaults };
  });
  return (
    <section class="card">
      <h3>{title}</h3>
      {explain === undefined ? null : <p class="quiet">{explain}</p>}
      {loaded.value === null ? (
        <Waiting loaded={loaded} />
      ) : (
        <Fields {...props} texts={loaded.value} />
      )}
    </section>
  );
}

function Fields(props: Props & { texts: Texts }): JSX.Element {
  const { meeting, title, fields } = props;
  const { written, defaults } = props.texts;
  // Never written: the usual words stand there, and are in the paper when they are saved.
  const [isBegun] = useState(
    () => isUnwritten(written, fields) && !isUnwritten(defaults, fields),
  );
  const [form, setForm] = useState(() =>
    formOf(isBegun ? mergedTexts(written, defaults, fields) : written),
  );
  const [isChanged, setChanged] = useState(isBegun);
  const [isSaved, setSaved] = useState(false);
  const [isTried, setTried] = useState(false);
  const acting = useAct();
  useUnsaved(isChanged, title);
  const change = (changed: Partial<TextsForm>) => {
    setForm({ ...form, ...changed });
    setChanged(true);
    setSaved(false);
  };
  const faults = textsFaults(form, meeting.starts_at);
  const save = () => {
    setTried(true);
    if (faults.length > 0) return;
    acting.run(async () => {
      await writeTexts(meeting.id, textsOf(form, meeting.starts_at), fields);
      setChanged(false);
      setSaved(true);
    });
  };
  const missing = missingDefaults(textsOf(form, meeting.starts_at), defaults, fields);
  const fill = () => {
    const usual = formOf(defaults);
    change(Object.fromEntries(missing.map((field) => [field, usual[field]])));
  };
  return (
    <>
      {isBegun && isChanged ? <Notice>{t('secretary.texts_usual')}</Notice> : null}
      {props.children({
        form,
        faults: isTried ? faults : [],
        onChange: change,
      })}
      {isTried && faults.length > 0 ? (
        <Notice kind="caution" live="alert">
          {t('secretary.texts_half')}
        </Notice>
      ) : null}
      <ActError error={acting.error} />
      <div class="row">
        <Button busy={acting.isBusy} disabled={!isChanged} onClick={save}>
          {t('app.save')}
        </Button>
        {missing.length === 0 ? null : (
          <Button kind="plain" onClick={fill}>
            {t('secretary.texts_usual_fill')}
          </Button>
        )}
        <span role="status">{isSaved ? t('app.saved') : ''}</span>
      </div>
    </>
  );
}
