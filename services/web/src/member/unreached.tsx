/** Said where the service is not reached; what is kept on the phone works on. */
import type { JSX } from 'preact';

import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import type { MeetingFeed } from './meeting_feed.ts';

/** `marks`: the member is marking, and hears that nothing of it is lost. */
export function Unreached(props: { feed: MeetingFeed; marks?: boolean }): JSX.Element {
  const text = props.marks === true ? t('error.offline') : t('member.offline');
  return (
    <div role="status">
      {props.feed.isReached.value ? null : <Notice kind="caution">{text}</Notice>}
    </div>
  );
}
