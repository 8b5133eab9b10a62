/**
 * How well an entry fits what was typed: every word must stand in it; 0 = it is not shown. A title that is
 * typed in full comes first, then those that have it, or its words, before what only the text says.
 */
export function fit(value: string, search: string, keywords: readonly string[] = []): number {
  const [title = '', ...rest] = [value, ...keywords].map((text) => text.toLowerCase());
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [title, ...rest].join('\n');
  if (!words.every((word) => all.includes(word))) return 0;
  const heads = [title, ...rest.slice(0, 3)];
  const phrase = words.join(' ');
  if (heads.includes(phrase)) return 1;
  const together = heads.join('\n');
  if (together.includes(phrase)) return 0.9;
  return words.every((word) => together.includes(word)) ? 0.8 : 0.5;
}
