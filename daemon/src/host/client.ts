import { dial, isAnswer } from '../control/dial.ts';
import { version } from '../core/version.ts';
import * as messages from './messages.ts';
import type { HostAddress } from './place.ts';

/** The daemon of this user, as a command sees it. */
export interface HostClient {
  readonly hello: messages.HelloResult;
  /** Settles when either side has ended the connection. */
  readonly closed: Promise<void>;
  open(folder: string, secrets: Readonly<Record<string, string>>): Promise<messages.OpenResult>;
  status(): Promise<messages.HostStatus>;
  drain(): Promise<void>;
  onLogged(listener: (line: string) => void): void;
  /** A workspace was ended by somebody else. */
  onClosed(listener: (folder: string) => void): void;
  close(): void;
}

/**
 * Say hello to a running host.
 * @returns undefined when nobody listens there, or who did went away before answering
 * @throws ResponseError `unauthenticated` when the secret is not the host's
 */
export async function connectHost(
  { socket }: HostAddress,
  secret: string,
  client: string,
): Promise<HostClient | undefined> {
  const dialled = await dial(socket);
  if (dialled === undefined) return undefined;
  const { connection, closed, close, destroy } = dialled;
  try {
    const hello = await connection.sendRequest(messages.hello, { secret, client, version });
    return {
      hello,
      closed,
      open: (folder, secrets) => connection.sendRequest(messages.open, { folder, secrets }),
      status: () => connection.sendRequest(messages.status, {}),
      drain: () => connection.sendRequest(messages.drain, {}),
      onLogged: (listener) => void connection.onNotification(messages.logged, ({ line }) => listener(line)),
      onClosed: (listener) =>
        void connection.onNotification(messages.closed, ({ folder }) => listener(folder)),
      close,
    };
  } catch (error) {
    destroy();
    if (isAnswer(error)) throw error;
    return undefined;
  }
}
