import { Caller } from './caller.ts';
import { type PrivateServer, servePrivateSocket } from './private-socket.ts';
import type { ControlService } from './service.ts';

export type ControlServer = PrivateServer<Caller>;

/** Serve the control API of a workspace. @param socket as {@link servePrivateSocket} takes it */
export function serveControl(socket: string, service: ControlService): Promise<ControlServer> {
  return servePrivateSocket(socket, (connection, closed) => new Caller(connection, service, closed));
}
