import { useEffect, useState } from 'react';

/** Whether a media query holds, as it changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const asked = window.matchMedia(query);
    const listen = (): void => setHolds(asked.matches);
    listen();
    asked.addEventListener('change', listen);
    return () => asked.removeEventListener('change', listen);
  }, [query]);
  return holds;
}

/** Whether the person asked for less motion. */
export function useReducedMotion(): boolean {
  return useMedia('(prefers-reduced-motion: reduce)');
}

/** A wide page that is not tall enough for ledger, reason and record below each other. */
export function useShortPage(): boolean {
  return useMedia('(max-height: 819px) and (min-width: 981px)');
}
