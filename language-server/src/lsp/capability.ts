import type { ClientCapabilities, Connection, ServerCapabilities } from 'vscode-languageserver';
import type { Session } from './session.ts';

/** One thing that the server offers: what it says of itself, and the handlers behind it. */
export interface Capability {
  readonly offers: (client: ClientCapabilities) => ServerCapabilities;
  /** Called once, after `initialize`. */
  register(connection: Connection, session: Session): void;
}
