/** One line on standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A sentence about what goes on all the same, on standard error. */
export function warn(sentence: string): void {
  process.stderr.write(`lvscope: ${sentence}\n`);
}

/** A sentence about what the user can put right, on standard error; returns the exit code 2. */
export function fail(sentence: string): number {
  warn(sentence);
  return 2;
}

/** When nobody reads on, as behind `| head`, there is nothing left to say. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
