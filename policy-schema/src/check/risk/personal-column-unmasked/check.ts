import type { Fix } from '../../../syntax/diagnostic.ts';
import { addEntry, addItem, yamlScalar } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check, PolicyUnit } from '../../check.ts';
import { onlyForTrials } from '../places.ts';
import { isMasked } from '../masked-columns.ts';
import { personalKind, personalKinds } from '../personal-names.ts';
import { patternsOf } from '../../rule-parts.ts';

const addMask = 'Mask the column';

function masking({ root, source }: PolicyUnit, columns: readonly string[]): Fix {
  const mask = `{ columns: [${columns.map((column) => yamlScalar(column)).join(', ')}], with: redact }`;
  const masks = entryOf(root, 'masks')?.value;
  const edit =
    masks?.kind === 'sequence' && masks.items.length > 0
      ? addItem(source, masks, mask)
      : addEntry(source, root, 'masks', `[${mask}]`);
  return { title: addMask, safety: 'unsafe', edits: [edit] };
}

export const personalColumnUnmasked: Check<'rule'> = {
  code: 'personal-column-unmasked',
  family: 'risk',
  severity: 'warning',
  title: 'A column that looks personal, that an allow rule names and no mask hides.',
  unit: 'rule',
  reads: 'world',
  fixes: { [addMask]: 'unsafe' },
  check(unit, report, world) {
    const { rule, policy } = unit;
    const { actions, tables = ['*'] } = rule.selector;
    if (rule.effect === 'deny' || world.partial || onlyForTrials(policy, world)) return;
    if (!actions?.includes('select')) return;
    for (const { text, range } of patternsOf(unit, 'columns')) {
      const kind = text.includes('*') ? undefined : personalKind(text);
      if (kind === undefined) continue;
      const open = tables
        .map((table) => `${table}.${text}`)
        .filter((column) => !isMasked(column, policy, world));
      const [first] = open;
      if (first === undefined) continue;
      const message = `\`${first}\` looks like ${personalKinds[kind]}, and no mask hides it. Mask it, or leave it out of \`columns\`.`;
      const masked = entryOf(policy.root, 'masks')?.value;
      const empty = masked?.kind === 'sequence' && masked.items.length === 0;
      report(range, message, empty ? {} : { fixes: [masking(policy, open)] });
    }
  },
};
