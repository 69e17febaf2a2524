/** Requests as a session would send them: the facts follow from the actions, as far as they do. */

import { actionWords } from '../../vocabulary/sql/postgres/action-words.ts';
import { statementOf } from '../../vocabulary/sql/statement-text.ts';
import type { Action, FactValue, Request, VocabularyName } from '../../vocabulary/vocabulary.ts';
import type { DecisionInput } from '../decision.ts';
import type { Context } from './contexts.ts';
import { type FieldValue, usualTime } from './values.ts';

/** Values of fields by path (`request.sql.hasWhere`, `now`); undefined: the field is not there. */
export type Assignment = ReadonlyMap<string, FieldValue>;

const reading: ReadonlySet<string> = new Set(['select', 'update', 'delete']);

const distinct = (values: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];

const textOf = (action: Action, fact: string): string | undefined => {
  const value = action.facts[fact];
  return typeof value === 'string' ? value : undefined;
};

function sqlFacts(actions: readonly Action[], text: string): Record<string, FactValue> {
  const asked = actions.filter(({ implied }) => implied !== true);
  const names = (fact: string) => distinct(actions.map((action) => textOf(action, fact)));
  const reads = asked.some(({ kind }) => reading.has(kind));
  return {
    actions: distinct(actions.map(({ kind }) => kind)),
    statements: asked.length === 0 ? [] : [asked[0]?.kind ?? ''],
    tables: names('table'),
    columns: distinct(
      asked.flatMap(({ facts }) => (typeof facts.columns === 'object' ? [...facts.columns] : [])),
    ),
    functions: names('function'),
    hasWhere: !reads,
    hasLimit: !asked.some(({ kind }) => kind === 'select'),
    statementCount: actions.length === 0 ? 0n : 1n,
    length: BigInt(text.length),
    inTransaction: false,
    application: 'psql',
    plannerCost: 1,
    estimatedRows: 1n,
  };
}

const factsBy: Readonly<
  Record<VocabularyName, (actions: readonly Action[], text: string) => Record<string, FactValue>>
> = { sql: sqlFacts };

const kindsOf: Readonly<Record<string, (text: string) => Omit<Action, 'vocabulary'>>> = {
  actions: (kind) => ({ kind, facts: {} }),
  statements: (kind) => ({ kind, facts: {} }),
  tables: (table) => ({ kind: 'select', facts: { table, columns: ['*'] } }),
  functions: (routine) => ({ kind: 'call', facts: { function: routine } }),
};

/** Actions that put a text into a list of facts, for each list that is to hold one. */
export function actionsFor(vocabulary: VocabularyName, values: Assignment): readonly Action[] {
  return [...values].flatMap(([path, value]): Action[] => {
    const fact = path.startsWith(`request.${vocabulary}.`) ? path.slice(`request.${vocabulary}.`.length) : '';
    const make = Object.hasOwn(kindsOf, fact) ? kindsOf[fact] : undefined;
    return make === undefined || typeof value !== 'string' ? [] : [{ vocabulary, ...make(value) }];
  });
}

/** A text of the request's own language, where there is one that does just this. */
export function textFor(actions: readonly Action[], values: Assignment): string | undefined {
  const [first, ...more] = actions.filter(({ implied }) => implied !== true);
  if (first === undefined) return actions.length === 0 ? '-- nothing' : undefined;
  if (more.length > 0) return undefined;
  const text = statementOf(first, {
    hasWhere: values.get('request.sql.hasWhere') === true,
    hasLimit: values.get('request.sql.hasLimit') === true,
  });
  const comment = values.get('request.text');
  return text === undefined || typeof comment !== 'string' ? text : `${text} /* ${comment} */`;
}

export function inputFor(
  { principal, resource }: Context,
  vocabulary: VocabularyName,
  actions: readonly Action[],
  values: Assignment,
): DecisionInput {
  const text = textFor(actions, values) ?? actions.map(actionWords).join('; ');
  const facts = factsBy[vocabulary](actions, text);
  const prefix = `request.${vocabulary}.`;
  let now = usualTime;
  const who = { ...principal };
  for (const [path, value] of values) {
    if (path.startsWith(prefix)) {
      const fact = path.slice(prefix.length);
      // Lists follow from the actions.
      if (Array.isArray(facts[fact])) continue;
      if (value === undefined) delete facts[fact];
      else facts[fact] = value;
    } else if (path === 'now' && value instanceof Date) now = value;
    else if (path === 'principal.task' && typeof value === 'string') who.task = value;
    else if (path === 'principal.workspace' && typeof value === 'string') who.workspace = value;
  }
  const request: Request = { vocabulary, text, actions, facts };
  const same = who.task === principal.task && who.workspace === principal.workspace;
  return { request, principal: same ? principal : who, resource, now };
}
