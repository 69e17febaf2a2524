/** What a condition sees: the variables, their CEL types, and the values made of a decision's input. */
import { Environment } from '@marcbachmann/cel-js';
import type { DecisionInput } from '../evaluate/decision.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import type { FactType, FactValue, Vocabulary } from '../vocabulary/vocabulary.ts';
import { registerRouted } from './functions.ts';
import { type FieldTable, principalFields, requestFields, resourceFields } from './variables.ts';

/** Bounds on a condition, so that no policy makes deciding slow. */
export const conditionLimits = {
  maxSourceLength: 8192,
  maxAstNodes: 1000,
  maxDepth: 40,
  maxListElements: 500,
  maxCallArguments: 8,
  /** Comprehensions inside comprehensions. */
  maxComprehensionDepth: 2,
  /** Steps that nested comprehensions over the longest list of a request may take. */
  maxComprehensionSteps: 250_000,
  /** Characters that a comprehension may go through when each of its steps reads the request's text. */
  maxComprehensionText: 50_000_000,
} as const;

const celType: Readonly<Record<FactType, string>> = {
  bool: 'bool',
  int: 'int',
  double: 'double',
  string: 'string',
  timestamp: 'google.protobuf.Timestamp',
  'list<string>': 'list<string>',
  'map<string, string>': 'map<string, string>',
};

type Raw = Readonly<Record<string, unknown>>;
type Facts = object;
/** One class for each type, because cel-js finds a value's type by its constructor. */
type FactsClass = new (raw: Raw) => Facts;

/** One value model: whole numbers are BigInt, maps are Map (so that no key reaches a prototype), null is absent. */
function ingest(value: unknown, type: FactType | 'facts'): unknown {
  if (value === null || value === undefined) return undefined;
  if (type === 'int' && typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (type === 'map<string, string>' && !(value instanceof Map)) return new Map(Object.entries(value));
  return value;
}

function factsClass(fields: Readonly<Record<string, FactType | 'facts'>>): FactsClass {
  const table = Object.entries(fields);
  const made = class {
    constructor(raw: Raw) {
      for (const [name, type] of table) {
        if (!Object.hasOwn(raw, name)) continue;
        const value = ingest(raw[name], type);
        if (value !== undefined) (this as Record<string, unknown>)[name] = value;
      }
    }
  };
  // A missing field must not be found on Object.prototype.
  Object.setPrototypeOf(made.prototype, null);
  return made;
}

const typesOf = (fields: FieldTable): Record<string, FactType> =>
  Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]));

/** The values of a decision's input as conditions see them. Made once for all conditions of one decision. */
export interface ConditionFacts {
  /** By variable name. No prototype. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The length of the longest list. */
  readonly longest: number;
  /** The length of the request's text, in UTF-16 units. */
  readonly textLength: number;
}

export interface ConditionEnvironment {
  readonly cel: Environment;
  /** The fields of each variable and of each type of cel-js, for suggestions and for what cel-js does not check. */
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, string>>;
  facts(input: DecisionInput): ConditionFacts;
}

function longestList(facts: Readonly<Record<string, FactValue>>): number {
  let longest = 0;
  for (const value of Object.values(facts)) {
    if (Array.isArray(value) && value.length > longest) longest = value.length;
  }
  return longest;
}

/** The environment for a set of vocabularies. */
export function conditionEnvironment(
  known: Readonly<Record<string, Vocabulary>> = vocabularies,
): ConditionEnvironment {
  const cel = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: true,
    enableOptionalTypes: false,
    limits: {
      maxAstNodes: conditionLimits.maxAstNodes,
      maxDepth: conditionLimits.maxDepth,
      maxListElements: conditionLimits.maxListElements,
      maxMapEntries: 1,
      maxCallArguments: conditionLimits.maxCallArguments,
    },
  });
  registerRouted(cel);

  const fields = new Map<string, ReadonlyMap<string, string>>();
  const declare = (
    type: string,
    own: Record<string, FactType>,
    nested: Record<string, string>,
  ): FactsClass => {
    const made = factsClass({
      ...own,
      ...Object.fromEntries(Object.keys(nested).map((name) => [name, 'facts' as const])),
    });
    const declared = {
      ...Object.fromEntries(Object.entries(own).map(([name, fact]) => [name, celType[fact]])),
      ...nested,
    };
    cel.registerType(type, { ctor: made, fields: declared });
    fields.set(type, new Map(Object.entries(declared)));
    return made;
  };

  const vocabularyFacts = new Map<string, FactsClass>();
  const nested: Record<string, string> = {};
  for (const [name, { facts }] of Object.entries(known)) {
    nested[name] = `request.${name}`;
    vocabularyFacts.set(name, declare(`request.${name}`, typesOf(facts), {}));
  }
  const RequestFacts = declare('request', typesOf(requestFields), nested);
  const PrincipalFacts = declare('principal', typesOf(principalFields), {});
  const ResourceFacts = declare('resource', typesOf(resourceFields), {});
  cel.registerVariable('request', 'request');
  cel.registerVariable('principal', 'principal');
  cel.registerVariable('resource', 'resource');
  cel.registerVariable('now', celType.timestamp);
  fields.set(
    '',
    new Map([
      ...['request', 'principal', 'resource'].map((n) => [n, n] as const),
      ['now', celType.timestamp],
    ]),
  );

  // Principals and resources are values that live as long as a session; requests come and go.
  const kept = new WeakMap<object, Facts>();
  const keep = (made: FactsClass, value: object): Facts => {
    let facts = kept.get(value);
    if (facts === undefined) {
      facts = new made(value as Raw);
      kept.set(value, facts);
    }
    return facts;
  };

  return {
    cel,
    fields,
    facts({ request, principal, resource, now }) {
      const made = vocabularyFacts.get(request.vocabulary);
      const own: Raw = {
        text: request.text,
        // Only the request's own vocabulary is there: naming another's facts is an error, not a default.
        ...(made ? { [request.vocabulary]: new made(request.facts) } : {}),
      };
      const variables: Record<string, unknown> = Object.create(null);
      variables.request = new RequestFacts(own);
      variables.principal = keep(PrincipalFacts, principal);
      variables.resource = keep(ResourceFacts, resource);
      // An invalid date compares as false with everything, which would let a deny rule pass over.
      if (!Number.isNaN(now.getTime())) variables.now = now;
      return {
        variables,
        longest: Math.max(longestList(request.facts), principal.groups.length),
        textLength: request.text.length,
      };
    },
  };
}
