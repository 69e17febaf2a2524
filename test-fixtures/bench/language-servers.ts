/** Language servers as processes, from their start to the first findings in an open file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

export interface ServerCommand {
  readonly command: readonly string[];
  /** What it is told when it asks for settings, by section. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The bundled one; `npm run bench` has just built it. */
export const gatehouseServer: ServerCommand = {
  command: [process.execPath, path.join(root, 'dist/language-server.js'), '--stdio'],
  settings: {},
};

export const policySchema: unknown = JSON.parse(
  readFileSync(path.join(root, 'docs/schema/v1/policy.schema.json'), 'utf8'),
);

export function yamlServer(folder: string): ServerCommand {
  const schema = path.join(folder, 'policy.schema.json');
  writeFileSync(schema, JSON.stringify(policySchema));
  const packaged = createRequire(import.meta.url).resolve('yaml-language-server/package.json');
  return {
    command: [process.execPath, path.join(path.dirname(packaged), 'bin/yaml-language-server'), '--stdio'],
    settings: {
      yaml: {
        validate: true,
        schemas: { [pathToFileURL(schema).href]: '*.policy.yaml' },
        schemaStore: { enable: false },
      },
    },
  };
}

/** Write files into a new folder. */
export function folderOf(files: ReadonlyMap<string, string>): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gh-bench-'));
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Milliseconds from the start of the process until it has sent findings for a file that is opened, which has an error. */
export async function coldStart(
  { command: [program = '', ...args], settings }: ServerCommand,
  folder: string,
  file: string,
  text: string,
): Promise<number> {
  const started = performance.now();
  const child = spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const uri = pathToFileURL(path.join(folder, file)).href;
  const found = new Promise<number>((resolve) => {
    connection.onNotification('textDocument/publishDiagnostics', (params: { readonly uri: string }) => {
      if (params.uri === uri) resolve(performance.now() - started);
    });
  });
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section?: string }[] }) =>
    items.map(({ section = '' }) => settings[section] ?? null),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  const folders = [{ uri: pathToFileURL(folder).href, name: 'bench' }];
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: folders[0]?.uri,
    workspaceFolders: folders,
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: { publishDiagnostics: {} },
    },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings });
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  const took = await found;
  const gone = once(child, 'exit');
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  await gone;
  connection.dispose();
  return took;
}
