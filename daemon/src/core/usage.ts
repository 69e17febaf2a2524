import type { AppliedBudget } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { BudgetScope } from '@gatehouse/policy-schema/model/policy.ts';
import type { Session } from './session.ts';

/** What was used up: rows and bytes as clients got them, cost as the planner estimated it. */
export interface Used {
  readonly rows: number;
  readonly bytes: number;
  readonly cost: number;
}

/** What one agent of one person used of a resource today, before this daemon started. */
export interface PastUse extends Used {
  readonly resource: string;
  readonly person: string;
  readonly agent: string;
}

/** A budget that leaves no room. */
export interface Exceeded {
  readonly budget: AppliedBudget;
  readonly used: number;
  /** When it is full again (ISO 8601); absent: not while the session lasts. */
  readonly refills?: string;
}

export type Spender = Pick<Session, 'id' | 'principal' | 'resource'>;

type Counter = { -readonly [Key in keyof Used]: Used[Key] };

const counter = (): Counter => ({ rows: 0, bytes: 0, cost: 0 });

/** Names hold no NUL. */
const agentKey = (resource: string, person: string, agent: string) => `${resource}\0${person}\0${agent}`;

const dayMs = 86_400_000;

/**
 * What sessions, agents and everybody have used of each resource, by UTC day. What was used earlier in the day is taken
 * from the records, so that a restart refills nothing. A request belongs to the day in which it was granted.
 */
export class Usage {
  readonly #now: () => Date;
  readonly #past: () => Promise<readonly PastUse[]>;
  /** The UTC day, in days since 1970, in which this began. */
  readonly #begun: number;
  readonly #sessions = new Map<Omit<Spender, 'id'>, Counter>();
  readonly #open = new Set<Spender>();
  #day: number;
  #agents = new Map<string, Counter>();
  #days = new Map<string, Counter>();
  /** Of sessions, as long as the day lasts. */
  #purses = new WeakMap<Omit<Spender, 'id'>, Purse>();
  #ready: Promise<void> | undefined;
  #problem: string | undefined;

  /** @param past what the records say of today up to the start of the daemon; rejects when they cannot be read */
  constructor(past: () => Promise<readonly PastUse[]>, now: () => Date) {
    this.#past = past;
    this.#now = now;
    this.#begun = this.#today();
    this.#day = this.#begun;
  }

  /** Resolves when what was used before the daemon started is counted in. Asked again after a failure. */
  ready(): Promise<void> {
    this.#ready ??= this.#past().then(
      (past) => {
        this.#problem = undefined;
        this.#add(past);
      },
      (error: unknown) => {
        this.#ready = undefined;
        this.#problem = error instanceof Error ? error.message : String(error);
        throw error;
      },
    );
    return this.#ready;
  }

  /** Why the past could not be read, while it cannot. */
  get problem(): string | undefined {
    return this.#problem;
  }

  open(session: Spender): void {
    this.#sessions.set(session, counter());
    this.#purses.delete(session);
    this.#open.add(session);
  }

  close(session: Spender): void {
    this.#sessions.delete(session);
    this.#open.delete(session);
  }

  /** Sessions that are open now. */
  get sessions(): Iterable<Spender> {
    return this.#open;
  }

  /** Who has used something today: names in the order of resource, person, agent. */
  agents(): readonly { readonly resource: string; readonly person: string; readonly agent: string }[] {
    this.#turn();
    return [...this.#agents.keys()].map((key) => {
      const [resource = '', person = '', agent = ''] = key.split('\0');
      return { resource, person, agent };
    });
  }

  /** What a session spends from, as of now. */
  purse(session: Omit<Spender, 'id'>): Purse {
    this.#turn();
    const known = this.#purses.get(session);
    if (known !== undefined) return known;
    const { name } = session.resource;
    const { person, agent } = session.principal;
    const purse = new Purse(
      {
        session: this.#sessions.get(session) ?? counter(),
        agent: among(this.#agents, agentKey(name, person, agent)),
        day: among(this.#days, name),
      },
      new Date((this.#day + 1) * dayMs).toISOString(),
    );
    this.#purses.set(session, purse);
    return purse;
  }

  #today(): number {
    return Math.floor(this.#now().getTime() / dayMs);
  }

  #turn(): void {
    const today = this.#today();
    // A clock that was set back refills nothing.
    if (today <= this.#day) return;
    this.#day = today;
    this.#agents = new Map();
    this.#days = new Map();
    this.#purses = new WeakMap();
  }

  #add(past: readonly PastUse[]): void {
    this.#turn();
    if (this.#day !== this.#begun) return;
    for (const { resource, person, agent, ...used } of past) {
      const counters = [among(this.#agents, agentKey(resource, person, agent)), among(this.#days, resource)];
      for (const each of counters) {
        each.rows += used.rows;
        each.bytes += used.bytes;
        each.cost += used.cost;
      }
    }
  }
}

function among(counters: Map<string, Counter>, key: string): Counter {
  let found = counters.get(key);
  if (found === undefined) {
    found = counter();
    counters.set(key, found);
  }
  return found;
}

/** The counters that one session's requests go to. Sessions of one agent share theirs. */
export class Purse {
  readonly #counters: Readonly<Record<BudgetScope, Counter>>;
  readonly #all: readonly Counter[];
  readonly refills: string;

  constructor(counters: Readonly<Record<BudgetScope, Counter>>, refills: string) {
    this.#counters = counters;
    this.#all = [counters.session, counters.agent, counters.day];
    this.refills = refills;
  }

  used({ per, of }: Pick<AppliedBudget, 'per' | 'of'>): number {
    return this.#counters[per][of];
  }

  /** The first budget that a request of this cost does not fit into, or, if it returns rows, that is used up. */
  refusal(
    budgets: readonly AppliedBudget[],
    request: { readonly cost: number; readonly returnsRows: boolean },
  ): Exceeded | undefined {
    return this.#first(budgets, ({ of, bound }, used) =>
      of === 'cost' ? used + request.cost > bound : request.returnsRows && used >= bound,
    );
  }

  /** Cost is spent when a request is granted; a negative one is given back. */
  charge(cost: number): void {
    for (const each of this.#all) each.cost += cost;
  }

  /** Count rows and bytes before they go out; nothing is counted where a budget has no room for them. */
  spend(budgets: readonly AppliedBudget[], rows: number, bytes: number): Exceeded | undefined {
    if (budgets.length > 0) {
      const exceeded = this.#first(budgets, ({ of, bound }, used) =>
        of === 'rows' ? rows > 0 && used + rows > bound : of === 'bytes' && used + bytes > bound,
      );
      if (exceeded !== undefined) return exceeded;
    }
    for (const each of this.#all) {
      each.rows += rows;
      each.bytes += bytes;
    }
    return undefined;
  }

  #first(
    budgets: readonly AppliedBudget[],
    exceeds: (budget: AppliedBudget, used: number) => boolean,
  ): Exceeded | undefined {
    for (const budget of budgets) {
      const used = this.#counters[budget.per][budget.of];
      if (!exceeds(budget, used)) continue;
      return { budget, used, ...(budget.per === 'session' ? {} : { refills: this.refills }) };
    }
    return undefined;
  }
}
