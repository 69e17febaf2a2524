import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type * as vscode from 'vscode';
import { commandFile } from '../../gate/command-file.ts';

/** What the agent of the demo saw of a statement; as `gatehouse demo companion` tells it. */
export type Seen =
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly (string | null)[])[];
    }
  | { readonly kind: 'done'; readonly tag: string }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly detail?: string;
      readonly hint?: string;
    };

type Said =
  | { readonly event: 'ready'; readonly port: number }
  | { readonly event: 'ran'; readonly id: number; readonly seen: Seen }
  | { readonly event: 'failed'; readonly id?: number; readonly problem: string };

/** The runtime that VS Code itself runs on. */
const asNode = (): NodeJS.ProcessEnv => ({ ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' });

/** Run the `gatehouse` that the extension carries to its end. @throws Error with what it said */
export async function runCommand(extension: vscode.Uri, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [commandFile(extension), ...args], {
    env: asNode(),
  });
  return stdout;
}

/** The process that holds the demo's database for this window, and is its agent. */
export class DemoCompanion implements vscode.Disposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ready = Promise.withResolvers<void>();
  readonly #asked = new Map<number, PromiseWithResolvers<Seen>>();
  #asks = 0;

  constructor(extension: vscode.Uri, folder: string, password: string) {
    this.#child = spawn(process.execPath, [commandFile(extension), 'demo', 'companion', folder], {
      env: asNode(),
    });
    const { stdin, stdout, stderr } = this.#child;
    let problem = '';
    stderr.setEncoding('utf8').on('data', (text: string) => {
      problem += text;
    });
    stdin.on('error', () => {});
    this.#child.on('error', (error) => this.#fail(error));
    this.#child.on('close', () => this.#fail(new Error(problem.trim() || 'The demo has ended.')));
    this.#ready.promise.catch(() => {});
    createInterface({ input: stdout }).on('line', (line) => this.#take(JSON.parse(line) as Said));
    this.#say({ password });
  }

  /** Settles when the database answers. @throws Error when it does not start */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Try a statement as the agent `demo`, through the gate. @throws Error when the gate cannot be reached */
  run(sql: string): Promise<Seen> {
    const asked = Promise.withResolvers<Seen>();
    this.#asked.set(++this.#asks, asked);
    this.#say({ id: this.#asks, sql });
    return asked.promise;
  }

  dispose(): void {
    this.#child.stdin.end();
  }

  #say(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #take(said: Said): void {
    if (said.event === 'ready') {
      this.#ready.resolve();
      return;
    }
    const asked = said.id === undefined ? undefined : this.#asked.get(said.id);
    if (said.id !== undefined) this.#asked.delete(said.id);
    if (said.event === 'ran') asked?.resolve(said.seen);
    else (asked ?? this.#ready).reject(new Error(said.problem));
  }

  #fail(error: Error): void {
    this.#ready.reject(error);
    for (const asked of this.#asked.values()) asked.reject(error);
    this.#asked.clear();
  }
}
