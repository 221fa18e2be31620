/** What a teller reads of an error: their own sentences where there are any, else the service's. */
import { errorText } from '../api/error_text.ts';
import { NotTouchedError } from '../device/device_key.ts';
import { type Key, t } from '../words/words.ts';
import type { Stop } from './counting_desk.ts';
import { NoSecretError } from './share_access.ts';
import { ShareExistsError, WrongLockError } from './share_custody.ts';
import type { ShareLock } from './share_lock.ts';

/** One or two sentences that say what to do. */
export function tellerErrorText(error: unknown, lock: ShareLock | null): string {
  if (error instanceof NotTouchedError) return t('key.not_touched');
  if (error instanceof NoSecretError) return t('key.no_secret');
  if (error instanceof ShareExistsError) return t('key.elsewhere');
  if (error instanceof WrongLockError) {
    return t(lock?.kind === 'pass_phrase' ? 'key.phrase_wrong' : 'key.wrong');
  }
  return errorText(error);
}

/** Why the device does not go on; `nameOf` gives the name of a trustee by index. */
export function stopText(stop: Stop, nameOf: (trustee: number) => string): string {
  if (stop.reason === 'seal-differs') return t('seal.differs');
  if (stop.reason === 'contribution') {
    return stop.trustee === null
      ? t('key.log_bad')
      : t('key.contribution_bad', { name: nameOf(stop.trustee) });
  }
  const key: Key = `seal.stop_${stop.reason}`;
  return t(key);
}
