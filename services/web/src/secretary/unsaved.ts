/** What was typed and not saved must not be lost by closing the window by mistake. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const parts = signal<readonly string[]>([]);

/**
 * While `isChanged` the browser asks before the page is left. A `part` is named among the unsaved
 * ones meanwhile, for acts that take only what is saved.
 */
export function useUnsaved(isChanged: boolean, part?: string): void {
  useEffect(() => {
    if (!isChanged) return undefined;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', hold);
    if (part !== undefined) parts.value = [...parts.value, part];
    return () => {
      removeEventListener('beforeunload', hold);
      parts.value = parts.value.filter((each) => each !== part);
    };
  }, [isChanged, part]);
}

/** The parts of this page that are typed and not saved; a component that reads it follows it. */
export function unsavedParts(): readonly string[] {
  return parts.value;
}
