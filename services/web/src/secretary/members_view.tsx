/** The roster: by hand or out of a file; it replaces the one before after a question. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { CouncilView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { Notice } from '../design/notice.tsx';
import { goTo } from '../design/route.ts';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ConsolePage } from './console_page.tsx';
import { ask } from './console_request.ts';
import type { ImportedMembers } from './import_file.ts';
import { ImportPanel } from './import_panel.tsx';
import { useLoaded, Waiting } from './loaded.tsx';
import { councilPlace } from './places.ts';
import { endingDevices, membersOf, rosterFaults, type RosterRow, rowsOf } from './roster_draft.ts';
import { RosterTable } from './roster_table.tsx';
import { useUnsaved } from './unsaved.ts';

export function MembersView({ councilId }: { councilId: string }): JSX.Element {
  const loaded = useLoaded(councilId, () => ask<CouncilView>('GET', `/councils/${councilId}`));
  const name = loaded.value?.council.name ?? t('secretary.council');
  return (
    <ConsolePage
      title={t('secretary.members')}
      above={[{ label: name, place: councilPlace(councilId) }]}
    >
      {loaded.value === null ? (
        <Waiting loaded={loaded} />
      ) : (
        <RosterEditor council={loaded.value} />
      )}
    </ConsolePage>
  );
}

function RosterEditor({ council }: { council: CouncilView }): JSX.Element {
  const [rows, setRows] = useState<RosterRow[]>(() => rowsOf(council.members));
  const [isChanged, setChanged] = useState(false);
  const [isTried, setTried] = useState(false);
  const acting = useAct();
  useUnsaved(isChanged);
  useEffect(() => setTried(false), [rows.length]);
  const change = (next: RosterRow[]) => {
    setRows(next);
    setChanged(true);
  };
  const faults = rosterFaults(rows);
  const save = () => {
    setTried(true);
    if (faults.length > 0) return;
    acting.run(async () => {
      if (!(await replaceRoster(council, rows))) return;
      setChanged(false);
      goTo(councilPlace(council.id));
    });
  };
  return (
    <div class="stack">
      <p>{t('secretary.roster_explain')}</p>
      <ImportPanel<ImportedMembers>
        kind="members"
        label={t('secretary.roster_import')}
        onRows={(imported) => change(rowsOf(imported.members))}
      />
      <RosterTable rows={rows} faults={isTried ? faults : []} onChange={change} />
      {isTried && faults.length > 0 ? (
        <Notice kind="caution" live="alert">
          {t('secretary.mend_first', { n: faults.length })}
        </Notice>
      ) : null}
      <ActError error={acting.error} />
      <div class="row">
        <Button kind="main" busy={acting.isBusy} onClick={save}>
          {t('secretary.roster_save')}
        </Button>
        <a class="button plain" href={`#${councilPlace(council.id)}`}>
          {t('app.cancel')}
        </a>
      </div>
    </div>
  );
}

/** False when the person says no: a roster that was there is replaced only after a question. */
async function replaceRoster(council: CouncilView, rows: readonly RosterRow[]): Promise<boolean> {
  const members = membersOf(rows);
  if (council.members.length > 0) {
    const ending = endingDevices(council.members, members);
    const isSure = await askPerson({
      title: t('secretary.roster_save'),
      text:
        ending.length === 0
          ? t('secretary.roster_confirm', { n: members.length })
          : t('secretary.roster_confirm_ending', {
              n: members.length,
              names: ending.map((member) => member.name).join(', '),
            }),
      confirm: t('secretary.roster_save'),
    });
    if (!isSure) return false;
  }
  await ask('PUT', `/councils/${council.id}/members`, { members });
  return true;
}
