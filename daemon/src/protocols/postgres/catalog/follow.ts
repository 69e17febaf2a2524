import type { Ask, Learned } from '../catalog-learn.ts';
import { learnAll } from '../catalog-learn.ts';
import type { CatalogView } from '../catalog.ts';
import type { CatalogRelation, WantedNames } from '../catalog-probe.ts';
import type { FunctionFacts } from './function-facts.ts';
import { factsText, type LineageFacts, readFacts, type WantedFacts } from './lineage-facts.ts';
import { isOpaque } from './opaque-relations.ts';
import { firstUserOid } from './question-parts.ts';
import { readBody, viewNames } from './read-text.ts';

/** What is known, and grows. */
export interface Growing extends CatalogView {
  readonly facts: LineageFacts;
  add(asked: WantedNames, learned: Learned): void;
}

/** Queries of views and bodies of functions that stand behind each other. What is deeper stays unknown. */
const maxDepth = 8;
/** Relations or functions asked about in one question. */
const maxAsked = 200;

/** What is to be learned next, each by name or OID. */
class Front {
  /** Any relation of that name may be meant. */
  readonly relations = new Set<string>();
  /** One of PostgreSQL's own may be meant; the others are known by OID. */
  readonly ownRelations = new Set<string>();
  readonly functions = new Set<string>();
  readonly oids = new Set<number>();
  readonly functionOids = new Set<number>();

  without(seen: Front): Front {
    const rest = new Front();
    for (const key of parts) {
      for (const each of this[key]) if (!seen.#has(key, each)) rest.#add(key, each);
    }
    return rest;
  }

  join(other: Front): void {
    for (const key of parts) for (const each of other[key]) this.#add(key, each);
  }

  get isEmpty(): boolean {
    return parts.every((key) => this[key].size === 0);
  }

  #has(key: (typeof parts)[number], each: string | number): boolean {
    return (this[key] as ReadonlySet<string | number>).has(each);
  }

  #add(key: (typeof parts)[number], each: string | number): void {
    (this[key] as Set<string | number>).add(each);
  }
}

const parts = ['relations', 'ownRelations', 'functions', 'oids', 'functionOids'] as const;

/**
 * Learn all that stands behind `wanted`: the relations that views read, and what functions of users name in their bodies.
 * @param isCurrent whether `known` still is what is believed; once it is not, nothing is added to it any more
 * @returns false when it was not to the end
 */
export async function follow(
  wanted: WantedNames,
  known: Growing,
  ask: Ask,
  isCurrent: () => boolean,
): Promise<boolean> {
  const seen = new Front();
  let front = new Front();
  for (const name of wanted.relations) front.relations.add(name);
  for (const name of wanted.functions) front.functions.add(name);
  for (let depth = 0; depth <= maxDepth && (depth === 0 || !front.isEmpty); depth++) {
    if (!(await learnNames(front, known, ask, isCurrent))) return false;
    const relations = relationsOf(front, known);
    const facts: WantedFacts = {
      relations: relations.map(({ oid }) => oid),
      functions: [...front.functions],
      functionOids: [...front.functionOids],
    };
    if (!(await learnFacts(facts, known.facts, ask, isCurrent))) return false;
    seen.join(front);
    const behind = new Front();
    for (const relation of relations) behindRelation(relation, known.facts, behind);
    for (const each of functionsOf(front, known.facts)) behindFunction(each, behind);
    front = behind.without(seen);
  }
  known.facts.follow(wanted);
  return true;
}

async function learnNames(
  front: Front,
  known: Growing,
  ask: Ask,
  isCurrent: () => boolean,
): Promise<boolean> {
  const names = new Set([...front.relations, ...front.ownRelations]);
  const missing = {
    relations: [...names].filter((name) => known.relationsNamed(name) === undefined),
    functions: [],
    oids: [...front.oids].filter((oid) => known.relation(oid) === undefined),
  };
  if (missing.relations.length === 0 && missing.oids.length === 0) return true;
  const learned = await learnAll(missing, known, ask);
  if (!isCurrent()) return false;
  known.add(missing, learned);
  return true;
}

function relationsOf(front: Front, known: Growing): readonly CatalogRelation[] {
  const found = new Map<number, CatalogRelation>();
  const add = (relation: CatalogRelation | undefined) => {
    if (relation !== undefined) found.set(relation.oid, relation);
  };
  for (const name of front.relations) known.relationsNamed(name)?.forEach(add);
  for (const name of front.ownRelations) {
    known
      .relationsNamed(name)
      ?.filter(({ oid }) => oid < firstUserOid)
      .forEach(add);
  }
  for (const oid of front.oids) add(known.relation(oid));
  return [...found.values()];
}

async function learnFacts(
  wanted: WantedFacts,
  facts: LineageFacts,
  ask: Ask,
  isCurrent: () => boolean,
): Promise<boolean> {
  const all = facts.missing(wanted);
  for (let start = 0; ; start += maxAsked) {
    const part = <T>(list: readonly T[]) => list.slice(start, start + maxAsked);
    const asked = {
      relations: part(all.relations),
      functions: part(all.functions),
      functionOids: part(all.functionOids),
    };
    const userObjects = facts.userObjects === undefined;
    const question = factsText(asked, userObjects);
    if (question === undefined) return true;
    const told = readFacts(await ask(question), userObjects);
    if (!isCurrent()) return false;
    facts.add(asked, told);
  }
}

function functionsOf(front: Front, facts: LineageFacts): readonly FunctionFacts[] {
  const byOid = [...front.functionOids].map((oid) => facts.function(oid) ?? undefined);
  const byName = [...front.functions].flatMap((name) => facts.functionsNamed(name) ?? []);
  return [...byName, ...byOid].filter((each) => each !== undefined);
}

function behindRelation(relation: CatalogRelation, facts: LineageFacts, behind: Front): void {
  if (relation.definition === undefined || isOpaque(relation)) return;
  for (const name of viewNames(relation.definition).relations) behind.ownRelations.add(name);
  for (const [oid] of relation.refersTo) behind.oids.add(oid);
  for (const oid of facts.relation(relation.oid)?.calls ?? []) behind.functionOids.add(oid);
}

function behindFunction(facts: FunctionFacts, behind: Front): void {
  const body = readBody(facts);
  if (body.kind === 'unread') return;
  if (body.kind === 'sql' && body.isKeptParsed) {
    for (const name of body.names.relations) behind.ownRelations.add(name);
    for (const oid of facts.relations) behind.oids.add(oid);
    for (const oid of facts.calls) behind.functionOids.add(oid);
    return;
  }
  for (const name of body.names.relations) behind.relations.add(name);
  for (const name of body.names.functions) behind.functions.add(name);
}
