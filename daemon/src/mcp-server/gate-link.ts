import type { ControlClient } from '../control/client.ts';
import type { ResourceStatus, TokenResult } from '../control/messages.ts';

export interface GateLinkOptions {
  /** Say hello to the daemon with an agent's token, or without one as who starts agents. @throws ConfigFault `daemon-absent` … */
  readonly open: (token?: string) => Promise<ControlClient>;
  /** Who asks. Known once the client has said who it is. */
  readonly agent: () => string;
  readonly task: string;
}

/** An agent at one resource: how it logs in there, and where it asks about itself. */
export interface AgentLink {
  readonly token: TokenResult;
  readonly control: ControlClient;
}

const tokenTtlMs = 60 * 60 * 1000;
/** A token that is about to expire is not handed out any more. */
const renewBeforeMs = 5 * 60 * 1000;

/**
 * The way to the daemon. It makes tokens for the one agent that it serves, and no more. Connections are kept until the
 * daemon ends them; the next call then connects anew, so a daemon that comes back is found.
 */
export class GateLink {
  readonly #options: GateLinkOptions;
  #launcher: Promise<ControlClient> | undefined;
  readonly #agents = new Map<string, Promise<AgentLink>>();

  constructor(options: GateLinkOptions) {
    this.#options = options;
  }

  get agent(): string {
    return this.#options.agent();
  }

  /** @throws ConfigFault `daemon-absent`, `workspace-missing` */
  async resources(): Promise<readonly ResourceStatus[]> {
    return (await (await this.#launch()).status()).resources;
  }

  /** @throws ConfigFault; the daemon's words where it refuses */
  async at(resource: string): Promise<AgentLink> {
    const known = this.#agents.get(resource);
    if (known !== undefined && !isOld(await known.catch(() => undefined))) return known;
    this.#forget(resource);
    const opening = this.#open(resource);
    this.#agents.set(resource, opening);
    opening.then(
      ({ control }) => void control.closed.then(() => this.#drop(resource, opening)),
      () => this.#drop(resource, opening),
    );
    return opening;
  }

  close(): void {
    for (const resource of [...this.#agents.keys()]) this.#forget(resource);
    this.#launcher?.then(
      (client) => client.close(),
      () => {},
    );
    this.#launcher = undefined;
  }

  async #open(resource: string): Promise<AgentLink> {
    const launcher = await this.#launch();
    const { agent, task } = { agent: this.agent, task: this.#options.task };
    const token = await launcher.mintToken({ resource, agent, task, ttl: tokenTtlMs });
    return { token, control: await this.#options.open(token.token) };
  }

  #launch(): Promise<ControlClient> {
    if (this.#launcher !== undefined) return this.#launcher;
    const opening = this.#options.open();
    const drop = () => {
      if (this.#launcher === opening) this.#launcher = undefined;
    };
    this.#launcher = opening;
    opening.then((client) => void client.closed.then(drop), drop);
    return opening;
  }

  #drop(resource: string, link: Promise<AgentLink>): void {
    if (this.#agents.get(resource) === link) this.#agents.delete(resource);
  }

  #forget(resource: string): void {
    const link = this.#agents.get(resource);
    this.#agents.delete(resource);
    link?.then(
      ({ control }) => control.close(),
      () => {},
    );
  }
}

function isOld(link: AgentLink | undefined): boolean {
  return link === undefined || Date.parse(link.token.expires) - Date.now() < renewBeforeMs;
}
