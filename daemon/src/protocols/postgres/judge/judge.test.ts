import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Flow, Lineage } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import {
  redact,
  hash,
  tokenize,
  toNull,
  partial,
  masks,
  anything,
  nothing,
  copy,
  computed,
  nullTest,
  by,
  both,
  literal,
  parameter,
  value,
  lineage,
  options,
  equality,
  condition,
  write,
} from './judge.fixture.ts';
import { type JudgeOptions, judge } from './judge.ts';

describe('result columns', () => {
  const cases: readonly (readonly [string, Flow, AppliedMask | 'constant' | undefined])[] = [
    ['a constant', nothing, undefined],
    ['an open column', copy('open'), undefined],
    ['an open column beside masked ones', copy('name'), undefined],
    ['what is computed from open columns', computed('open', 'name'), undefined],
    ['a masked column', copy('redacted'), redact],
    ['a hashed column', copy('hashed'), hash],
    ['a token', copy('token'), tokenize],
    ['a part', copy('part'), partial],
    ['NULL', copy('nulled'), toNull],
    ['two columns whose masks look alike', copy('redacted', 'alike'), redact],
    ['two hashed columns', copy('hashed', 'hashedToo'), hash],
    ['two columns of tokens', copy('token', 'tokenToo'), tokenize],
    ['two columns under different masks', copy('redacted', 'hashed'), 'constant'],
    ['two columns of which other parts are shown', copy('part', 'longPart'), 'constant'],
    ['a masked column and an open one', copy('hashed', 'open'), 'constant'],
    ['an open column and a masked one', copy('open', 'token'), 'constant'],
    ['what is computed from a masked column', computed('redacted'), 'constant'],
    ['what is computed from a hashed column', computed('hashed'), 'constant'],
    ['what is computed from a token', computed('token'), 'constant'],
    ['what is computed from many columns, one masked', computed('open', 'name', 'part'), 'constant'],
    ['a copy of a column and something computed from it', both(copy('token'), computed('token')), 'constant'],
    ['a copy of a column or something of an open one', both(copy('part'), computed('open')), 'constant'],
    ['a row with masked columns', copy('row'), 'constant'],
    ['a row without', copy('openRow'), undefined],
    ['what is computed from a row', computed('row'), 'constant'],
    ['whether a column is NULL', nullTest('redacted'), undefined],
    ['whether a token is NULL', nullTest('token'), undefined],
    ['whether a column is NULL that is always shown as NULL', nullTest('nulled'), 'constant'],
    ['whether some column of a row is NULL, one of them shown as NULL', nullTest('row'), 'constant'],
    ['a copy, or whether it is NULL', both(copy('token'), nullTest('token')), 'constant'],
    ['count()', by('redacted', 'pg_catalog.count'), undefined],
    ['count() of a column shown as NULL', by('nulled', 'pg_catalog.count'), undefined],
    ['count() of somebody else', by('redacted', 'public.count'), 'constant'],
    ['a function that the mask calls harmless', by('redacted', 'pg_catalog.length'), undefined],
    ['the same under another mask', by('alike', 'pg_catalog.length'), 'constant'],
    ['another function', by('redacted', 'pg_catalog.upper'), 'constant'],
    [
      'harmless of two, harmful of one',
      both(by('redacted', 'pg_catalog.length'), by('alike', 'pg_catalog.length')),
      'constant',
    ],
    ['a function of a row', by('row', 'pg_catalog.length'), 'constant'],
    ['count() of rows', by('row', 'pg_catalog.count'), undefined],
    ['anything', anything, 'constant'],
    ['a column of a relation that may hold anything', copy('unknown'), 'constant'],
    ['whether it is NULL', nullTest('unknown'), 'constant'],
    ['count() of it', by('unknown', 'pg_catalog.count'), undefined],
  ];
  for (const [what, of, expected] of cases) {
    test(what, () => {
      const verdict = judge(lineage({ columns: [{ name: 'x', ...of }] }), masks, options);
      assert.equal(verdict.kind, 'plan');
      if (verdict.kind !== 'plan' || verdict.columns.kind !== 'told')
        return assert.fail('no columns are told');
      const [column] = verdict.columns.masks;
      const shown = column?.kind === 'mask' ? column.mask : column?.kind;
      assert.equal(shown, expected);
    });
  }
});

describe('forms', () => {
  const secret = { name: 'x', ...copy('redacted') };
  const open = { name: 'x', ...copy('name') };
  const token = equality(copy('token'), literal());
  const cases: readonly (readonly [string, Partial<Lineage>, Partial<JudgeOptions>, string])[] = [
    ['COPY of open columns', { form: 'copy', columns: [open] }, {}, 'told'],
    ['COPY of a masked column', { form: 'copy', columns: [open, secret] }, {}, 'refused'],
    ['COPY of anything', { form: 'copy', columns: [{ name: 'x', ...anything }] }, {}, 'refused'],
    ['COPY of what code gives', { form: 'copy', code: true }, {}, 'refused'],
    ['a plan of masked columns', { form: 'plan', columns: [secret] }, {}, 'plan'],
    ['a plan with a condition on them', { form: 'plan', uses: [condition(copy('redacted'))] }, {}, 'refused'],
    ['a plan with a token', { form: 'plan', uses: [token], keepsText: true }, {}, 'refused'],
    [
      'a plan with a token as a parameter',
      { form: 'plan', uses: [equality(copy('token'), parameter(1))] },
      {},
      'refused',
    ],
    ['a plan with a write', { form: 'plan', writes: [write('redacted', literal())] }, {}, 'plan'],
    ['a plan of code', { form: 'plan', columns: [secret] }, { callsCode: true }, 'unknown'],
    ['a plan of code that nobody read', { form: 'plan', code: true }, {}, 'unknown'],
    ['a plan of anything', { form: 'plan', columns: [{ name: 'x', ...anything }] }, {}, 'unknown'],
    ['a statement without rows', { form: 'none' }, {}, 'told'],
    ['code', { form: 'rows', columns: [open], code: true }, {}, 'unknown'],
    ['a procedure', { form: 'none', code: true }, {}, 'unknown'],
    ['rows of which nothing is known', { form: 'unknown' }, {}, 'unknown'],
    ['a DO block that nobody read', { form: 'none', code: true }, { isBlock: true }, 'refused'],
    ['a DO block that was read', { form: 'none' }, { isBlock: true }, 'told'],
    ['a view with a token', { form: 'none', uses: [token], keepsText: true }, {}, 'refused'],
    ['a view without', { form: 'none', keepsText: true }, {}, 'told'],
    ['a PREPARE with a token', { form: 'none', uses: [token], keepsText: true }, { prepares: true }, 'told'],
    [
      'a view with a placeholder is refused later, when it is one',
      { form: 'none', writes: [write('redacted', literal())], keepsText: true },
      {},
      'told',
    ],
  ];
  for (const [what, told, how, expected] of cases) {
    test(what, () => {
      const verdict = judge(lineage(told), masks, { ...options, ...how });
      assert.equal(verdict.kind === 'refused' ? 'refused' : verdict.columns.kind, expected);
    });
  }
});

describe('errors', () => {
  const cases: readonly (readonly [string, Partial<Lineage>, string])[] = [
    ['of open columns', { columns: [{ name: 'x', ...copy('open') }] }, 'nothing'],
    ['of masked columns', { columns: [{ name: 'x', ...copy('redacted') }] }, 'values'],
    ['of what is counted', { columns: [{ name: 'x', ...by('redacted', 'pg_catalog.count') }] }, 'values'],
    ['of what is compared', { uses: [equality(copy('token'), literal())] }, 'values'],
    [
      'of what an open column is compared with',
      { uses: [equality(copy('open'), value(nullTest('token')))] },
      'values',
    ],
    [
      'of a row with masked columns, of which others are written',
      { form: 'none', writes: [write('name', literal())] },
      'values',
    ],
    ['of a row without', { form: 'none', writes: [write('open', literal())] }, 'nothing'],
    ['of code', { form: 'none', code: true }, 'all'],
    ['of what nobody knows', { form: 'unknown' }, 'values'],
  ];
  for (const [what, told, expected] of cases) {
    test(what, () => {
      const verdict = judge(lineage(told), masks, options);
      assert.equal(verdict.kind === 'plan' ? verdict.withheld : 'refused', expected);
    });
  }
});

test('a refusal names the column, its mask, the place, the file and what to do', () => {
  const verdict = judge(lineage({ uses: [equality(copy('redacted'), literal())] }), masks, options);
  assert.deepEqual(verdict, {
    kind: 'refused',
    message: 'Gatehouse: public.people.redacted is masked (redact), and WHERE would tell what it holds',
    detail: 'policies/shop.policy.yaml:7 (mask of policy shop)',
    hint: 'Choose rows by another column, or ask for `with: tokenize` in the policy, under which equality is allowed.',
  });
});
