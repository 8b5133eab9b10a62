import { SingleBar } from 'cli-progress';
import { print } from './print.ts';

export interface Progress {
  readonly step: (to?: number) => void;
  /** A line of output above the bar. */
  readonly print: (line: string) => void;
  readonly stop: () => void;
}

/** A bar on a terminal; nothing where standard error is a file or a pipe. */
export function progressBar(total: number, unit: string): Progress {
  if (!process.stderr.isTTY) {
    return { step: () => undefined, print, stop: () => undefined };
  }
  const bar = new SingleBar({
    format: `{bar} {value}/{total} ${unit}  {eta_formatted} left`,
    barsize: 30,
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(total, 0);
  return {
    step: (to) => (to === undefined ? bar.increment() : bar.update(to)),
    print: (line) => {
      process.stderr.write('\r\u001b[K');
      print(line);
      bar.render();
    },
    stop: () => bar.stop(),
  };
}
