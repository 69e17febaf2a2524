import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LiveNames, LiveTable } from '../desk.ts';

const run = promisify(execFile);

/** Asking a slow database must not pile up. */
const timeoutMs = 20_000;
const maxOutputBytes = 64 * 1024 * 1024;

/**
 * What the daemon of a folder knows of its resources, by `gatehouse names --json`. Undefined where no daemon runs or the
 * command is not there: features are silent then, and nobody is bothered.
 * @param command Program and arguments that stand for `gatehouse`
 */
export async function askLiveNames(
  command: readonly string[],
  folder: string,
): Promise<LiveNames | undefined> {
  const [program, ...args] = command;
  if (program === undefined) return undefined;
  const output = await run(program, [...args, '-C', folder, 'names', '--json'], {
    timeout: timeoutMs,
    maxBuffer: maxOutputBytes,
    // In VS Code the running program is the editor itself, which is Node when it is asked to be.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
    // One resource that does not answer gives a status of its own; the others are still told.
  }).catch((error: unknown) => ({ stdout: String(Reflect.get(Object(error), 'stdout') ?? '') }));
  const resources = new Map(output.stdout.split('\n').flatMap(readResource));
  return resources.size === 0 ? undefined : { tables: (resource) => resources.get(resource) };
}

/** A line of the command; nothing of a resource of which only a part is known. */
function readResource(line: string): [string, readonly LiveTable[]][] {
  if (line.trim() === '') return [];
  try {
    const { resource, tables, partial } = JSON.parse(line) as {
      resource: string;
      tables: LiveTable[];
      partial: boolean;
    };
    return partial || !Array.isArray(tables) ? [] : [[resource, tables]];
  } catch {
    return [];
  }
}
