const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code) => (text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const red = paint(31);
export const green = paint(32);
export const dim = paint(2);

export const say = (text) => console.log(text);

/** What the user can cure: the message is a sentence that says what is missing and how to get it. */
export class Missing extends Error {}

/** Runs a script's main function; a Missing ends it with its sentence instead of a stack. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(red(error.message));
    process.exitCode = 1;
  }
}

/** 940 ms, 12.3 s, 2 min 5 s */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
