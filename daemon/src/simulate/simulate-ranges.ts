import { type CompiledPolicies, compilePolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { whatIsRead } from '@gatehouse/policy-schema/evaluate/what-is-read.ts';
import type { PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { loadReaders, readers } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { RecordFault } from '../core/faults.ts';
import { openIndex, type StoreIndex } from '../recordings/store-index.ts';
import type { PolicyNow } from '../review/decide-again.ts';
import type { Asker } from '../review/recorded-input.ts';
import { Askers } from './askers.ts';
import { Gatherer, type Group } from './gather.ts';
import type { SimulationFilter } from './simulation.ts';
import { readChunks, type StoreRange } from './store-lines.ts';
import { Judge, type Judged, Tally } from './tally.ts';

/** What is decided again by what: plain data, which threads can be given. */
export interface SimulationTask {
  /** Of the records. */
  readonly folder: string;
  readonly set: PolicySet;
  readonly resources: readonly Resource[];
  /** ISO 8601 in UTC, with milliseconds. */
  readonly since: string;
  readonly filter: SimulationFilter;
}

/** Deciding them again costs more than keeping what became of them. */
const maxGroups = 100_000;

export interface RangeProgress {
  readonly bytes: number;
  readonly requests: number;
}

/** Decides the requests of parts of a store again, one part after the other, and adds up what becomes of them. */
export class RangeSimulation {
  readonly #folder: string;
  readonly #tally = new Tally();
  readonly #sessions: RecordedSessions;
  readonly #gatherer: Gatherer<Judged>;

  private constructor({ folder, set, resources, since, filter }: SimulationTask) {
    const compiled: CompiledPolicies = compilePolicies(set);
    const now: PolicyNow = {
      compiled,
      resources: new Map(resources.map((resource) => [resource.name, resource])),
    };
    const judge = new Judge(now, filter);
    this.#folder = folder;
    this.#sessions = sessionsOf(folder);
    const read = whatIsRead(set);
    this.#gatherer = new Gatherer<Judged>({
      read,
      askers: new Askers(read, filter, this.#sessions.lookUp),
      since,
      alike: alikeBy(now.resources),
      keep: (line, asker) => judge.judge(line, asker),
      maxGroups,
      full: (groups) => this.#count(groups),
    });
  }

  static async open(task: SimulationTask): Promise<RangeSimulation> {
    await loadReaders();
    return new RangeSimulation(task);
  }

  /** @throws RecordFault `store-corrupt` */
  take(range: StoreRange, progress: (done: RangeProgress) => void = () => {}): void {
    for (const chunk of readChunks(this.#folder, range)) {
      const before = this.#gatherer.requests;
      this.#gatherer.take(chunk);
      progress({ bytes: chunk.end, requests: this.#gatherer.requests - before });
    }
  }

  /** All that was decided; nothing is taken after it. */
  end(): Tally {
    this.#count(this.#gatherer.groups);
    this.close();
    return this.#tally;
  }

  close(): void {
    this.#sessions.close();
  }

  #count(groups: Iterable<Group<Judged>>): void {
    for (const { kept, times } of groups) this.#tally.add(kept, times);
  }
}

export function alikeBy(
  resources: ReadonlyMap<string, Pick<Resource, 'protocol'>>,
): (text: string, resource: string) => string {
  return (text, resource) => {
    const protocol = resources.get(resource)?.protocol;
    // Where the resource is no more, everything is open, whatever the text says.
    return protocol === undefined ? '' : readers[protocol].alike(text);
  };
}

export interface RecordedSessions {
  readonly lookUp: (session: string) => Asker | undefined;
  close(): void;
}

/** Sessions as the index tells of them, by their whole ids. It is opened when the first is asked for. */
export function sessionsOf(folder: string): RecordedSessions {
  let index: ReturnType<typeof openIndex> | undefined;
  return {
    lookUp: (session) => {
      index ??= openIndex(folder);
      return sessionIn(index, session);
    },
    close: () => {
      index?.close();
      index = undefined;
    },
  };
}

/** A session by its whole id. */
export function sessionIn(index: StoreIndex, session: string): Asker | undefined {
  try {
    const found = index.sessionById(session);
    return found.id === session ? found : undefined;
  } catch (fault) {
    if (fault instanceof RecordFault && fault.code === 'session-unknown') return undefined;
    throw fault;
  }
}
