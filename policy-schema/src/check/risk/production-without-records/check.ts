import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { isProduction } from '../places.ts';

const durable = 'Wait for the disk';

export const productionWithoutRecords: Check<'workspace'> = {
  code: 'production-without-records',
  family: 'risk',
  severity: 'warning',
  title: 'Records of requests to production that may be lost, or hold nothing of the results.',
  unit: 'workspace',
  reads: 'file',
  fixes: { [durable]: 'safe' },
  check({ root, source, workspace }, report) {
    const production = workspace.resources.find(isProduction);
    const records = entryOf(root, 'records')?.value;
    if (production === undefined || records === undefined) return;
    const durability = entryOf(records, 'durability')?.value;
    if (workspace.records.durability === 'written' && durability) {
      const message = `A power cut may lose the last moments of the record, and with them what was done to \`${production.name}\`. Write \`durability: durable\`.`;
      const edits = [replace(source, durability.range, 'durable')];
      report(durability.range, message, { fixes: [{ title: durable, safety: 'safe', edits }] });
    }
    const results = entryOf(records, 'results')?.value;
    for (const key of ['rows', 'bytes'] as const) {
      const value = entryOf(results, key)?.value;
      if (value === undefined || workspace.records.results[key] > 0) continue;
      const message = `Nothing is kept of what agents read from \`${production.name}\`, so nobody can tell later what they saw. Keep a few rows; masked values stay masked in them.`;
      report(value.range, message, { severity: 'information' });
    }
  },
};
