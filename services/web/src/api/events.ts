/** Following an election: server-sent events, and asking again where they do not get through. */
import { request } from './client.ts';
import type { ElectionEvent, ElectionView } from './types.ts';

const POLL_MS = 4_000;
const PATIENCE_MS = 20_000;

/**
 * Call `onEvent` at every change of an election, from its present state on; returns how to stop.
 *
 * `onReach(false)` says that the service is not reached, `onReach(true)` that it is again. A proxy
 * that holds events back is noticed by its silence: then the election is asked for again and again.
 */
export function followElection(
  uuid: string,
  onEvent: (event: ElectionEvent) => void,
  onReach: (isReached: boolean) => void = () => undefined,
): () => void {
  let isStopped = false;
  let heardAt = performance.now();
  let last = '';
  const take = (event: ElectionEvent) => {
    heardAt = performance.now();
    onReach(true);
    const text = JSON.stringify(event);
    if (text === last) return;
    last = text;
    onEvent(event);
  };
  const source = new EventSource(`/api/v1/elections/${uuid}/events`);
  source.addEventListener('state', (message: MessageEvent<string>) => {
    take(JSON.parse(message.data) as ElectionEvent);
  });
  const poll = setInterval(() => {
    const isSilent = performance.now() - heardAt > PATIENCE_MS;
    if (isStopped || (source.readyState === EventSource.OPEN && !isSilent)) return;
    request<ElectionView>('GET', `/elections/${uuid}`).then(
      (view) => {
        if (!isStopped) take({ ...pick(view), contributions: 0 });
      },
      () => {
        if (!isStopped) onReach(false);
      },
    );
  }, POLL_MS);
  return () => {
    isStopped = true;
    clearInterval(poll);
    source.close();
  };
}

function pick(view: ElectionView): Omit<ElectionEvent, 'contributions'> {
  const { state, issued, confirmed, returned, announced } = view;
  return { state, issued, confirmed, returned, announced };
}
