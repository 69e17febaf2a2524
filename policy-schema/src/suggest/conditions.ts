import { vocabularies } from '../vocabulary/registry.ts';
import type { Action, Request, VocabularyName } from '../vocabulary/vocabulary.ts';
import type { Asked } from './suggestion.ts';

/** Facts by which a statement bounds itself, where it does. */
const bounds: Readonly<Record<VocabularyName, readonly string[]>> = { sql: ['hasWhere', 'hasLimit'] };
const lists: Readonly<Record<VocabularyName, readonly string[]>> = {
  sql: ['actions', 'tables', 'functions'],
};

const text = (value: string): string => JSON.stringify(value);

export function agentIs(asked: Asked): readonly string[] {
  const agent = asked[0]?.principal.agent;
  return agent === undefined || agent === '' ? [] : [`principal.agent == ${text(agent)}`];
}

export function resourceIs(asked: Asked): readonly string[] {
  const name = asked[0]?.resource.name;
  return name === undefined ? [] : [`resource.name == ${text(name)}`];
}

/** Bounds that the request surely has: `request.sql.hasWhere`. */
export function boundsOf(asked: Asked): readonly string[] {
  const [first] = asked;
  if (first === undefined) return [];
  const { vocabulary } = first.request;
  return bounds[vocabulary]
    .filter((fact) => asked.every(({ request }) => request.facts[fact] === true && speaks(request, fact)))
    .map((fact) => `request.${vocabulary}.${fact}`);
}

/** That no table or column is named, where none is though it could be: a rule's lists cannot say so. */
export function namesNothing(asked: Asked): readonly string[] {
  const [first] = asked;
  if (first === undefined) return [];
  const { vocabulary } = first.request;
  return ['tables', 'columns'].flatMap((key) => {
    const declared = vocabularies[vocabulary].selectors[key];
    const none = asked.every(({ request }) => {
      const named = request.facts[key];
      const could = ({ kind, facts }: Action) =>
        declared?.on.some((each) => each === kind) === true && (facts[declared.fact] ?? []).length === 0;
      return Array.isArray(named) && named.length === 0 && request.actions.some(could);
    });
    return none ? [`size(request.${vocabulary}.${key}) == 0`] : [];
  });
}

/** A fact that is true of want of anything to bound tells nothing. */
function speaks({ facts }: Request, fact: string): boolean {
  const kinds = fact === 'hasLimit' ? ['select'] : ['select', 'update', 'delete'];
  return Array.isArray(facts.statements) && facts.statements.some((kind: string) => kinds.includes(kind));
}

/** That a request does nothing but what this one does: its kinds of action, its tables and its functions. */
export function doesAs(asked: Asked): readonly string[] {
  const [first] = asked;
  if (first === undefined) return [];
  const { vocabulary, facts } = first.request;
  return lists[vocabulary].flatMap((fact) => {
    const values = facts[fact];
    if (!Array.isArray(values)) return [];
    const all = [...new Set(values.map(String))].sort().map(text).join(', ');
    const path = `request.${vocabulary}.${fact}`;
    return [values.length === 0 ? `size(${path}) == 0` : `${path}.all(each, each in [${all}])`];
  });
}

export function allOf(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join(' && ');
}
