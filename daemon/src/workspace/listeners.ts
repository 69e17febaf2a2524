import { isDeepStrictEqual } from 'node:util';
import type { Resource, Workspace } from '@gatehouse/policy-schema/model/workspace.ts';
import type { ResourceStatus } from '../control/messages.ts';
import type { Listener } from '../core/listener.ts';
import { readPrivateFile, writePrivateFile } from '../core/private-file.ts';
import type { Snapshot } from './snapshot.ts';

/** What one listener is made from; it is made anew when any of this changes. */
export interface ListenerPlan {
  readonly resource: Resource;
  readonly caPem?: string;
  readonly sizes: Workspace['sizes'];
  readonly results: Workspace['records']['results'];
}

type Served =
  | { readonly kind: 'up'; readonly plan: ListenerPlan; readonly listener: Listener }
  | { readonly kind: 'down'; readonly plan: ListenerPlan; readonly problem: string };

export interface ListenersOptions {
  readonly open: (plan: ListenerPlan, port: number) => Promise<Listener>;
  /** Remembers the port that each resource was given, so that a client's settings outlive a restart. */
  readonly portsFile: string;
  readonly log: (line: string) => void;
}

/** One listener for each resource of the accepted workspace. */
export class Listeners {
  readonly #options: ListenersOptions;
  readonly #served = new Map<string, Served>();
  readonly #ports: Map<string, number>;

  constructor(options: ListenersOptions) {
    this.#options = options;
    this.#ports = readPorts(options.portsFile);
  }

  /** Close what is gone or changed, with its sessions, and open what is new. Calls must not overlap. */
  async apply(snapshot: Snapshot | undefined): Promise<void> {
    const plans = new Map(
      (snapshot?.parsed.resources ?? []).map((resource) => [resource.name, planOf(resource, snapshot)]),
    );
    for (const [name, served] of [...this.#served]) {
      const plan = plans.get(name);
      if (plan !== undefined && served.kind === 'up' && samePlan(served.plan, plan)) continue;
      this.#served.delete(name);
      if (served.kind === 'up') await served.listener.close();
    }
    for (const [name, plan] of plans) {
      if (!this.#served.has(name)) this.#served.set(name, await this.#open(plan));
    }
  }

  /** How each resource stands, in the order of the workspace. */
  list(): readonly ResourceStatus[] {
    return [...this.#served.values()].map(statusOf);
  }

  /** The resource and where its listener is, when it is up. */
  find(
    name: string,
  ): { readonly resource: Resource; readonly listener?: Listener; readonly problem?: string } | undefined {
    const served = this.#served.get(name);
    if (served === undefined) return undefined;
    const { resource } = served.plan;
    return served.kind === 'up'
      ? { resource, listener: served.listener }
      : { resource, problem: served.problem };
  }

  async close(): Promise<void> {
    await this.apply(undefined);
  }

  async #open(plan: ListenerPlan): Promise<Served> {
    const { name, listen } = plan.resource;
    try {
      const listener = await this.#openAt(plan, listen ?? this.#ports.get(name) ?? 0);
      if (listen === undefined) this.#keepPort(name, listener.port);
      return { kind: 'up', plan, listener };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#options.log(`${name}: cannot listen: ${problem}`);
      return { kind: 'down', plan, problem };
    }
  }

  async #openAt(plan: ListenerPlan, port: number): Promise<Listener> {
    try {
      return await this.#options.open(plan, port);
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || plan.resource.listen !== undefined || port === 0) throw error;
      this.#options.log(`${plan.resource.name}: port ${port} is taken by another program; taking a new one.`);
      return await this.#options.open(plan, 0);
    }
  }

  #keepPort(name: string, port: number): void {
    if (this.#ports.get(name) === port) return;
    this.#ports.set(name, port);
    try {
      writePrivateFile(this.#options.portsFile, `${JSON.stringify(Object.fromEntries(this.#ports))}\n`);
    } catch (error) {
      this.#options.log(
        `The ports could not be remembered: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

function planOf(resource: Resource, snapshot: Snapshot | undefined): ListenerPlan {
  const caPem = resource.tls.ca === undefined ? undefined : snapshot?.certificates.get(resource.tls.ca);
  if (snapshot === undefined) throw new Error('A plan needs a workspace.');
  return {
    resource,
    ...(caPem === undefined ? {} : { caPem }),
    sizes: snapshot.parsed.sizes,
    results: snapshot.parsed.records.results,
  };
}

function samePlan(a: ListenerPlan, b: ListenerPlan): boolean {
  const { location: _a, ...resourceA } = a.resource;
  const { location: _b, ...resourceB } = b.resource;
  return isDeepStrictEqual({ ...a, resource: resourceA }, { ...b, resource: resourceB });
}

function statusOf(served: Served): ResourceStatus {
  const { resource } = served.plan;
  const status = {
    name: resource.name,
    protocol: resource.protocol,
    upstream: `${resource.user}@${resource.host}:${resource.port}/${resource.database}`,
  };
  if (served.kind === 'down') return { ...status, sessions: 0, problem: served.problem };
  const { host, port, sessions } = served.listener;
  return { ...status, listen: { host, port }, sessions };
}

function readPorts(file: string): Map<string, number> {
  const read = readPrivateFile(file, 1024 * 1024);
  if (!read.ok) return new Map();
  try {
    const value: unknown = JSON.parse(read.bytes.toString('utf8'));
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(
      Object.entries(value).filter(
        (entry): entry is [string, number] => Number.isInteger(entry[1]) && entry[1] > 0 && entry[1] < 65_536,
      ),
    );
  } catch {
    return new Map();
  }
}
