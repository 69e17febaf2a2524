import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type {
  BaseColumn,
  Flow,
  Lineage,
  Operand,
  Origin,
  Use,
  Write,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import { type JudgeOptions, judge } from './judge.ts';
import type { Masks } from './masks.ts';

/** A table with a column under each mask, one without any, and lineages over them. */

export const location = { file: 'policies/shop.policy.yaml', line: 7, column: 5 };
export const mask = (kind: AppliedMask['with'], more: Partial<AppliedMask> = {}): AppliedMask => ({
  columns: [],
  with: kind,
  policy: 'shop',
  location,
  ...more,
});

export const redact = mask('redact', { harmless: ['pg_catalog.length'] });
export const otherRedact = mask('redact', { policy: 'other' });
export const hash = mask('hash');
export const otherHash = mask('hash', { policy: 'other' });
export const tokenize = mask('tokenize');
export const otherTokenize = mask('tokenize', { policy: 'other' });
export const toNull = mask('null');
export const partial = mask('partial', { keep: { first: 1, last: 0 } });
export const writableTokenize = mask('tokenize', { writable: true });
export const writableHash = mask('hash', { writable: true });
export const longPartial = mask('partial', { keep: { first: 2, last: 2 } });

export const table = 100;
export const doubtful = 300;
export const columns = {
  open: { relation: 200, attribute: 1 },
  name: { relation: table, attribute: 1 },
  redacted: { relation: table, attribute: 2 },
  alike: { relation: table, attribute: 3 },
  hashed: { relation: table, attribute: 4 },
  hashedToo: { relation: table, attribute: 5 },
  token: { relation: table, attribute: 6 },
  tokenToo: { relation: table, attribute: 7 },
  nulled: { relation: table, attribute: 8 },
  part: { relation: table, attribute: 9 },
  longPart: { relation: table, attribute: 10 },
  ownToken: { relation: table, attribute: 11 },
  ownHash: { relation: table, attribute: 12 },
  redactedToo: { relation: table, attribute: 13 },
  row: { relation: table, attribute: 0 },
  openRow: { relation: 200, attribute: 0 },
  unknown: { relation: doubtful, attribute: 1 },
} satisfies Record<string, BaseColumn>;
export type ColumnName = keyof typeof columns;

export const own: Readonly<Record<number, AppliedMask>> = {
  2: redact,
  3: otherRedact,
  4: hash,
  5: otherHash,
  6: tokenize,
  7: otherTokenize,
  8: toNull,
  9: partial,
  10: longPartial,
  11: writableTokenize,
  12: writableHash,
  13: redact,
};

export const masks: Masks = {
  of: ({ relation, attribute }) => {
    if (relation === doubtful) return 'anything';
    if (relation !== table) return [];
    if (attribute === 0) return Object.values(own);
    const found = own[attribute];
    return found === undefined ? [] : [found];
  },
  named: ({ name, column }) => {
    if (name !== 'people') return [];
    const found = own[(columns as Readonly<Record<string, BaseColumn>>)[column]?.attribute ?? 0];
    return found === undefined ? [] : [found];
  },
  nameOf: (column) => {
    const named = Object.entries(columns).find(
      ([, each]) => each.relation === column.relation && each.attribute === column.attribute,
    );
    return `public.people.${named?.[0]}`;
  },
};

export const flow = (...origins: Origin[]): Flow => ({ origins, anything: false });
export const anything: Flow = { origins: [], anything: true };
export const nothing = flow();
export const how = (kind: 'copy' | 'null-test' | 'computed', ...names: ColumnName[]) =>
  flow(...names.map((name) => ({ ...columns[name], how: kind })));
export const copy = (...names: ColumnName[]) => how('copy', ...names);
export const computed = (...names: ColumnName[]) => how('computed', ...names);
export const nullTest = (...names: ColumnName[]) => how('null-test', ...names);
export const by = (name: ColumnName, called: string) =>
  flow({ ...columns[name], how: 'function', function: called });
export const both = (...flows: Flow[]) => flow(...flows.flatMap(({ origins }) => origins));

export const literal = (start = 40): Operand => ({ kind: 'literal', start, end: start + 5, value: 'tok' });
export const array = (start = 40): Operand => ({
  kind: 'array-literal',
  start,
  end: start + 5,
  value: '{tok}',
});
export const parameter = (number: number): Operand => ({ kind: 'parameter', number, isArray: false });
export const value = (of: Flow): Operand => ({ kind: 'value', flow: of });
export const writtenNull: Operand = { kind: 'null' };

export const lineage = (more: Partial<Lineage> = {}): Lineage => ({
  form: 'rows',
  columns: [],
  uses: [],
  writes: [],
  exposedParameters: [],
  code: false,
  keepsText: false,
  ...more,
});

export const options: JudgeOptions = { prepares: false, isBlock: false, callsCode: false };

export const equality = (of: Flow, ...operands: Operand[]): Use => ({
  kind: 'equality',
  place: 'WHERE',
  value: of,
  with: operands,
});
export const condition = (of: Flow): Use => ({ kind: 'condition', place: 'ORDER BY', value: of });
export const grouping = (of: Flow, key = false): Use => ({
  kind: 'grouping',
  place: 'GROUP BY',
  value: of,
  key,
});
export const risk = (of: Flow): Use => ({ kind: 'risk', place: 'cast', value: of, by: 'integer' });
export const write = (to: ColumnName | 'made', put: Operand): Write =>
  to === 'made'
    ? {
        target: undefined,
        made: { kind: 'kept', schema: undefined, name: 't', column: 'c', temporary: true },
        value: put,
      }
    : { target: columns[to], value: put };

/** What is refused, and of what else which operands are masked (`compared 40`). */
export type Expected = 'refused' | readonly string[];

export function outcome(told: Lineage, how: JudgeOptions = options): Expected {
  const verdict = judge(told, masks, how);
  if (verdict.kind === 'refused') return 'refused';
  return verdict.operands.map(
    ({ how: use, operand }) =>
      `${use} ${operand.kind === 'parameter' ? `$${operand.number}` : operand.start}`,
  );
}
