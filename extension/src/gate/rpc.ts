import { connect } from 'node:net';
import {
  createMessageConnection,
  NullLogger,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';

type Api = Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;

/** A connection to a socket of the daemon, whose requests are typed by the daemon's own declarations. */
export interface Rpc<Requests extends { [Name in keyof Requests]: Api[string] }> {
  request<Name extends keyof Requests & string>(
    name: Name,
    params: Requests[Name]['params'],
  ): Promise<Requests[Name]['result']>;
  onNotification<Params>(name: string, handle: (params: Params) => void): void;
  /** Settles when either side has ended it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** @param prefix of its methods, as in `gatehouse/`. @throws Error when nobody listens there */
export function dial<Requests extends { [Name in keyof Requests]: Api[string] }>(
  path: string,
  prefix: string,
): Promise<Rpc<Requests>> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      // A daemon that goes away in mid-answer ends the connection, and nothing else.
      socket.on('error', () => socket.destroy());
      const connection = createMessageConnection(
        new StreamMessageReader(socket),
        new StreamMessageWriter(socket),
        NullLogger,
      );
      const closed = new Promise<void>((done) => socket.once('close', () => done()));
      void closed.then(() => connection.dispose());
      connection.listen();
      resolve({
        request: (name, params) => connection.sendRequest(prefix + name, params),
        onNotification: (name, handle) => void connection.onNotification(prefix + name, handle),
        closed,
        close: () => socket.destroySoon(),
      });
    });
  });
}
