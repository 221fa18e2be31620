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
import { readTexts, writeTexts } from './texts_access.ts';
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

export function TextsSection(props: Props): JSX.Element {
  const { meeting, title, explain } = props;
  const loaded = useLoaded(`${meeting.id} ${title}`, () => readTexts(meeting.id));
  return (
    <section class="card">
      <h3>{title}</h3>
      {explain === undefined ? null : <p class="quiet">{explain}</p>}
      {loaded.value === null ? (
        <Waiting loaded={loaded} />
      ) : (
        <Fields {...props} texts={loaded.value} onSaved={loaded.replace} />
      )}
    </section>
  );
}

function Fields(
  props: Props & { texts: PaperTexts; onSaved: (texts: PaperTexts) => void },
): JSX.Element {
  const { meeting, fields, texts, onSaved } = props;
  const [form, setForm] = useState(() => formOf(texts));
  const [isChanged, setChanged] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const [isTried, setTried] = useState(false);
  const acting = useAct();
  useUnsaved(isChanged);
  const faults = textsFaults(form, meeting.starts_at);
  const save = () => {
    setTried(true);
    if (faults.length > 0) return;
    acting.run(async () => {
      onSaved(await writeTexts(meeting.id, textsOf(form, meeting.starts_at), fields));
      setChanged(false);
      setSaved(true);
    });
  };
  return (
    <>
      {props.children({
        form,
        faults: isTried ? faults : [],
        onChange: (changed) => {
          setForm({ ...form, ...changed });
          setChanged(true);
          setSaved(false);
        },
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
        <span role="status">{isSaved ? t('app.saved') : ''}</span>
      </div>
    </>
  );
}
