import type {
  Connection,
  InitializeParams,
  InitializeResult,
  ServerCapabilities,
} from 'vscode-languageserver';
import type { Capability } from './capability.ts';
import { diagnostics } from './diagnostics.ts';
import { documents } from './documents.ts';
import { editing } from './editing.ts';
import { lenses } from './lenses.ts';
import { live } from './live.ts';
import { navigation } from './navigation.ts';
import { reading } from './reading.ts';
import { Session } from './session.ts';
import { tests } from './tests.ts';
import { traffic } from './traffic.ts';
import { addFolders, watching } from './watching.ts';

/** What the client may say when it starts the server. */
export interface InitializationOptions {
  /** The address of the folder with a page for each code; by default the one beside the server. */
  readonly pages?: string;
  /** Program and arguments that stand for `gatehouse`, to ask its daemon for names; empty: ask nobody. */
  readonly command?: readonly string[];
  /**
   * Nobody has trusted the folders yet: no program is run in them. Git is one, as a repository's own settings can name programs
   * for it to run.
   */
  readonly untrusted?: boolean;
  /**
   * Who tells what the files would make of the recorded requests: `client`, which answers `gatehouse/simulate`; else
   * `gatehouse simulate`, of {@link InitializationOptions.command}. `off`: nobody is asked.
   */
  readonly traffic?: 'client' | 'off';
}

/** What the installation says of itself. */
export interface Installation {
  readonly version: string;
  readonly pages?: string;
  readonly command?: readonly string[];
}

const always: readonly Capability[] = [
  documents,
  watching,
  diagnostics,
  editing,
  navigation,
  reading,
  lenses,
  tests,
];

/** Serve one client until it says `exit`. */
export function startServer(connection: Connection, { version, pages, command = [] }: Installation): void {
  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const options = (params.initializationOptions ?? {}) as InitializationOptions;
    const client = params.capabilities;
    const { untrusted = false } = options;
    const own = untrusted ? [] : (options.command ?? command);
    const capabilities = [...always, live(own), traffic(options.traffic ?? { command: own })];
    const session = new Session(connection, client, { pages: options.pages ?? pages, untrusted });
    for (const capability of capabilities) capability.register(connection, session);
    connection.onShutdown(() => session.close());
    const folders = params.workspaceFolders ?? (params.rootUri ? [{ uri: params.rootUri }] : []);
    void addFolders(session, folders);
    return {
      capabilities: joined(capabilities.map(({ offers }) => offers(client))),
      serverInfo: { name: 'gatehouse', version },
    };
  });
  connection.listen();
}

/** Everything that is offered; keys below `workspace` stand together. */
function joined(offers: readonly ServerCapabilities[]): ServerCapabilities {
  const workspace = Object.assign({}, ...offers.map((offer) => offer.workspace ?? {}));
  return Object.assign({ positionEncoding: 'utf-16' }, ...offers, { workspace });
}
