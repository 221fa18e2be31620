/** A second ballot for chosen cases of a counted first one (protocol.md §1). */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { ElectionView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { CheckField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { goTo } from '../design/route.ts';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ask } from './console_request.ts';
import type { StepProps } from './meeting_view.tsx';
import { meetingPlace } from './places.ts';
import { secondBallotBody } from './second_ballot_body.ts';

export function SecondBallot(
  props: StepProps & { election: ElectionView },
): JSX.Element | null {
  const { board, picture, election } = props;
  const [chosen, setChosen] = useState<number[]>([]);
  const acting = useAct(() => void board.refresh());
  const isThere = picture.elections.some(
    (each) => each.previous === election.uuid && each.state !== 'cancelled',
  );
  if (election.ballot_number !== 1 || picture.meeting.ended === true || isThere) return null;
  const toggle = (no: number, isOn: boolean) =>
    setChosen(isOn ? [...chosen, no] : chosen.filter((each) => each !== no));
  const draft = () => acting.run(() => draftSecond(election, chosen));
  return (
    <details class="card">
      <summary>{t('secretary.second_open')}</summary>
      <div class="stack">
        <p>{t('secretary.second_explain')}</p>
        <Notice kind="caution">{t('secretary.participants_warning')}</Notice>
        <fieldset class="stack tight">
          <legend class="legend">{t('secretary.second_cases')}</legend>
          {election.nominations.map((each) => (
            <CheckField
              key={each.no}
              label={`${each.no}. ${each.name} (${each.award})`}
              checked={chosen.includes(each.no)}
              onChange={(isOn) => toggle(each.no, isOn)}
            />
          ))}
        </fieldset>
        <ActError error={acting.error} />
        <div>
          <Button busy={acting.isBusy} disabled={chosen.length === 0} onClick={draft}>
            {t('secretary.second_button')}
          </Button>
        </div>
      </div>
    </details>
  );
}

async function draftSecond(first: ElectionView, chosen: readonly number[]): Promise<void> {
  const isSure = await askPerson({
    title: t('secretary.second_button'),
    text: t('secretary.second_confirm', { n: chosen.length }),
    confirm: t('secretary.second_button'),
  });
  if (!isSure) return;
  const path = `/meetings/${first.meeting_id}/elections`;
  const made = await ask<ElectionView>('POST', path, secondBallotBody(first, chosen));
  goTo(meetingPlace(first.meeting_id, made.uuid));
}
