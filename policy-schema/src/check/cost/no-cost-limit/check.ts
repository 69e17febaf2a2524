import type { Check } from '../../check.ts';
import { unbounded } from '../unbounded.ts';

const add = 'Stop after 60 seconds';

export const noCostLimit: Check<'policy'> = {
  code: 'no-cost-limit',
  family: 'cost',
  severity: 'information',
  title: 'A request to a production resource may take as long, and cost as much, as it likes.',
  unit: 'policy',
  reads: 'world',
  fixes: { [add]: 'unsafe' },
  check(unit, report, world) {
    const found = unbounded(unit, world, 'reads', /(\.cost|^limits\.(duration|estimatedRows))$/, {
      title: add,
      key: 'duration',
      value: '60s',
    });
    if (found === undefined) return;
    const message = `No policy bounds how long one request to ${found.places} may take or what it may cost, so one join without a condition may keep the server busy for hours. Set \`limits.duration\`, \`limits.cost\` or \`limits.estimatedRows\`.`;
    report(found.range, message, { fixes: found.fixes });
  },
};
