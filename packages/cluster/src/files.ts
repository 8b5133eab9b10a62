import type { World } from './world.ts';

/** Characters that all files of a world together may hold. */
export const MOST_FILE_CHARACTERS = 20_000_000;

const key = (host: string, path: string): string => `${host} ${path}`;

/** What a file that a command wrote on this host holds; undefined where there is none. */
export function readFile(world: World, host: string, path: string): string | undefined {
  return world.files.get(key(host, path));
}

/** Writes a file of a host. @returns whether there was room */
export function writeFile(world: World, host: string, path: string, text: string): boolean {
  let size = text.length;
  for (const [name, content] of world.files) if (name !== key(host, path)) size += content.length;
  if (size > MOST_FILE_CHARACTERS) return false;
  world.files.set(key(host, path), text);
  return true;
}

/** @returns whether there was such a file */
export function removeFile(world: World, host: string, path: string): boolean {
  return world.files.delete(key(host, path));
}

/** Paths of the files that commands wrote on this host, sorted. */
export function filePaths(world: World, host: string): string[] {
  const names = [...world.files.keys()].filter((name) => name.startsWith(`${host} `));
  return names.map((name) => name.slice(host.length + 1)).sort();
}
