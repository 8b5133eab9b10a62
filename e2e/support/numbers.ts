/** `1:02:41.318` → seconds. */
export function readClock(text: string): number {
  const [fine = '0', minutes = '0', hours = '0'] = text.split(':').toReversed();
  return Number(fine) + 60 * Number(minutes) + 3600 * Number(hours);
}

/** `1 234` → 1234: digits are grouped with narrow spaces. */
export function readInteger(text: string): number {
  return Number(text.replaceAll(/\s/g, ''));
}

/** `97 %` → 97; `<1 %` → 0.5 and `>99 %` → 99.5, since neither is none nor all. */
export function readPercent(text: string): number {
  const plain = text.replaceAll(/\s/g, '');
  if (plain === '<1%') return 0.5;
  if (plain === '>99%') return 99.5;
  return Number(plain.replace('%', ''));
}

/** `2 min 5 s`, `40 s` → seconds. */
export function readSpan(text: string): number {
  const minutes = Number(/(\d+)\s*min/.exec(text)?.[1] ?? 0);
  const seconds = Number(/(\d+)\s*s\b/.exec(text)?.[1] ?? 0);
  return 60 * minutes + seconds;
}
