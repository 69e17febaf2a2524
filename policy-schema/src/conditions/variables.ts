import { vocabularies } from '../vocabulary/registry.ts';
import type { FactType, Vocabulary } from '../vocabulary/vocabulary.ts';

/** Something that a condition may name, for completion, hover and docs. */
export interface ConditionVariable {
  /** As written in a condition: `request.sql.hasWhere`. */
  readonly path: string;
  readonly type: FactType;
  readonly doc: string;
}

/** The fields of one of the objects that a condition sees. */
export type FieldTable = Readonly<Record<string, { readonly type: FactType; readonly doc: string }>>;

export const principalFields: FieldTable = {
  person: { type: 'string', doc: 'The person on whose behalf the agent asks.' },
  groups: { type: 'list<string>', doc: 'The groups of that person.' },
  agent: { type: 'string', doc: 'The agent that asks.' },
  workspace: { type: 'string', doc: 'The workspace that the agent works in.' },
  task: { type: 'string', doc: 'The task that the agent was given, as its token says.' },
};

export const resourceFields: FieldTable = {
  name: { type: 'string', doc: 'The name of the resource.' },
  protocol: { type: 'string', doc: 'The protocol that the resource speaks.' },
  labels: { type: 'map<string, string>', doc: 'The labels of the resource.' },
};

/** The fields of `request` that every vocabulary has. The facts of each vocabulary stand beside them. */
export const requestFields: FieldTable = {
  text: { type: 'string', doc: 'The request as asked: a statement, a command line, a method and path.' },
};

export const nowDoc = 'When the request is decided.';

function fieldsUnder(prefix: string, fields: FieldTable): ConditionVariable[] {
  return Object.entries(fields).map(([name, { type, doc }]) => ({ path: `${prefix}.${name}`, type, doc }));
}

/** Every variable that a condition may name, with its CEL type and one sentence about it. */
export function conditionVariables(
  known: Readonly<Record<string, Vocabulary>> = vocabularies,
): readonly ConditionVariable[] {
  return [
    ...fieldsUnder('request', requestFields),
    ...Object.entries(known).flatMap(([name, { facts }]) => fieldsUnder(`request.${name}`, facts)),
    ...fieldsUnder('principal', principalFields),
    ...fieldsUnder('resource', resourceFields),
    { path: 'now', type: 'timestamp', doc: nowDoc },
  ];
}
