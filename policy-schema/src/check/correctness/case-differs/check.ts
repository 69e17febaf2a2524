import { segmentsOf } from '../../../model/pattern.ts';
import type { Severity } from '../../../syntax/diagnostic.ts';
import { replace, yamlScalar } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { type Item, itemsOf } from '../../rule-parts.ts';

const lower = 'Write it in lower case';

/** Schemas that every database has, in the case that they have there. */
const schemas: ReadonlySet<string> = new Set(['public', 'pg_catalog', 'information_schema']);

interface Doubt {
  readonly item: Item;
  readonly message: string;
  readonly severity: Severity;
  readonly meant: string;
}

/** Parameters are compared in lower case, whatever a statement writes. */
function parameter(item: Item): Doubt | undefined {
  const meant = item.text.toLowerCase();
  if (meant === item.text) return undefined;
  const message = `Parameters are compared in lower case, so this matches nothing. Write \`${meant}\`.`;
  return { item, message, severity: 'error', meant };
}

/** A name in capitals is what some people write, and what few databases hold. */
function name(item: Item): Doubt | undefined {
  const { text } = item;
  const segments = text.includes('*') ? text.split('.') : segmentsOf(text);
  const first = segments?.[0] ?? '';
  const isSchema = segments !== undefined && segments.length > 1 && schemas.has(first.toLowerCase());
  const isCapital = /[A-Z]{2}/.test(text) && !/[a-z]/.test(text);
  if (isSchema && !schemas.has(first)) {
    const meant = isCapital ? text.toLowerCase() : first.toLowerCase() + text.slice(first.length);
    const message = `The schema is called \`${first.toLowerCase()}\`: names are compared as the server keeps them, which is in lower case unless they were made in double quotes. Write \`${meant}\`.`;
    return { item, message, severity: 'warning', meant };
  }
  if (!isCapital || text.includes('"')) return undefined;
  const meant = text.toLowerCase();
  const message = `PostgreSQL keeps names in lower case unless they were made in double quotes, and patterns are compared with what it keeps. Write \`${meant}\`, if it was not made as "${text}".`;
  return { item, message, severity: 'information', meant };
}

const judges = { tables: name, columns: name, functions: name, parameters: parameter } as const;

export const caseDiffers: Check<'rule'> = {
  code: 'case-differs',
  family: 'correctness',
  severity: 'information',
  title: 'A pattern in upper case for names that PostgreSQL keeps in lower case.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [lower]: 'unsafe' },
  check({ node, policy }, report) {
    const block = entryOf(node, 'sql')?.value;
    for (const [key, judge] of Object.entries(judges)) {
      for (const item of itemsOf(entryOf(block, key)?.value)) {
        const doubt = judge(item);
        if (doubt === undefined) continue;
        const { message, severity, meant } = doubt;
        report(item.range, message, {
          severity,
          fixes: [
            {
              title: lower,
              safety: 'unsafe',
              edits: [replace(policy.source, item.range, yamlScalar(meant))],
            },
          ],
        });
      }
    }
  },
};
