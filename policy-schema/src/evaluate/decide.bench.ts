/** What a decision costs: `node policy-schema/src/evaluate/decide.bench.ts`. Prints; asserts nothing. */
import type { Rule } from '../model/policy.ts';
import { compilePolicies, decide } from './decide.ts';
import type { DecisionInput } from './decision.ts';
import { action, person, policy, rule, setOf, shop } from './samples.ts';

const conditions = [
  undefined,
  'request.sql.hasWhere',
  'request.sql.statementCount > 3',
  'now.getHours("Europe/Berlin") >= 8 && resource.labels.env == "prod"',
  'principal.groups.exists(g, g == "dba")',
];

const conditioned = (when: string | undefined) => (when === undefined ? {} : { when });

const rules: readonly Rule[] = Array.from({ length: 50 }, (_, index) =>
  rule(
    index % 10 === 9 ? 'deny' : 'allow',
    {
      actions: index % 10 === 9 ? ['drop', 'truncate'] : ['select', 'update'],
      tables: index % 5 === 0 ? ['public.*'] : [`public.t${index}`],
    },
    {
      name: `rule-${index}`,
      ...conditioned(conditions[index % 5]),
    },
  ),
);
// Conditions that speak of everything, so that each decision evaluates them all.
const everywhere = conditions.slice(1).map((when) => rule('deny', {}, { when: `!(${when}) && false` }));

const policies = compilePolicies(setOf(policy([...rules, ...everywhere], { limits: { rows: 1000 } })));
const actions = [action('select', { table: 'public.orders' }), action('select', { table: 'public.t1' })];

const ask = (own = actions): DecisionInput => ({
  request: {
    vocabulary: 'sql',
    text: 'select * from orders',
    actions: own,
    facts: { hasWhere: true, statementCount: 1n, tables: ['public.orders'] },
  },
  principal: person,
  resource: shop,
  now: new Date(),
});

function measure(name: string, once: () => unknown): void {
  for (let i = 0; i < 20_000; i++) once();
  const samples: number[] = [];
  for (let i = 0; i < 50_000; i++) {
    const start = process.hrtime.bigint();
    once();
    samples.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  samples.sort((a, b) => a - b);
  const at = (share: number) => (samples[Math.floor(samples.length * share)] ?? 0).toFixed(1);
  console.log(`${name.padEnd(44)} p50 ${at(0.5)} us  p99 ${at(0.99)} us`);
}

measure('cached shape, 54 rules, 4 conditions', () => decide(policies, ask()));
measure('new shape, 54 rules, 4 conditions', () => decide(policies, ask([...actions])));
measure('cached shape, with the trace', () => decide(policies, ask()).trace());
