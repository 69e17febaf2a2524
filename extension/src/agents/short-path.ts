import os from 'node:os';
import path from 'node:path';

/** A path as people say it: within the folder, or from the home folder on. */
export function shortPath(file: string, folder: string): string {
  const inside = path.relative(folder, file);
  if (!inside.startsWith('..') && !path.isAbsolute(inside)) return inside;
  const fromHome = path.relative(os.homedir(), file);
  return fromHome.startsWith('..') || path.isAbsolute(fromHome) ? file : path.join('~', fromHome);
}
