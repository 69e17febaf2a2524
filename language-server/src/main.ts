/** The language server over standard input and output, as LSP clients start it: `gatehouse-language-server --stdio`. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './lsp/server.ts';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const version = String(Reflect.get(Object(manifest), 'version'));
const pages = new URL('../../docs/checks/', import.meta.url).href;

/** The command as it stands beside this file: in the bundle, else among the sources. */
const beside = ['./gatehouse.js', '../../daemon/src/cli/main.ts']
  .map((name) => fileURLToPath(new URL(name, import.meta.url)))
  .find((file) => existsSync(file));
const command = beside === undefined ? [] : [process.execPath, beside];

// Without `--stdio`, `--node-ipc` or `--socket` there is no client to talk to; standard input and output is what people mean.
const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];
const chosen = process.argv.some((argument) => transports.some((name) => argument.startsWith(name)));
const connection = chosen
  ? createConnection(ProposedFeatures.all)
  : createConnection(ProposedFeatures.all, process.stdin, process.stdout);
startServer(connection, { version, pages, command });
