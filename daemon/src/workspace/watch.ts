import path from 'node:path';
import { watch } from 'chokidar';
import { configFolder } from './files.ts';

/** Editors write in several steps, and a checkout touches many files: look once, when it is quiet. */
const quietMs = 120;

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
  const watcher = watch(inside, {
    ignoreInitial: true,
    followSymlinks: true,
    depth: 8,
    atomic: 100,
    awaitWriteFinish: { stabilityThreshold: quietMs, pollInterval: 40 },
  });
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;
  const look = () => {
    timer = undefined;
    running = running.then(changed).catch((error: unknown) => {
      log(`Looking at the policy files failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  watcher.on('all', () => {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(look, quietMs);
  });
  watcher.on('error', (error) =>
    log(`Watching ${inside} failed: ${error instanceof Error ? error.message : error}`),
  );
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  let extra: readonly string[] = [];
  return {
    also(files) {
      const gone = extra.filter((file) => !files.includes(file));
      const fresh = files.filter((file) => !extra.includes(file));
      if (gone.length > 0) watcher.unwatch([...gone]);
      if (fresh.length > 0) watcher.add([...fresh]);
      extra = files;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };
}
