/** A recorded request as `decide` takes it, with what the record does not tell. */
import type { DecisionInput, Principal, ResourceFacts } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { isPlanned, withPlan } from '@gatehouse/policy-schema/evaluate/plan.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { readers } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import type { FactValue, Request, Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { RequestDecided } from '../recordings/entry.ts';
import type { SessionRow } from '../recordings/index-rows.ts';

/** What the record has to tell of a request, be it decided or held. */
export type RecordedRequest = Pick<RequestDecided, 'text' | 'actions' | 'plan' | 'undecidable' | 'reason'> & {
  readonly at: string;
};

/** Who asked for what, as far as a decision may depend on it. */
export type Asker = Pick<
  SessionRow,
  'resource' | 'person' | 'groups' | 'agent' | 'workspace' | 'task' | 'client'
>;

export interface RecordedInput {
  readonly input: DecisionInput;
  /** Facts that the record does not tell and that have two values: each has to be tried. */
  readonly either: readonly string[];
  /** Facts that the record does not tell at all. Their values in {@link input} are the likeliest ones. */
  readonly unknown: readonly string[];
}

/** Facts of a text that stands for another, prepared before, which is not in the record. */
const behindPrepared = {
  either: ['hasWhere', 'hasLimit'],
  unknown: ['columns', 'functions'],
} as const;

/**
 * The request as the gate saw it: its actions are the recorded ones, with names as the server's catalog resolved them;
 * the facts of its text are read from the text again. `loadReaders` must have finished before.
 */
export function recordedInput(decided: RecordedRequest, session: Asker, resource: Resource): RecordedInput {
  const read = reading(decided.text, resource.protocol, session.client.application);
  const isWhole = read.undecidable === undefined || decided.undecidable !== undefined;
  const told = { ...read, facts: { ...read.facts, ...factsOfActions(decided, read) } };
  const unplanned: Request = {
    vocabulary: read.vocabulary,
    text: decided.text,
    actions: decided.actions.map(({ kind, facts, implied }) => ({
      vocabulary: read.vocabulary,
      kind,
      facts,
      ...(implied === true ? { implied } : {}),
    })),
    facts: told.facts,
    ...(decided.undecidable === undefined
      ? {}
      : // As the gate named it.
        { undecidable: { code: decided.undecidable as Undecidable['code'], message: decided.reason } }),
  };
  const { plan } = decided;
  const request = plan === undefined || isPlanned(unplanned) ? unplanned : withPlan(unplanned, plan);
  return {
    input: {
      request,
      principal: principalOf(session),
      resource: factsOf(resource),
      now: new Date(decided.at),
      // A condition that reads a plan nobody asked for is left open, and so told.
      ...(isPlanned(request) ? {} : { plan: 'later' as const }),
    },
    either: ['inTransaction', ...(isWhole ? [] : behindPrepared.either)],
    // A session may change its name after the login.
    unknown: ['application', ...(isWhole ? [] : behindPrepared.unknown)],
  };
}

/** What applies to a principal on a resource is kept by their identity, so each is made once. */
function keeping<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const kept = new WeakMap<From, To>();
  return (from) => {
    let made = kept.get(from);
    if (made === undefined) {
      made = make(from);
      kept.set(from, made);
    }
    return made;
  };
}

const principalOf = keeping(
  ({ person, groups, agent, workspace, task }: Asker): Principal => ({
    person,
    groups,
    agent,
    workspace,
    task,
  }),
);
const factsOf = keeping(
  ({ name, protocol, labels }: Resource): ResourceFacts => ({ name, protocol, labels }),
);

const readings = new Map<string, Request>();
const maxReadings = 4000;
const longestKept = 10_000;

/** What a text says. Kept, as the same session is decided again at each rest of the keys. */
function reading(text: string, protocol: Resource['protocol'], application: string): Request {
  const reader = readers[protocol];
  const key = `${protocol}\n${application}\n${reader.alike(text)}`;
  const known = readings.get(key);
  if (known !== undefined) return reader.withText(known, text);
  const made = reader.read(text, { inTransaction: false, application });
  if (readings.size >= maxReadings) readings.clear();
  if (text.length <= longestKept) readings.set(key, made);
  return made;
}

/** Facts that say what the actions say, whose names the catalog has resolved. */
function factsOfActions({ actions }: RecordedRequest, read: Request): Readonly<Record<string, FactValue>> {
  const valuesOf = (fact: string) => [
    ...new Set(actions.flatMap(({ facts }) => (typeof facts[fact] === 'string' ? [facts[fact]] : []))),
  ];
  const builtin = Array.isArray(read.facts.functions)
    ? read.facts.functions.filter((name: string) => name.startsWith('pg_catalog.'))
    : [];
  return {
    actions: [...new Set(actions.map(({ kind }) => kind))],
    tables: valuesOf('table'),
    functions: [...new Set([...builtin, ...valuesOf('function')])],
  };
}
