import { usePage } from '../state/react.ts';
import { useMedia } from './useMedia.ts';

/** Light or dark, as chosen on the page or else on the machine. */
export function useScheme(): 'light' | 'dark' {
  const theme = usePage((state) => state.theme);
  const dark = useMedia('(prefers-color-scheme: dark)');
  if (theme !== 'system') return theme;
  return dark ? 'dark' : 'light';
}
