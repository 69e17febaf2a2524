import { randomBytes } from 'node:crypto';
import { lstat, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { ConfigFault } from '../core/faults.ts';
import type { PolicyFiles } from '../workspace/files.ts';
import { shownLine } from './code-frame.ts';
import type { Terminal } from './terminal.ts';

/** Write texts in the place of policy files. @throws ConfigFault before anything is written, where one may not be */
export async function writeFixes(folder: string, changed: ReadonlyMap<string, string>): Promise<void> {
  const inside = `${await realpath(path.join(folder, '.gatehouse'))}${path.sep}`;
  const targets: { readonly target: string; readonly text: string; readonly mode: number }[] = [];
  for (const [file, text] of changed) {
    const target = path.join(folder, file);
    const found = await lstat(target);
    // What a link leads to is not this workspace's, and a rename would put a file in the link's place.
    if (!found.isFile() || !(await realpath(target)).startsWith(inside))
      throw new ConfigFault(
        'workspace-invalid',
        `${file} is no file of this workspace's own; it was not changed.`,
      );
    targets.push({ target, text, mode: found.mode & 0o777 });
  }
  for (const { target, text, mode } of targets) await replaceFile(target, text, mode);
}

/** A reader, and a daemon that watches, find the old text or the new one and never a part. */
async function replaceFile(target: string, text: string, mode: number): Promise<void> {
  const fresh = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(fresh, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** What would be written, as a patch. */
export function showPatch(files: PolicyFiles, changed: ReadonlyMap<string, string>, out: Terminal): void {
  for (const [file, after] of changed) {
    const before = files.workspace?.file === file ? files.workspace.text : (files.policies.get(file) ?? '');
    const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, {
      context: 3,
    });
    for (const line of patch.split('\n').slice(1)) {
      const format = /^[+](?![+])/.test(line)
        ? 'green'
        : /^-(?!-)/.test(line)
          ? 'red'
          : /^@@/.test(line)
            ? 'cyan'
            : undefined;
      const shown = shownLine(line);
      if (line !== '') out.line(format === undefined ? shown : out.paint(format, shown));
    }
  }
}
