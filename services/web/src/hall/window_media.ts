/** Following a media query, where the content and not only its style depends on it. */
import { useEffect, useState } from 'preact/hooks';

/** Whether the window matches `query` now. */
export function useMedia(query: string): boolean {
  const [isMatching, setMatching] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const onChange = () => setMatching(list.matches);
    onChange();
    list.addEventListener('change', onChange);
    return () => list.removeEventListener('change', onChange);
  }, [query]);
  return isMatching;
}
