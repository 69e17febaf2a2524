import type { WantedNames } from '../catalog-probe.ts';
import { type FunctionFacts, functionFactsText, readFunctionFacts } from './function-facts.ts';
import { eq, nameArray, oidArray } from './question-parts.ts';
import { type RelationFacts, readRelationFacts, relationFactsText } from './relation-facts.ts';
import {
  type ToldCast,
  type ToldOperator,
  type ToldType,
  UserObjects,
  userObjectsText,
} from './user-objects.ts';

/** Asked only where masks are in force. */
export interface WantedFacts {
  /** Relations by OID. */
  readonly relations: readonly number[];
  /** Functions by bare name, and by OID. */
  readonly functions: readonly string[];
  readonly functionOids: readonly number[];
}

export interface ToldFacts {
  readonly relations: readonly RelationFacts[];
  readonly functions: readonly FunctionFacts[];
  readonly userObjects: UserObjects | undefined;
}

/** What the catalog told for lineage, beside names and what relations refer to. It may still grow. */
export class LineageFacts {
  /** `null`: asked, and not there. */
  readonly #relations = new Map<number, RelationFacts | null>();
  readonly #functions = new Map<number, FunctionFacts | null>();
  readonly #functionNames = new Map<string, readonly FunctionFacts[]>();
  /** Names of which everything that stands behind them has been learned. */
  readonly #followed = { relations: new Set<string>(), functions: new Set<string>() };
  userObjects: UserObjects | undefined;

  get size(): number {
    return Math.max(this.#relations.size, this.#functions.size);
  }

  relation(oid: number): RelationFacts | null | undefined {
    return this.#relations.get(oid);
  }

  function(oid: number): FunctionFacts | null | undefined {
    return this.#functions.get(oid);
  }

  /** Whether all that stands behind these names was learned. */
  follows(wanted: WantedNames): boolean {
    const { relations, functions } = this.unfollowed(wanted);
    return this.userObjects !== undefined && relations.length === 0 && functions.length === 0;
  }

  unfollowed({ relations, functions }: WantedNames): WantedNames {
    return {
      relations: relations.filter((name) => !this.#followed.relations.has(name)),
      functions: functions.filter((name) => !this.#followed.functions.has(name)),
    };
  }

  follow({ relations, functions }: WantedNames): void {
    for (const name of relations) this.#followed.relations.add(name);
    for (const name of functions) this.#followed.functions.add(name);
  }

  /** Functions of users of that bare name; undefined when nobody asked. */
  functionsNamed(name: string): readonly FunctionFacts[] | undefined {
    return this.#functionNames.get(name);
  }

  missing({ relations, functions, functionOids }: WantedFacts): WantedFacts {
    return {
      relations: relations.filter((oid) => !this.#relations.has(oid)),
      functions: functions.filter((name) => !this.#functionNames.has(name)),
      functionOids: functionOids.filter((oid) => !this.#functions.has(oid)),
    };
  }

  /** @param asked what was asked, so that what was not told does not exist */
  add(asked: WantedFacts, told: ToldFacts): void {
    for (const oid of asked.relations) this.#relations.set(oid, null);
    for (const oid of asked.functionOids) this.#functions.set(oid, null);
    for (const relation of told.relations) this.#relations.set(relation.oid, relation);
    for (const routine of told.functions) this.#functions.set(routine.oid, routine);
    const each = new Map(told.functions.map((one) => [one.oid, one]));
    const byName = Map.groupBy(each.values(), ({ name }) => name);
    for (const name of asked.functions) this.#functionNames.set(name, byName.get(name) ?? []);
    this.userObjects ??= told.userObjects;
  }
}

/** @param userObjects ask for all of them, too. @returns undefined when there is nothing to ask */
export function factsText(wanted: WantedFacts, userObjects: boolean): string | undefined {
  const { relations, functions, functionOids } = wanted;
  const parts: string[] = [];
  if (relations.length > 0) parts.push(relationFactsText(relations));
  if (functions.length > 0) parts.push(functionFactsText(`p.proname ${eq} ANY (${nameArray(functions)})`));
  if (functionOids.length > 0) parts.push(functionFactsText(`p.oid ${eq} ANY (${oidArray(functionOids)})`));
  if (userObjects) parts.push(userObjectsText);
  return parts.length === 0 ? undefined : parts.join(' UNION ALL ');
}

/** Read the rows that {@link factsText} brings. */
export function readFacts(rows: readonly (readonly (string | null)[])[], userObjects: boolean): ToldFacts {
  const relations: RelationFacts[] = [];
  const functions: FunctionFacts[] = [];
  const operators: ToldOperator[] = [];
  const types: ToldType[] = [];
  const casts: ToldCast[] = [];
  for (const [what, told] of rows) {
    const answer: unknown = JSON.parse(told ?? 'null');
    if (what === 'relation') relations.push(readRelationFacts(answer));
    else if (what === 'function') functions.push(readFunctionFacts(answer));
    else if (what === 'operator') operators.push(answer as ToldOperator);
    else if (what === 'type') types.push(answer as ToldType);
    else if (what === 'cast') casts.push(answer as ToldCast);
  }
  return {
    relations,
    functions,
    userObjects: userObjects ? new UserObjects(operators, types, casts) : undefined,
  };
}
