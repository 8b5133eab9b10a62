import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { inRoot } from './files.mjs';

const onWindows = process.platform === 'win32';

/**
 * Runs a program to its end.
 * @param {string} program a name on the PATH, or a path
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, show?: boolean }} [options]
 *   show: print the output as it comes, instead of keeping it
 * @returns {Promise<{ code: number, output: string, stdout: string, ms: number }>}
 *   code is 127 where the program could not be started, 128 where a signal ended it
 */
export function run(program, args, { cwd = inRoot(), env = {}, show = false } = {}) {
  const began = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      shell: onWindows,
    });
    let output = '';
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    const end = (code) => resolve({ code, output, stdout, ms: performance.now() - began });
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(127);
    });
    child.on('close', (code) => end(code ?? 128));
  });
}

/** A program that a package depends on, by the path that the installation gave it. */
export const tool = (name, workspace = '.') =>
  inRoot(workspace, 'node_modules', '.bin', onWindows ? `${name}.cmd` : name);
