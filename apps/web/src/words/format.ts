/** Digits in groups of three with a thin space, as in `6 102`. */
export function integer(value: number): string {
  const digits = String(Math.trunc(Math.abs(value)));
  const grouped = digits.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
  return value < 0 ? `−${grouped}` : grouped;
}

/** `97 %`; what is neither none nor all never reads as 0 or 100. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return '<\u202f1\u202f%';
  if (rounded === 100 && share < 1) return '>\u202f99\u202f%';
  return `${rounded}\u202f%`;
}

/** Simulated time as `02:41.318`, from an hour on `1:02:41.318`. */
export function clock(ns: number, decimals: 0 | 3 | 6 = 3): string {
  const unit = 10 ** (9 - decimals);
  const whole = Math.floor(ns / unit) * unit;
  const totalSeconds = Math.floor(whole / 1e9);
  const hours = Math.floor(totalSeconds / 3600);
  const minutes = Math.floor(totalSeconds / 60) % 60;
  const text = `${two(minutes)}:${two(totalSeconds % 60)}`;
  const fraction =
    decimals === 0
      ? ''
      : `.${String(Math.round((whole - totalSeconds * 1e9) / unit)).padStart(decimals, '0')}`;
  return `${hours > 0 ? `${hours}:` : ''}${text}${fraction}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `×10`, `×0.001` */
export function factor(speed: number): string {
  return `×${speed}`;
}

/** `12.3`, `0.84`, `320`: three significant digits at most. */
export function brief(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 100) return integer(Math.round(value));
  if (magnitude >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** Jain's index as everybody writes it. */
export function jainText(jain: number): string {
  return jain.toFixed(2);
}
