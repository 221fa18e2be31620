/** What was typed and not saved must not be lost by closing the window by mistake. */
import { useEffect } from 'preact/hooks';

/** While `isChanged` the browser asks before the page is left. */
export function useUnsaved(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return undefined;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', hold);
    return () => removeEventListener('beforeunload', hold);
  }, [isChanged]);
}
