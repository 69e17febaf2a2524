import path from 'node:path';
import { watch } from 'chokidar';
import { configFolder } from '@gatehouse/policy-schema/model/layout.ts';

/** Editors write in several steps, and a checkout touches many files: look once, when it is quiet. */
const quietMs = 120;
/** Somebody who writes without a pause must not keep another's edit from being seen. */
const longestWaitMs = 1000;
/** How often to look where watching does not work. */
const pollMs = 3000;

export interface PolicyWatch {
  /** Files beside the `.gatehouse` folder that matter too, absolute. Replaces those given before. */
  also(files: readonly string[]): void;
  close(): Promise<void>;
}

/**
 * Call back when something in the workspace's `.gatehouse` folder changed and has been quiet for a moment. A file that
 * is replaced by renaming another over it, as editors and Git do, is one change. Calls are never made at the same time.
 */
export async function watchPolicyFiles(
  folder: string,
  changed: () => Promise<void>,
  log: (line: string) => void,
): Promise<PolicyWatch> {
  const inside = path.join(folder, configFolder);
  let extra: readonly string[] = [];
  // From the workspace folder down, as a watch on a folder ends when a checkout takes the folder away.
  const watcher = watch(folder, {
    ignored: (file) => !within(file, folder, inside) && !extra.includes(file),
    ignoreInitial: true,
    followSymlinks: true,
    depth: 8,
    atomic: 100,
    awaitWriteFinish: { stabilityThreshold: quietMs, pollInterval: 40 },
  });
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;
  let latest = 0;
  const look = () => {
    timer = undefined;
    running = running.then(changed).catch((error: unknown) => {
      log(`Looking at the policy files failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  watcher.on('all', () => {
    if (closed) return;
    const now = performance.now();
    if (timer === undefined) latest = now + longestWaitMs;
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(0, Math.min(quietMs, latest - now)));
  });
  let polling: NodeJS.Timeout | undefined;
  watcher.on('error', (error) => {
    if (polling !== undefined || closed) return;
    // Out of watches, for one. An edit that tightens must not go unseen.
    log(
      `Watching ${inside} failed; looking every ${pollMs / 1000} s instead: ${error instanceof Error ? error.message : error}`,
    );
    polling = setInterval(look, pollMs);
  });
  await new Promise<void>((resolve) => {
    watcher.once('ready', () => resolve());
    watcher.once('error', () => resolve());
  });
  return {
    also(files) {
      const gone = extra.filter((file) => !files.includes(file));
      const fresh = files.filter((file) => !extra.includes(file));
      if (gone.length > 0) watcher.unwatch([...gone]);
      extra = files;
      if (fresh.length > 0) watcher.add([...fresh]);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(polling);
      await watcher.close();
      await running;
    },
  };
}

function within(file: string, folder: string, inside: string): boolean {
  return file === folder || file === inside || file.startsWith(inside + path.sep);
}
