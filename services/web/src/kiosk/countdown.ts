/** Seconds that run down while a person may ask for more. */
import { useEffect, useState } from 'preact/hooks';

/** Whole seconds left of `total`; `onEnd` is called once at 0. `restart` begins anew. */
export function useCountdown(
  total: number,
  onEnd: () => void,
): { left: number; restart: () => void } {
  const [endsAt, setEndsAt] = useState(() => performance.now() + total * 1_000);
  const [left, setLeft] = useState(total);
  useEffect(() => {
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1_000));
      setLeft(seconds);
      if (seconds > 0) return;
      clearInterval(timer);
      onEnd();
    };
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [endsAt]);
  const restart = () => {
    setEndsAt(performance.now() + total * 1_000);
    setLeft(total);
  };
  return { left, restart };
}
