import type { CatalogView } from './catalog.ts';
import {
  type CatalogFunction,
  type CatalogRelation,
  probeText,
  readProbe,
  type ToldRelation,
  type ToldType,
  type WantedNames,
} from './catalog-probe.ts';

/** Runs one SQL text on the session and returns its rows. */
export type Ask = (question: string) => Promise<readonly (readonly (string | null)[])[]>;

export interface Learned {
  readonly relations: readonly CatalogRelation[];
  readonly functions: readonly CatalogFunction[];
}

/** Relations asked about in one question; what it costs the planner grows with them. */
const maxOids = 200;

/**
 * Learn about `wanted`, and about every relation that those read, hold rows of, or are read through, to any depth.
 * A table of its own takes one question, a view one more for each level.
 */
export async function learnAll(wanted: WantedNames, known: CatalogView, ask: Ask): Promise<Learned> {
  const relations = new Map<number, ToldRelation>();
  const types = new Map<number, ToldType>();
  const functions: CatalogFunction[] = [];
  /** Asked about, whether they were told or not. */
  const asked = new Set<number>();
  for (let question = probeText(wanted); question !== undefined; ) {
    const answer = readProbe(await ask(question));
    for (const relation of answer.relations) relations.set(relation.oid, relation);
    for (const type of answer.types) types.set(type.oid, type);
    functions.push(...answer.functions);
    const isNew = (oid: number) => !asked.has(oid);
    const oids = [...referred(relations.values(), types.values())]
      .filter((oid) => isNew(oid) && !relations.has(oid) && known.relation(oid) === undefined)
      .slice(0, maxOids);
    const inner = [...innerTypes(relations.values(), types.values())].filter(
      (oid) => isNew(oid) && !types.has(oid),
    );
    for (const oid of [...oids, ...inner]) asked.add(oid);
    question = probeText({ relations: [], functions: [], oids, types: inner });
  }
  return { relations: [...relations.values()].map((each) => withEmbedded(each, types)), functions };
}

function* referred(relations: Iterable<ToldRelation>, types: Iterable<ToldType>): Generator<number> {
  for (const { refersTo, children, parents } of relations) {
    for (const [oid] of refersTo) yield oid;
    yield* children;
    yield* parents;
  }
  for (const { relation } of types) if (relation !== 0) yield relation;
}

function* innerTypes(relations: Iterable<ToldRelation>, types: Iterable<ToldType>): Generator<number> {
  for (const relation of relations) for (const [, type] of relation.types) yield type;
  for (const { within } of types) yield* within;
}

/** Follow the types of columns to the relations whose rows they hold. */
function withEmbedded(
  { types: columnTypes, ...relation }: ToldRelation,
  types: ReadonlyMap<number, ToldType>,
): CatalogRelation {
  const embeds: [number, number][] = [];
  for (const [attribute, type] of columnTypes) {
    const reached = new Set([type]);
    for (const oid of reached) {
      const told = types.get(oid);
      for (const inner of told?.within ?? []) reached.add(inner);
      // A type that nobody could tell anything about may hold any row; no relation has the number 0.
      if (told === undefined) embeds.push([attribute, 0]);
      else if (told.relation !== 0) embeds.push([attribute, told.relation]);
    }
  }
  return { ...relation, embeds };
}
