import type { Folder } from '../workspace/folders.ts';
import { askLiveNames } from '../workspace/live-names.ts';
import type { Capability } from './capability.ts';

/** Tables come and go while people write; asking costs the database little. */
const everyMs = 60_000;
/** Files change in bursts. */
const restMs = 15_000;

/**
 * Names that the daemon knows, asked for in the background.
 * @param command Program and arguments that stand for `gatehouse`
 */
export function live(command: readonly string[]): Capability {
  return {
    offers: () => ({}),
    register: (connection, session) => {
      const asked = new Map<Folder, number>();
      const ask = async (folder: Folder): Promise<void> => {
        asked.set(folder, Date.now());
        folder.desk.setLive(await askLiveNames(command, folder.root));
      };
      const askAll = (): void => {
        for (const folder of session.folders.all)
          if (Date.now() - (asked.get(folder) ?? 0) > restMs) void ask(folder);
      };
      const timer = setInterval(askAll, everyMs);
      timer.unref();
      session.onClose(() => clearInterval(timer));
      session.onChange(({ outside }) => {
        if (outside) askAll();
      });
      connection.onRequest('gatehouse/refreshNames', async () => {
        await Promise.all(session.folders.all.map(ask));
      });
    },
  };
}
