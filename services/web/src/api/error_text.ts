/** What a person reads of an error: the service's own sentence, or ours; never a stack or a code. */
import { language, t } from '../words/words.ts';
import { ProblemError, UnreachableError } from './client.ts';

/** One or two sentences that say what to do. */
export function errorText(error: unknown): string {
  if (error instanceof ProblemError) {
    const sentence = error.sentences[language.value];
    return sentence === '' ? t('error.unexpected', { name: error.problem }) : sentence;
  }
  if (error instanceof UnreachableError) return t('error.unreachable');
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return t('error.storage_full');
  }
  return t('error.unexpected', { name: error instanceof Error ? error.name : 'error' });
}
