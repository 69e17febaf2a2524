import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import type { DecideAgainParams, Questions } from './messages.ts';
import { type Fields, invalid, object, optionalText, text } from './params.ts';

/** What the parameters of questions about the record must be. */
export const questionParams: {
  readonly [Name in keyof Questions]: (value: unknown) => Questions[Name]['params'];
} = {
  sessions: (value) => {
    const fields = object(value);
    const { open } = fields;
    if (open !== undefined && typeof open !== 'boolean') throw invalid('open must be true or false');
    return {
      ...texts(fields, 'agent', 'resource'),
      ...since(fields),
      ...(open === undefined ? {} : { open }),
      ...whole(fields, 'limit', 1, 500),
      ...place(fields, 'before'),
    };
  },
  session: (value) => {
    const fields = object(value);
    return { id: text(fields, 'id'), ...place(fields, 'after'), ...whole(fields, 'limit', 1, 500) };
  },
  requests: (value) => {
    const fields = object(value);
    return {
      ...effect(fields),
      ...texts(fields, 'agent', 'resource', 'text'),
      ...since(fields),
      ...whole(fields, 'limit', 1, 200),
      ...place(fields, 'before'),
    };
  },
  ruleCounts: (value) => since(object(value)),
  agentsSeen: () => ({}),
  decideAgain: (value) => {
    const fields = object(value);
    return { of: which(object(fields.of)), files: filesIn(fields.files ?? []) };
  },
  suggestRules: (value) => {
    const fields = object(value);
    const { seq } = fields;
    const files = filesIn(fields.files ?? []);
    if (seq === undefined) return { approval: text(fields, 'approval'), files };
    if (!isPlace(seq)) throw invalid('seq must be the number of a record');
    return { seq, files };
  },
  simulate: (value) => {
    const fields = object(value);
    return {
      ...texts(fields, 'agent', 'resource', 'rule'),
      ...since(fields),
      files: filesIn(fields.files ?? []),
    };
  },
};

const maxSeqs = 200;
const maxFiles = 1000;

function which(of: Fields): DecideAgainParams['of'] {
  if (of.kind === 'session') return { kind: 'session', id: text(of, 'id'), ...place(of, 'after') };
  if (of.kind !== 'requests') throw invalid('of.kind must be "session" or "requests"');
  const { seqs } = of;
  if (!Array.isArray(seqs) || seqs.length > maxSeqs || !seqs.every(isPlace))
    throw invalid(`of.seqs must be a list of at most ${maxSeqs} numbers of records`);
  return { kind: 'requests', seqs };
}

function filesIn(value: unknown): NonNullable<DecideAgainParams['files']> {
  if (!Array.isArray(value) || value.length > maxFiles)
    throw invalid(`files must be a list of at most ${maxFiles} files`);
  return value.map((each: unknown) => {
    const fields = object(each);
    if (typeof fields.text !== 'string') throw invalid('text must be a string');
    return { path: text(fields, 'path'), text: fields.text };
  });
}

const effects: readonly unknown[] = ['allow', 'approve', 'deny'] satisfies readonly Effect[];

function effect({ effect: value }: Fields): { readonly effect?: Effect } {
  if (value === undefined) return {};
  if (!effects.includes(value)) throw invalid('effect must be "allow", "approve" or "deny"');
  return { effect: value as Effect };
}

/** An ISO 8601 time. */
function since(fields: Fields): { readonly since?: string } {
  const value = optionalText(fields, 'since');
  if (value === undefined) return {};
  if (Number.isNaN(Date.parse(value))) throw invalid('since must be a time such as 2026-05-04T22:00:00Z');
  return { since: value };
}

function texts<Name extends string>(
  fields: Fields,
  ...names: readonly Name[]
): { readonly [Key in Name]?: string } {
  const found: { [Key in Name]?: string } = {};
  for (const name of names) {
    const value = optionalText(fields, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The number of a record. */
function place<Name extends string>(fields: Fields, name: Name): { readonly [Key in Name]?: number } {
  return whole(fields, name, 0, Number.MAX_SAFE_INTEGER);
}

function whole<Name extends string>(
  fields: Fields,
  name: Name,
  least: number,
  most: number,
): { readonly [Key in Name]?: number } {
  const value = fields[name];
  const found: { [Key in Name]?: number } = {};
  if (value === undefined) return found;
  if (!isPlace(value) || value < least || value > most)
    throw invalid(`${name} must be a whole number from ${least} to ${most}`);
  found[name] = value;
  return found;
}
