/** Writing the list: out of a file or by hand, the mark of every award, then saved as a whole. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { ElectionView, PresetsView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { Notice } from '../design/notice.tsx';
import { goTo } from '../design/route.ts';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { AwardGroupCard } from './award_group_card.tsx';
import { ask } from './console_request.ts';
import { copiedUuid } from './copied_list.ts';
import type { ImportedNominations } from './import_file.ts';
import { ImportPanel } from './import_panel.tsx';
import type { StepProps } from './meeting_view.tsx';
import { localOfInstant } from '../design/local_time.ts';
import { NewCase } from './new_case.tsx';
import {
  emptyList,
  type ListFault,
  listFaults,
  type NominationList,
  nominationsOf,
  shareText,
  withNominations,
} from './nomination_list.ts';
import { meetingPlace } from './places.ts';
import { BallotOptions, QuorumField } from './ballot_options.tsx';
import { useUnsaved } from './unsaved.ts';

interface Props extends StepProps {
  presets: PresetsView;
  copied: ElectionView | null;
}

/** The list as it is typed, and how it stands to the one that the service has. */
interface ListDraft {
  list: NominationList;
  isChanged: boolean;
  /** Somebody else has saved another list meanwhile. */
  isOvertaken: boolean;
  change: (next: NominationList) => void;
  /** Drop what is typed and take what the service has. */
  takeTheirs: () => void;
  saved: (election: ElectionView) => void;
}

function useListDraft(election: ElectionView | null, copied: ElectionView | null): ListDraft {
  const [list, setList] = useState(() => listOf(election ?? copied));
  // What the list on the service was when this copy of it was taken.
  const [taken, setTaken] = useState(() => stamp(election));
  const [isChanged, setChanged] = useState(copied !== null);
  const isOld = election !== null && stamp(election) !== taken;
  if (isOld && !isChanged) {
    setList(listOf(election));
    setTaken(stamp(election));
  }
  return {
    list,
    isChanged,
    isOvertaken: isOld && isChanged,
    change: (next) => {
      setList(next);
      setChanged(true);
    },
    takeTheirs: () => setChanged(false),
    saved: (answer) => {
      setTaken(stamp(answer));
      setChanged(false);
    },
  };
}

export function ListEditor(props: Props): JSX.Element {
  const { board, picture, election } = props;
  const draft = useListDraft(election, props.copied);
  const { list, change } = draft;
  const [isTried, setTried] = useState(false);
  const acting = useAct(() => void board.refresh());
  useUnsaved(draft.isChanged);
  const faults = listFaults(list);
  const shown = isTried ? faults : [];
  const save = () => {
    setTried(true);
    if (faults.length > 0) return;
    acting.run(async () => {
      const saved = await saveList(picture.meeting.id, election, list);
      draft.saved(saved);
      copiedUuid.value = null;
      goTo(meetingPlace(picture.meeting.id, saved.uuid, 'attendance'));
    });
  };
  return (
    <div class="stack">
      <p>{t('secretary.list_explain')}</p>
      {draft.isOvertaken ? (
        <Notice kind="caution" live="status">
          <p>{t('secretary.list_changed_elsewhere')}</p>
          <Button onClick={draft.takeTheirs}>{t('secretary.list_take_theirs')}</Button>
        </Notice>
      ) : null}
      <ListFields {...props} list={list} faults={shown} onChange={change} />
      {shown.length > 0 ? (
        <Notice kind="caution" live="alert">
          {list.cases.length === 0
            ? t('secretary.list_empty')
            : t('secretary.mend_first', { n: shown.length })}
        </Notice>
      ) : null}
      <ActError error={acting.error} />
      <div>
        <Button kind="main" busy={acting.isBusy} onClick={save}>
          {t('secretary.list_save', { n: list.cases.length })}
        </Button>
      </div>
    </div>
  );
}

function ListFields(
  props: Props & {
    list: NominationList;
    faults: readonly ListFault[];
    onChange: (list: NominationList) => void;
  },
): JSX.Element {
  const { picture, election, presets, list, faults, onChange } = props;
  const importing = async (rows: ImportedNominations) => {
    if (list.cases.length > 0 && !(await isReplacing(rows.nominations.length))) return;
    onChange(withNominations(list, rows.nominations));
  };
  return (
    <>
      <ImportPanel<ImportedNominations>
        kind="nominations"
        label={t('secretary.list_import')}
        onRows={(rows) => void importing(rows)}
      />
      {list.groups.length === 0 ? null : <Notice>{t('secretary.presets_notice')}</Notice>}
      {list.groups.map((group) => (
        <AwardGroupCard
          key={group.id}
          list={list}
          group={group}
          faults={faults}
          presets={presets}
          date={localOfInstant(picture.meeting.starts_at).slice(0, 10)}
          onChange={onChange}
        />
      ))}
      <NewCase list={list} presets={presets} onChange={onChange} />
      <QuorumField list={list} presets={presets} faults={faults} onChange={onChange} />
      <BallotOptions list={list} isDrafted={election !== null} onChange={onChange} />
    </>
  );
}

function listOf(election: ElectionView | null): NominationList {
  if (election === null) return emptyList();
  const { quorum, group, minimum_ballots, late_issuance, nominations } = election;
  const options = { quorum: quorum.share, group, minimum_ballots, late_issuance };
  return withNominations({ ...emptyList(), ...options }, nominations);
}

function stamp(election: ElectionView | null): string {
  return election === null ? '' : JSON.stringify([election.nominations, election.quorum]);
}

async function saveList(
  meetingId: string,
  election: ElectionView | null,
  list: NominationList,
): Promise<ElectionView> {
  const nominations = nominationsOf(list);
  const quorum = { share: shareText(list.quorum) };
  if (election !== null) {
    const path = `/elections/${election.uuid}/nominations`;
    return ask<ElectionView>('PUT', path, { nominations, quorum });
  }
  const { group, minimum_ballots, late_issuance } = list;
  const body = { group, nominations, quorum, minimum_ballots, late_issuance };
  return ask<ElectionView>('POST', `/meetings/${meetingId}/elections`, body);
}

function isReplacing(n: number): Promise<boolean> {
  return askPerson({
    title: t('secretary.list_import'),
    text: t('secretary.list_replace_confirm', { n }),
    confirm: t('secretary.list_replace'),
  });
}
