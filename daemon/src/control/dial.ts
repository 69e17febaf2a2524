import { connect } from 'node:net';
import {
  createMessageConnection,
  ErrorCodes,
  type MessageConnection,
  NullLogger,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';

/** A JSON-RPC connection to one of the daemon's sockets. */
export interface Dialled {
  readonly connection: MessageConnection;
  /** Settles when either side has ended the connection. */
  readonly closed: Promise<void>;
  /** End it once what was said has gone out. */
  close(): void;
  /** End it now. */
  destroy(): void;
}

/** Messages are read one a turn. */
const lastWordsMs = 50;

/** Connect to a socket; undefined when nobody listens there. */
export function dial(path: string): Promise<Dialled | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      // Without it a daemon that goes away in mid-answer would be an uncaught error; `closed` tells of it.
      socket.on('error', () => socket.destroy());
      const connection = createMessageConnection(
        new StreamMessageReader(socket),
        new StreamMessageWriter(socket),
        NullLogger,
      );
      const closed = new Promise<void>((ended) => socket.once('close', () => ended()));
      let mine = false;
      void closed.then(() => {
        // What the other side said last may still be in line; disposing would take it for unanswered.
        if (mine) connection.dispose();
        else setTimeout(() => connection.dispose(), lastWordsMs);
      });
      connection.listen();
      const ending = (end: () => void) => () => {
        mine = true;
        end();
      };
      resolve({
        connection,
        closed,
        close: ending(() => socket.destroySoon()),
        destroy: ending(() => socket.destroy()),
      });
    });
  });
}

/** What this side makes itself of a connection that ends. */
const wentAway: readonly number[] = [
  ErrorCodes.MessageWriteError,
  ErrorCodes.MessageReadError,
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
];

/** Whether what a request was rejected with is the other side's answer, and not that it went away before. */
export function isAnswer(error: unknown): boolean {
  return error instanceof ResponseError && !wentAway.includes(error.code);
}
