/** The computer at the projector must not go to sleep in the middle of a vote. */

/** Keep the screen on while the page is seen, where the browser can; call the answer to end it. */
export function keepScreenOn(): () => void {
  let isStopped = false;
  let lock: WakeLockSentinel | undefined;
  const take = async () => {
    const wakeLock = (navigator as { wakeLock?: WakeLock }).wakeLock;
    if (isStopped || document.visibilityState !== 'visible' || wakeLock === undefined) return;
    const taken = await wakeLock.request('screen');
    if (isStopped) await taken.release();
    else lock = taken;
  };
  // Refused on low battery: the screen then behaves as its owner has set it.
  const onSeen = () => void take().catch(() => undefined);
  onSeen();
  // A lock ends whenever the page is hidden.
  document.addEventListener('visibilitychange', onSeen);
  return () => {
    isStopped = true;
    document.removeEventListener('visibilitychange', onSeen);
    void lock?.release().catch(() => undefined);
  };
}
