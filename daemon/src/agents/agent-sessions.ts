import { hash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TokenParams, TokenResult } from '../control/messages.ts';
import { writePrivateFile } from '../core/private-file.ts';
import {
  environmentFiles,
  type RoutedResource,
  withEnvironment,
  withoutEnvironment,
} from './environment-file.ts';
import type { EnvironmentParams, EnvironmentResult, HookAnswer, HookParams } from './hook.ts';
import { programFolder } from './launcher.ts';
import { mayUseResource, objectionTo } from './judge.ts';
import type { Surroundings } from './reach.ts';
import type { Dialect } from './shell-words.ts';
import type { ToolUse } from './tool-use.ts';
import type { Upstream } from './upstreams.ts';

/** A token lives so long, and is renewed when half of that is left. */
const tokenMs = 2 * 60 * 60 * 1000;
/** Sessions whose files are kept; the ones longest unused go first. */
const mostSessions = 200;

export interface ServedResource extends Upstream {
  readonly gatePort: number;
}

export interface AgentSessionsOptions {
  readonly workspaceFolder: string;
  /** Where Gatehouse keeps its state; files of sessions go to `agents/` in it. */
  readonly stateFolder: string;
  /** Resources that are served now, and the port where. */
  readonly served: () => readonly ServedResource[];
  readonly mint: (params: TokenParams) => TokenResult;
  readonly log: (line: string) => void;
  readonly now?: () => number;
}

interface KnownSession {
  readonly entry: Readonly<Record<Dialect, string>>;
  readonly files: readonly string[];
  readonly variables: EnvironmentResult['variables'];
  /** The resources that the files were made for; they are made anew when that changes. */
  readonly madeFor: string;
  /** Unix milliseconds. */
  readonly renewAt: number;
}

/** The environments of agents that the gate's hooks were asked about, and the hooks' answers. */
export class AgentSessions {
  readonly #options: AgentSessionsOptions;
  readonly #folder: string;
  readonly #known = new Map<string, KnownSession>();
  /** Sessions of harnesses that read the file themselves before each command. */
  readonly #sourcing = new Set<string>();
  readonly #now: () => number;

  constructor(options: AgentSessionsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#folder = path.join(options.stateFolder, 'agents');
    // Of an earlier daemon, whose tokens nobody takes any more.
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Answer a hook. Never says that a tool may run: that is the editor's and the person's to say. */
  answer(params: HookParams): HookAnswer {
    const { event } = params;
    const key = keyOf(params.harness, params.session);
    if (event.kind === 'session-start') {
      const { entry } = this.#provide(params.harness, params.session, tokenMs);
      if (event.sources) this.#sourcing.add(key);
      return { kind: 'welcome', words: this.#welcome(), file: entry.sh };
    }
    const use = this.#asMeant(event.use, key);
    const objection = objectionTo(use, this.#surroundings(params.cwd));
    if (objection !== undefined) {
      this.#options.log(
        `${params.harness}: ${event.name} was met with ${objection.kind} (${objection.cause}).`,
      );
      return { kind: objection.kind, words: objection.words };
    }
    if (use.kind !== 'shell' || !mayUseResource(use)) return { kind: 'none' };
    const { entry } = this.#provide(params.harness, params.session, tokenMs);
    if (this.#sourcing.has(key)) return { kind: 'none' };
    return { kind: 'rewrite', command: withEnvironment(use.command, entry[use.dialect], use.dialect) };
  }

  /** What leads through the gate, for a process that an agent is started in. @throws ConfigFault for a wrong name or lifetime */
  environment({ agent, session, ttl }: EnvironmentParams): EnvironmentResult {
    const { variables, entry } = this.#provide(agent, session, ttl);
    return { variables, entry };
  }

  /** An agent may repeat a command that it saw as the hook made it. */
  #asMeant(use: ToolUse, key: string): ToolUse {
    const known = this.#known.get(key);
    if (use.kind !== 'shell' || known === undefined) return use;
    return { ...use, command: withoutEnvironment(use.command, known.entry[use.dialect], use.dialect) };
  }

  #surroundings(cwd: string): Surroundings {
    const { workspaceFolder, stateFolder } = this.#options;
    const served = this.#options.served();
    return {
      workspaceFolder,
      cwd,
      home: os.homedir(),
      stateFolders: stateFoldersOf(stateFolder, workspaceFolder),
      upstreams: served,
      served: new Map(served.map(({ resource, gatePort }) => [resource, gatePort])),
      gate: 'up',
      readText: readSmallFile,
    };
  }

  /** The files of a session, with tokens that still live for a while. */
  #provide(agent: string, session: string, ttl: number): KnownSession {
    const key = keyOf(agent, session);
    const served = this.#options.served();
    const known = this.#known.get(key);
    const madeFor = served.map(({ resource, gatePort }) => `${resource}:${gatePort}`).join(' ');
    if (known !== undefined && known.renewAt > this.#now() && known.madeFor === madeFor) {
      // The most recently used last.
      this.#known.delete(key);
      this.#known.set(key, known);
      return known;
    }
    const task = taskOf(session);
    const resources: RoutedResource[] = served.map((upstream) => ({
      upstream,
      token: this.#options.mint({ resource: upstream.resource, agent, task, ttl }),
    }));
    const made = environmentFiles({
      agent,
      session: task,
      key,
      folder: this.#folder,
      programs: programFolder(path.dirname(this.#options.stateFolder)),
      join: path.join,
      resources,
    });
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') chmodSync(this.#folder, 0o700);
    for (const [name, text] of made.files) writePrivateFile(path.join(this.#folder, name), text);
    const fresh: KnownSession = {
      entry: made.entry,
      files: [...made.files.keys()],
      variables: made.variables,
      madeFor,
      renewAt: this.#now() + ttl / 2,
    };
    this.#known.delete(key);
    this.#known.set(key, fresh);
    this.#forgetOldest();
    return fresh;
  }

  #forgetOldest(): void {
    for (const [key, { files }] of this.#known) {
      if (this.#known.size <= mostSessions) return;
      this.#known.delete(key);
      this.#sourcing.delete(key);
      for (const name of files) rmSync(path.join(this.#folder, name), { force: true });
    }
  }

  #welcome(): string {
    const names = this.#options.served().map(({ resource }) => resource);
    const first = names[0] ?? 'NAME';
    const use =
      names.length === 1
        ? `\`psql\` alone connects to ${first}`
        : `\`psql service=${first}\` connects to ${first}, and so on`;
    return [
      `This workspace reaches ${names.length === 0 ? 'its resources' : names.join(', ')} through Gatehouse, a gate that decides each statement by the policy in .gatehouse.`,
      `Your shell is set up for it: ${use}; drivers that read PGHOST and the like need no settings either.`,
      'Give no host, user or password of your own. A denial names its rule and says what to do; a statement that waits is being shown to a person.',
    ].join(' ');
  }
}

/** The folder of one workspace, and that of all where it is not one that people work in. */
export function stateFoldersOf(stateFolder: string, workspaceFolder: string): readonly string[] {
  const all = path.dirname(stateFolder);
  return path.relative(all, workspaceFolder).startsWith('..') ? [all] : [stateFolder];
}

/** Names a session in files: never a path, and short, as a person who is asked about a command reads it. */
function keyOf(agent: string, session: string): string {
  const safe = /^[A-Za-z0-9-]{1,32}$/.test(agent) ? agent : 'agent';
  return `${safe}-${hash('sha256', `${agent}\0${session}`).slice(0, 10)}`;
}

/** One line, as tasks are. */
function taskOf(session: string): string {
  return session.replace(/\p{Cc}+/gu, ' ').slice(0, 200);
}

const longestRead = 64 * 1024;

/** A small regular file as text; anything else is not looked into. */
export function readSmallFile(file: string): string | undefined {
  let fd: number | undefined;
  try {
    // A pipe that nobody writes to would hold the daemon for ever.
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(fd);
    return found.isFile() && found.size <= longestRead ? readFileSync(fd, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
