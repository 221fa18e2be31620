/** An officer's button on a member's phone; few have one, so it is loaded when it is needed. */
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { OfficerActsProps } from '../officer/officer_acts.tsx';

export function OfficerPart(props: OfficerActsProps): JSX.Element | null {
  const [Acts, setActs] = useState<ComponentType<OfficerActsProps> | null>(null);
  useEffect(() => {
    import('../officer/officer_acts.tsx').then(
      ({ OfficerActs }) => setActs(() => OfficerActs),
      () => undefined, // offline: the next visit loads it
    );
  }, []);
  return Acts === null ? null : <Acts {...props} />;
}
