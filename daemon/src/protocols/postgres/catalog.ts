import { follow, type Growing } from './catalog/follow.ts';
import { LineageFacts } from './catalog/lineage-facts.ts';
import { type Ask, type Learned, learnAll } from './catalog-learn.ts';
import type { CatalogFunction, CatalogRelation, WantedNames } from './catalog-probe.ts';

/** How long an answer of the catalog is believed when nobody says that it changed. */
const defaultTtlMs = 30_000;
/** Names or relations kept before all are asked anew; a database with more is asked more often. */
const maxNames = 20_000;

/** What was known at one time. It may still grow, and what it says never changes. */
export interface CatalogView {
  /** No two views have the same, of whatever catalog they are. */
  readonly version: number;
  relation(oid: number): CatalogRelation | undefined;
  /** The relation of exactly that name; undefined when it is not known. */
  qualified(schema: string, name: string): CatalogRelation | undefined;
  /** Relations of that bare name in every schema; undefined when it was never asked. */
  relationsNamed(name: string): readonly CatalogRelation[] | undefined;
  functionsNamed(name: string): readonly CatalogFunction[] | undefined;
  /** What lineage needs beside; empty until it is asked for. */
  readonly facts: LineageFacts;
}

let versions = 0;

/** Answers between two invalidations. A result that is still on its way is masked by the one of its statement. */
class Answers implements Growing {
  readonly version = ++versions;
  readonly facts = new LineageFacts();
  readonly filledAt: number;
  readonly #relationNames = new Map<string, readonly CatalogRelation[]>();
  readonly #functionNames = new Map<string, readonly CatalogFunction[]>();
  readonly #relations = new Map<number, CatalogRelation>();
  /** Relations that were told because another one reads them, too. */
  readonly #qualified = new Map<string, CatalogRelation>();

  constructor(filledAt: number) {
    this.filledAt = filledAt;
  }

  get size(): number {
    const names = this.#relationNames.size + this.#functionNames.size;
    return Math.max(names, this.#relations.size, this.facts.size);
  }

  add(wanted: WantedNames, { relations, functions }: Learned): void {
    for (const relation of relations) {
      this.#relations.set(relation.oid, relation);
      this.#qualified.set(`${relation.schema}\0${relation.name}`, relation);
    }
    const relationsOf = byName(relations);
    for (const name of wanted.relations) this.#relationNames.set(name, relationsOf.get(name) ?? []);
    const functionsOf = byName(functions);
    for (const name of wanted.functions) this.#functionNames.set(name, functionsOf.get(name) ?? []);
  }

  relation(oid: number): CatalogRelation | undefined {
    return this.#relations.get(oid);
  }

  qualified(schema: string, name: string): CatalogRelation | undefined {
    return this.#qualified.get(`${schema}\0${name}`);
  }

  relationsNamed(name: string): readonly CatalogRelation[] | undefined {
    return this.#relationNames.get(name);
  }

  functionsNamed(name: string): readonly CatalogFunction[] | undefined {
    return this.#functionNames.get(name);
  }
}

function byName<T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(each.name);
    if (group === undefined) groups.set(each.name, [each]);
    else group.push(each);
  }
  return groups;
}

/**
 * What the server's catalog told, for all sessions of a resource that see the same. A session with uncommitted DDL or
 * temporary tables has one of its own. Everything goes at once: after DDL, and after a short time, since other clients
 * of the database change it too.
 */
export class Catalog implements CatalogView {
  readonly #ttlMs: number;
  readonly #now: () => number;
  #answers: Answers;

  constructor(ttlMs = defaultTtlMs, now: () => number = () => performance.now()) {
    this.#ttlMs = ttlMs;
    this.#now = now;
    this.#answers = new Answers(now());
  }

  /** Another number whenever an earlier answer may no longer hold, and of no other catalog. */
  get version(): number {
    return this.#answers.version;
  }

  /** What is known now, kept from what is forgotten later. */
  get view(): CatalogView {
    return this.#answers;
  }

  /** Forget what was believed for too long, or is too much. To be called before answers are looked for. */
  expire(): void {
    const { filledAt, size } = this.#answers;
    if (this.#now() - filledAt > this.#ttlMs || size > maxNames) this.invalidate();
  }

  /** Forget all: the catalog has changed, or may have. */
  invalidate(): void {
    this.#answers = new Answers(this.#now());
  }

  /** Whether everything in `wanted` is known, so that nobody has to be asked. */
  knows({ relations, functions }: WantedNames): boolean {
    const answers = this.#answers;
    return (
      relations.every((name) => answers.relationsNamed(name) !== undefined) &&
      functions.every((name) => answers.functionsNamed(name) !== undefined)
    );
  }

  /**
   * Ask until everything in `wanted` is known at one and the same time. While this session waits for an answer, another
   * may have all forgotten; names that were known before must not be taken for absent then. What the server does not
   * tell does not exist, and is known as that.
   * @param ask runs one SQL text on the session and returns its rows
   */
  async learn(wanted: WantedNames, ask: Ask): Promise<CatalogView> {
    for (;;) {
      this.expire();
      const answers = this.#answers;
      const missing = missingIn(answers, wanted);
      if (isEmpty(missing)) return answers;
      const learned = await learnAll(missing, answers, ask);
      // What was told before a change says nothing about the time after it.
      if (answers === this.#answers) answers.add(missing, learned);
    }
  }

  /** Whether `wanted` is known with all that stands behind it, as lineage needs it. */
  knowsForLineage(wanted: WantedNames): boolean {
    const { facts } = this.#answers;
    return facts.follows(wanted) && this.knows(wanted);
  }

  /** Like {@link learn}, with all that stands behind `wanted`: queries of views, bodies of functions. */
  async learnForLineage(wanted: WantedNames, ask: Ask): Promise<CatalogView> {
    for (;;) {
      const answers = this.#answers;
      if (this.knowsForLineage(wanted)) return answers;
      await this.learn(wanted, ask);
      const isCurrent = () => answers === this.#answers;
      if (isCurrent()) await follow(answers.facts.unfollowed(wanted), answers, ask, isCurrent);
    }
  }

  get facts(): LineageFacts {
    return this.#answers.facts;
  }

  relation(oid: number): CatalogRelation | undefined {
    return this.#answers.relation(oid);
  }

  qualified(schema: string, name: string): CatalogRelation | undefined {
    return this.#answers.qualified(schema, name);
  }

  relationsNamed(name: string): readonly CatalogRelation[] | undefined {
    return this.#answers.relationsNamed(name);
  }

  functionsNamed(name: string): readonly CatalogFunction[] | undefined {
    return this.#answers.functionsNamed(name);
  }
}

function missingIn(known: CatalogView, wanted: WantedNames): WantedNames {
  return {
    relations: wanted.relations.filter((name) => known.relationsNamed(name) === undefined),
    functions: wanted.functions.filter((name) => known.functionsNamed(name) === undefined),
  };
}

function isEmpty({ relations, functions }: WantedNames): boolean {
  return relations.length === 0 && functions.length === 0;
}
