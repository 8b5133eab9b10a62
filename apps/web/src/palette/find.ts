/** How well an entry fits what was typed: every word must stand in it; 0 = it is not shown. */
export function fit(value: string, search: string, keywords: readonly string[] = []): number {
  const [title = '', ...rest] = [value, ...keywords].map((text) => text.toLowerCase());
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [title, ...rest].join('\n');
  if (!words.every((word) => all.includes(word))) return 0;
  const heads = [title, ...rest.slice(0, 3)].join('\n');
  return words.every((word) => heads.includes(word)) ? 1 : 0.5;
}
