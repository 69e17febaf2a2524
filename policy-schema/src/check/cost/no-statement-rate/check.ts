import type { Check } from '../../check.ts';
import { unbounded } from '../unbounded.ts';

const add = 'Take 240 requests a minute at most';

export const noStatementRate: Check<'policy'> = {
  code: 'no-statement-rate',
  family: 'cost',
  severity: 'information',
  title: 'An agent may send a production resource as many requests as it can.',
  unit: 'policy',
  reads: 'world',
  fixes: { [add]: 'unsafe' },
  check(unit, report, world) {
    const found = unbounded(unit, world, 'anything', /^limits\.statementsPerMinute$/, {
      title: add,
      key: 'statementsPerMinute',
      value: '240',
    });
    if (found === undefined) return;
    const message = `No policy bounds how many requests an agent may send to ${found.places}, so one that goes round in circles is a load without end. Set \`limits.statementsPerMinute\`.`;
    report(found.range, message, { fixes: found.fixes });
  },
};
