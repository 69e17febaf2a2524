/** Random conditions over few values, so that their parts meet, and requests for all of these values. */
import fc from 'fast-check';
import type { DecisionInput } from '../evaluate/decision.ts';
import type { FactValue } from '../vocabulary/vocabulary.ts';

const leaf = fc.constantFrom(
  'true',
  'false',
  'request.sql.hasWhere',
  'request.sql.inTransaction',
  'request.sql.length > 1',
  'request.sql.length >= 1',
  'request.sql.length < 2',
  '2 < request.sql.length',
  'request.sql.length == 2',
  'request.sql.length != 2',
  'request.sql.plannerCost > 1.5',
  'request.sql.plannerCost <= 1.5',
  'resource.name == "a"',
  'resource.name != "a"',
  'resource.name in ["a", "b"]',
  'resource.name in []',
  'request.sql.hasWhere == false',
  '"a" in principal.groups',
);
export const { condition: anyCondition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('condition').map((inner) => `!(${inner})`),
    fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}));

export const everyInput: readonly DecisionInput[] = [true, false].flatMap((hasWhere) =>
  [true, false, undefined].flatMap((inTransaction) =>
    [0n, 1n, 2n, 3n].flatMap((length) =>
      ['a', 'b', 'c'].map((name, index): DecisionInput => {
        const facts: Record<string, FactValue> = { hasWhere, length, plannerCost: index };
        if (inTransaction !== undefined) facts.inTransaction = inTransaction;
        return {
          request: { vocabulary: 'sql', text: '', actions: [], facts },
          principal: { person: 'ann', groups: index === 0 ? ['a'] : [], agent: '', workspace: '', task: '' },
          resource: { name, protocol: 'postgres', labels: {} },
          now: new Date('2026-03-02T10:00:00Z'),
        };
      }),
    ),
  ),
);
