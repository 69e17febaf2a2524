import { statSync } from 'node:fs';
import path from 'node:path';
import type { Adapter, Place } from './adapter.ts';
import type { Look } from './plan.ts';

/** Whether somebody uses an agent here: its program is on the PATH, or it left a folder of settings. */
export function isInstalled(adapter: Adapter, place: Place, look: Look): boolean {
  const { programs, folders } = adapter.signs(place);
  if (folders.some((folder) => look.isFolder(folder))) return true;
  const endings = place.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  return (place.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .some((folder) =>
      programs.some((program) =>
        endings.some(
          (ending) =>
            statSync(path.join(folder, program + ending), { throwIfNoEntry: false })?.isFile() === true,
        ),
      ),
    );
}
