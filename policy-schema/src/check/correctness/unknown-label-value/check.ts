import { comparedTexts } from '../../../conditions/compared.ts';
import type { Resource } from '../../../model/workspace.ts';
import { replace } from '../../../syntax/edits.ts';
import { suggest } from '../../../syntax/suggest.ts';
import type { Check } from '../../check.ts';

const write = 'Write the value that is declared';
const labels = 'resource.labels.';

interface Known {
  readonly what: string;
  readonly values: readonly string[];
}

const kept = new WeakMap<readonly Resource[], Map<string, Known | undefined>>();

function knownValues(against: string, resources: readonly Resource[]): Known | undefined {
  let known = kept.get(resources);
  if (known === undefined) {
    known = new Map();
    kept.set(resources, known);
  }
  if (!known.has(against)) known.set(against, valuesOf(against, resources));
  return known.get(against);
}

/** The values that resources have for what a text is held against. */
function valuesOf(against: string, resources: readonly Resource[]): Known | undefined {
  if (against === 'resource.name')
    return { what: 'No resource is named', values: resources.map(({ name }) => name) };
  if (!against.startsWith(labels)) return undefined;
  const key = against.slice(labels.length);
  const values = resources.flatMap((each) =>
    Object.hasOwn(each.labels, key) ? (each.labels[key] ?? []) : [],
  );
  return { what: `No resource has the label \`${key}\` with the value`, values: [...new Set(values)] };
}

export const unknownLabelValue: Check<'rule'> = {
  code: 'unknown-label-value',
  family: 'correctness',
  severity: 'warning',
  title: 'A condition that asks for a name or label that no declared resource has.',
  unit: 'rule',
  reads: 'world',
  fixes: { [write]: 'unsafe' },
  check({ policy, condition }, report, { workspace }) {
    if (workspace === undefined || !condition?.compiled.ok || !condition.source.includes('resource.')) return;
    const { resources } = workspace.workspace;
    for (const { against, literal, text } of comparedTexts(condition.compiled.condition.tree)) {
      const known = knownValues(against, resources);
      if (known === undefined || known.values.includes(text)) continue;
      const meant = suggest(text, known.values);
      const help =
        known.values.length === 0
          ? 'No resource has this label at all.'
          : `gatehouse.yaml has: ${known.values.slice(0, 8).join(', ')}.`;
      const range = condition.node.offsets().range(literal.start, literal.end);
      const written = policy.source.text.slice(range.start, range.end);
      const isPlain = written === `"${text}"` || written === `'${text}'`;
      const edit = { start: range.start + 1, end: range.end - 1 };
      report(
        range,
        `${known.what} \`${text}\`. ${meant === undefined ? help : `Did you mean \`${meant}\`?`}`,
        {
          fixes:
            meant !== undefined && isPlain && /^[\w.-]+$/.test(meant)
              ? [{ title: write, safety: 'unsafe', edits: [replace(policy.source, edit, meant)] }]
              : [],
        },
      );
    }
  },
};
