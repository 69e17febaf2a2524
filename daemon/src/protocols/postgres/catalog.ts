import type { CatalogFunction, CatalogRelation, ProbeAnswer, WantedNames } from './catalog-probe.ts';

/** How long an answer of the catalog is believed when nobody says that it changed. */
const defaultTtlMs = 30_000;
/** Names kept before all are asked anew; a database with more is asked more often. */
const maxNames = 20_000;

/**
 * What the server's catalog told, for all sessions of a resource that see the same. A session with uncommitted DDL or
 * temporary tables has one of its own. Everything goes at once: after DDL, and after a short time, since other clients
 * of the database change it too.
 */
export class Catalog {
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #relations = new Map<number, CatalogRelation>();
  /** Relations that were told because another one reads them, too. */
  readonly #qualified = new Map<string, CatalogRelation>();
  readonly #relationNames = new Map<string, readonly CatalogRelation[]>();
  readonly #functionNames = new Map<string, readonly CatalogFunction[]>();
  #version = 1;
  #filledAt: number;

  constructor(ttlMs = defaultTtlMs, now: () => number = () => performance.now()) {
    this.#ttlMs = ttlMs;
    this.#now = now;
    this.#filledAt = now();
  }

  /** Another number whenever an earlier answer may no longer hold. */
  get version(): number {
    return this.#version;
  }

  /** Forget what was believed for too long. To be called before answers are looked for. */
  expire(): void {
    if (this.#now() - this.#filledAt > this.#ttlMs) this.invalidate();
  }

  /** Forget all: the catalog has changed, or may have. */
  invalidate(): void {
    this.#version++;
    this.#filledAt = this.#now();
    this.#relations.clear();
    this.#qualified.clear();
    this.#relationNames.clear();
    this.#functionNames.clear();
  }

  /** The part of `wanted` that is not known. */
  missing(wanted: WantedNames): WantedNames {
    return {
      relations: wanted.relations.filter((name) => !this.#relationNames.has(name)),
      functions: wanted.functions.filter((name) => !this.#functionNames.has(name)),
      oids: (wanted.oids ?? []).filter((oid) => !this.#relations.has(oid)),
    };
  }

  /** Take in the answer to a question about `wanted`. What it does not tell does not exist, and is known as that. */
  absorb(wanted: WantedNames, answer: ProbeAnswer): void {
    if (this.#relationNames.size + this.#functionNames.size > maxNames) this.invalidate();
    for (const relation of answer.relations) {
      this.#relations.set(relation.oid, relation);
      this.#qualified.set(`${relation.schema}\0${relation.name}`, relation);
    }
    for (const name of wanted.relations) {
      this.#relationNames.set(
        name,
        answer.relations.filter((relation) => relation.name === name),
      );
    }
    for (const name of wanted.functions) {
      this.#functionNames.set(
        name,
        answer.functions.filter((each) => each.name === name),
      );
    }
  }

  relation(oid: number): CatalogRelation | undefined {
    return this.#relations.get(oid);
  }

  /** The relation of exactly that name; undefined when it is not known. */
  qualified(schema: string, name: string): CatalogRelation | undefined {
    return this.#qualified.get(`${schema}\0${name}`);
  }

  /** Relations of that bare name in every schema; undefined when it was never asked. */
  relationsNamed(name: string): readonly CatalogRelation[] | undefined {
    return this.#relationNames.get(name);
  }

  functionsNamed(name: string): readonly CatalogFunction[] | undefined {
    return this.#functionNames.get(name);
  }
}
