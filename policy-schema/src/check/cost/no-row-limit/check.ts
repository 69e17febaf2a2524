import type { Check } from '../../check.ts';
import { unbounded } from '../unbounded.ts';

const add = 'Return 1000 rows at most';

export const noRowLimit: Check<'policy'> = {
  code: 'no-row-limit',
  family: 'cost',
  severity: 'warning',
  title: 'Rows of a production resource may be read, as many as there are.',
  unit: 'policy',
  reads: 'world',
  fixes: { [add]: 'unsafe' },
  check(unit, report, world) {
    const found = unbounded(unit, world, 'reads', /\.(rows|bytes)$/, {
      title: add,
      key: 'rows',
      value: '1000',
    });
    if (found === undefined) return;
    const message = `No policy bounds what one request may read from ${found.places}, so one \`SELECT\` hands over a whole table, and holds up whoever else needs the server. Set \`limits.rows\` or \`limits.bytes\`.`;
    report(found.range, message, { fixes: found.fixes });
  },
};
