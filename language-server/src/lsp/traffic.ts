import type { CancellationToken, Connection } from 'vscode-languageserver';
import { CancellationTokenSource } from 'vscode-languageserver';
import { fileKindOf } from '@gatehouse/policy-schema/model/layout.ts';
import { URI } from 'vscode-uri';
import type { Traffic } from '../desk.ts';
import type { Folder } from '../workspace/folders.ts';
import { askTraffic, trafficOf } from '../workspace/traffic.ts';
import type { Capability } from './capability.ts';

/** Sent to a client that said it can: what these texts would make of the recorded requests of a folder. */
export const simulateRequest = 'gatehouse/simulate';
/** Sent by a client when there may be another answer: the gate started, a setting changed. */
export const trafficChanged = 'gatehouse/trafficChanged';

/** What {@link simulateRequest} is sent with; a `SimulateResult` or null is answered. */
export interface SimulateRequest {
  /** The folder's address. */
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export type TrafficSource = 'client' | 'off' | { readonly command: readonly string[] };

/** A daemon answers from memory; a command starts a process. */
const restMs = { client: 700, command: 2500 } as const;
/** Requests are recorded meanwhile. */
const everyMs = 5 * 60_000;

type Ask = (
  folder: Folder,
  texts: ReadonlyMap<string, string>,
  token: CancellationToken,
) => Promise<Traffic | undefined>;

/** What the texts as they stand would make of the recorded requests, asked for when the keys rest. */
export function traffic(source: TrafficSource): Capability {
  return {
    offers: () => ({}),
    register: (connection, session) => {
      if (source === 'off' || session.untrusted) return;
      const rest = source === 'client' ? restMs.client : restMs.command;
      const asked = new Map<Folder, CancellationTokenSource>();
      const ask = source === 'client' ? askClient(connection) : askCommand(source.command);
      const renew = async (folder: Folder): Promise<void> => {
        // Once only: a source that nobody asked for its token cannot be cancelled twice.
        asked.get(folder)?.cancel();
        asked.delete(folder);
        // Nobody sees hints of files that are closed.
        const texts = new Map([...folder.desk.openTexts].filter(([file]) => fileKindOf(file) !== undefined));
        if (texts.size === 0) return;
        const own = new CancellationTokenSource();
        asked.set(folder, own);
        await session.rested(rest);
        if (own.token.isCancellationRequested) return;
        const told = await ask(folder, openTexts(folder), own.token).catch(() => undefined);
        if (own.token.isCancellationRequested) return;
        if (folder.desk.setTraffic(told) && session.client.workspace?.inlayHint?.refreshSupport)
          await connection.languages.inlayHint.refresh().catch(() => {});
      };
      const renewAll = (): void => {
        for (const folder of session.folders.all) void renew(folder);
      };
      session.onChange(({ place, outside }) => {
        if (place !== undefined) void renew(place.folder);
        else if (outside) renewAll();
      });
      connection.onNotification(trafficChanged, renewAll);
      const timer = setInterval(renewAll, everyMs);
      timer.unref();
      session.onClose(() => {
        clearInterval(timer);
        for (const own of asked.values()) own.cancel();
      });
    },
  };
}

function openTexts({ desk }: Folder): ReadonlyMap<string, string> {
  return new Map([...desk.openTexts].filter(([file]) => fileKindOf(file) !== undefined));
}

function askClient(connection: Connection): Ask {
  return async ({ root }, texts, token) => {
    const params: SimulateRequest = {
      folder: URI.file(root).toString(),
      files: [...texts].map(([path, text]) => ({ path, text })),
    };
    return trafficOf(await connection.sendRequest(simulateRequest, params, token));
  };
}

function askCommand(command: readonly string[]): Ask {
  return async ({ root }, texts, token) => {
    const ending = new AbortController();
    const registered = token.onCancellationRequested(() => ending.abort());
    try {
      return await askTraffic(command, { folder: root, texts, signal: ending.signal });
    } finally {
      registered.dispose();
    }
  };
}
