/** The language server as any editor runs it: a process, spoken to by JSON-RPC over its standard input and output. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

export interface Client {
  readonly connection: ProtocolConnection;
  readonly server: InitializeResult;
  /** Absolute. */
  readonly root: string;
  uri(file: string): string;
  /** Write a file and tell the server. */
  write(file: string, text: string | undefined): Promise<void>;
  open(file: string, text: string): Promise<void>;
  /** Replace the whole text of an open file. */
  change(file: string, text: string): Promise<void>;
  /** Replace a part of an open file, as an editor does on a keystroke. */
  edit(file: string, range: Range, text: string): Promise<void>;
  close(file: string): Promise<void>;
  /** The next findings that the server sends for a file and that satisfy. */
  published(
    file: string,
    satisfies: (found: PublishDiagnosticsParams) => boolean,
  ): Promise<PublishDiagnosticsParams>;
  /** What it wrote to standard error. */
  stderr(): string;
  stop(): Promise<void>;
}

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  readonly files?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly initializationOptions?: unknown;
  /** A folder that is there, and stays; a new one unless given. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Capabilities of a client that pulls findings, as VS Code does. */
export const pulling: ClientCapabilities = {
  textDocument: { diagnostic: { relatedDocumentSupport: true } },
  workspace: { workspaceFolders: true, diagnostics: { refreshSupport: true } },
};

/** Start a server in a new folder with these files. */
export async function startClient({
  capabilities = pulling,
  files = {},
  command = [process.execPath, main, '--stdio'],
  initializationOptions,
  root: given,
  env = {},
}: ClientOptions = {}): Promise<Client> {
  const root = given ?? mkdtempSync(path.join(os.tmpdir(), 'gh-ls-'));
  const put = (file: string, text: string | undefined): void => {
    const at = path.join(root, file);
    mkdirSync(path.dirname(at), { recursive: true });
    if (text === undefined) rmSync(at, { force: true });
    else writeFileSync(at, text);
  };
  for (const [file, text] of Object.entries(files)) put(file, text);
  const [program = '', ...args] = command;
  const child: ChildProcess = spawn(program, args, {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const { stdin, stdout } = child;
  assert.ok(stdin && stdout);
  const connection = createProtocolConnection(
    new StreamMessageReader(stdout),
    new StreamMessageWriter(stdin),
  );
  const waiting = new Set<(params: PublishDiagnosticsParams) => void>();
  const last = new Map<string, PublishDiagnosticsParams>();
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    last.set(params.uri, params);
    for (const listener of waiting) listener(params);
  });
  for (const method of ['client/registerCapability', 'workspace/diagnostic/refresh'])
    connection.onRequest(method, () => null);
  const uri = (file: string): string => pathToFileURL(path.join(root, file)).href;
  const folders = [{ uri: pathToFileURL(root).href, name: 'test' }];
  connection.onRequest('workspace/workspaceFolders', () => folders);
  connection.listen();
  const server: InitializeResult = await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(root).href,
    capabilities,
    workspaceFolders: folders,
    initializationOptions,
  });
  await connection.sendNotification('initialized', {});
  const versions = new Map<string, number>();
  const next = (file: string): number => {
    const version = (versions.get(file) ?? 0) + 1;
    versions.set(file, version);
    return version;
  };
  const changed = (file: string, contentChanges: readonly unknown[]): Promise<void> =>
    connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: uri(file), version: next(file) },
      contentChanges,
    });
  return {
    connection,
    server,
    root,
    uri,
    write: (file, text) => {
      put(file, text);
      const type = text === undefined ? 3 : 2;
      return connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: uri(file), type }],
      });
    },
    open: (file, text) =>
      connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri: uri(file), languageId: 'yaml', version: next(file), text },
      }),
    change: (file, text) => changed(file, [{ text }]),
    edit: (file, range, text) => changed(file, [{ range, text }]),
    close: (file) =>
      connection.sendNotification('textDocument/didClose', { textDocument: { uri: uri(file) } }),
    published: (file, satisfies) =>
      new Promise((resolve) => {
        const look = (params: PublishDiagnosticsParams): void => {
          if (params.uri !== uri(file) || !satisfies(params)) return;
          waiting.delete(look);
          resolve(params);
        };
        waiting.add(look);
        const known = last.get(uri(file));
        if (known) look(known);
      }),
    stderr: () => stderr,
    stop: async () => {
      const gone = child.exitCode === null ? once(child, 'exit') : undefined;
      if (gone) {
        await connection.sendRequest('shutdown');
        await connection.sendNotification('exit');
        // Node itself can hang between its threads as it exits; editors do not wait for ever either.
        const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
        await gone;
        clearTimeout(late);
      }
      connection.dispose();
      if (given === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Where `needle` begins in a text, as LSP counts. */
export function positionOf(text: string, needle: string, after = 0): Position {
  const at = text.indexOf(needle);
  assert.notEqual(at, -1, needle);
  const before = text.slice(0, at + after).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
