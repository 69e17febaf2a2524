import { stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Where a folder lies in its Git repository, with `/`: `''` at the root, `services/shop` below it; `''` too where there
 * is no repository. Platforms name files from the root of the repository, whatever folder the workspace is in.
 */
export async function placeInRepository(folder: string): Promise<string> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    // A folder, or a file in worktrees and submodules.
    if ((await stat(path.join(at, '.git')).catch(() => undefined)) !== undefined)
      return path.relative(at, path.resolve(folder)).split(path.sep).join('/');
    if (path.dirname(at) === at) return '';
  }
}
