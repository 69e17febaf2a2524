import type { WhatIsRead } from '@gatehouse/policy-schema/evaluate/what-is-read.ts';
import { parseLine } from '../recordings/chain.ts';
import type { Asker } from '../review/recorded-input.ts';
import type { SimulationFilter } from './simulation.ts';

/** Sessions that no answer tells apart. */
export interface AskerClass {
  readonly id: number;
  /** Undefined: its record is not there. */
  readonly asker: Asker | undefined;
  /** The filter leaves it in. */
  readonly isWanted: boolean;
}

const maxSessions = 50_000;

/** Sessions by what their requests' answers may depend on. */
export class Askers {
  readonly #bySession = new Map<string, AskerClass>();
  readonly #classes = new Map<string, AskerClass>();
  readonly #read: WhatIsRead;
  readonly #filter: SimulationFilter;
  readonly #lookUp: (session: string) => Asker | undefined;

  /** @param lookUp a session that was opened before the lines that are read */
  constructor(read: WhatIsRead, filter: SimulationFilter, lookUp: (session: string) => Asker | undefined) {
    this.#read = read;
    this.#filter = filter;
    this.#lookUp = lookUp;
  }

  get size(): number {
    return this.#classes.size;
  }

  /** Take in the line of an opened session. */
  opened(line: Buffer): void {
    const parsed = parseLine(line);
    if (parsed?.kind !== 'session.opened') return;
    const { session, principal, resource, client } = parsed;
    this.#keep(session, { ...principal, resource, client });
  }

  /** @param session its id, as it stands in a line */
  of(session: string): AskerClass {
    return this.#bySession.get(session) ?? this.#keep(session, this.#lookUp(session));
  }

  forget(): void {
    this.#bySession.clear();
    this.#classes.clear();
  }

  #keep(session: string, asker: Asker | undefined): AskerClass {
    const key = this.#keyOf(asker);
    let found = this.#classes.get(key);
    if (found === undefined) {
      found = { id: this.#classes.size, asker, isWanted: this.#wants(asker) };
      this.#classes.set(key, found);
    }
    if (this.#bySession.size >= maxSessions) this.#bySession.clear();
    // A slice would keep the whole chunk that it is cut from.
    this.#bySession.set(Buffer.from(session, 'latin1').toString('latin1'), found);
    return found;
  }

  #keyOf(asker: Asker | undefined): string {
    if (asker === undefined) return '';
    const { resource, person, groups, agent, workspace, task, client } = asker;
    const read = this.#read;
    return JSON.stringify([
      resource,
      read.person ? person : '',
      read.person ? groups : [],
      agent,
      read.workspace ? workspace : '',
      read.task ? task : '',
      read.application ? client.application : '',
    ]);
  }

  #wants(asker: Asker | undefined): boolean {
    const { resource, agent } = this.#filter;
    if (resource === undefined && agent === undefined) return true;
    if (asker === undefined) return false;
    return (
      (resource === undefined || asker.resource === resource) &&
      (agent === undefined || asker.agent === agent)
    );
  }
}
