/** The members on this kiosk: how far each is, and the one thing to do next. */
import type { JSX } from 'preact';

import { Button } from '../design/button.tsx';
import { ask } from '../design/dialog.tsx';
import { type Key, t } from '../words/words.ts';
import type { KioskDesk } from './kiosk_desk.ts';
import type { Voter, VoterStage } from './kiosk_voters.ts';

interface Act {
  readonly label: Key;
  readonly run: (desk: KioskDesk, voter: Voter) => Promise<void>;
}

const CHECK_IN: Act = { label: 'kiosk.act_check_in', run: (desk, voter) => desk.checkInAgain(voter) };
const TAKE: Act = { label: 'kiosk.act_take', run: (desk, voter) => desk.takeBallot(voter) };
const VOTE: Act = { label: 'kiosk.act_vote', run: (desk, voter) => desk.handOver(voter) };
const ACTS: Readonly<Record<VoterStage, Act | null>> = {
  registered: CHECK_IN,
  checked_in: TAKE,
  asking: TAKE,
  held: VOTE,
  casting: VOTE,
  refused: null,
  cast: null,
};

export function VoterList({ desk }: { desk: KioskDesk }): JSX.Element {
  const voters = desk.voters.value;
  return (
    <section class="stack" aria-label={t('kiosk.voters')}>
      <h2>{t('kiosk.voters')}</h2>
      {voters.length === 0 ? <p class="quiet">{t('kiosk.none')}</p> : null}
      <ul class="voter-list">
        {voters.map((voter) => (
          <VoterCard key={voter.identity.fingerprint} desk={desk} voter={voter} />
        ))}
      </ul>
    </section>
  );
}

function VoterCard({ desk, voter }: { desk: KioskDesk; voter: Voter }): JSX.Element {
  const { name } = voter.identity.account;
  const act = ACTS[voter.stage];
  const wipe = async () => {
    const isSure = await ask({
      title: t('kiosk.wipe_title', { name }),
      text: t('kiosk.wipe_text'),
      confirm: t('kiosk.act_wipe'),
    });
    if (isSure) await desk.wipe(voter);
  };
  return (
    <li class="card">
      <div class="stack tight">
        <strong>{name}</strong>
        <span class="quiet">{t(`kiosk.stage_${voter.stage}`)}</span>
      </div>
      <div class="row">
        {act === null ? null : (
          <Button
            busy={desk.isBusy.value}
            label={t('kiosk.act_of', { act: t(act.label), name })}
            onClick={() => void act.run(desk, voter)}
          >
            {t(act.label)}
          </Button>
        )}
        {voter.stage === 'casting' ? null : (
          <Button
            kind="plain"
            busy={desk.isBusy.value}
            label={t('kiosk.act_of', { act: t('kiosk.act_wipe'), name })}
            onClick={() => void wipe()}
          >
            {t('kiosk.act_wipe')}
          </Button>
        )}
      </div>
    </li>
  );
}
