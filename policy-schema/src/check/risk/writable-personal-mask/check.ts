import { removeEntry } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { personalKindOfPattern, personalKinds } from '../personal-names.ts';

const remove = 'Refuse values of its own';

export const writablePersonalMask: Check<'mask'> = {
  code: 'writable-personal-mask',
  family: 'risk',
  severity: 'warning',
  title: 'A personal column whose values an agent can look up by writing guesses.',
  unit: 'mask',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check({ node, mask, policy }, report) {
    const writable = entryOf(node, 'writable');
    if (mask.writable !== true || writable === undefined) return;
    const column = mask.columns.find((each) => personalKindOfPattern(each) !== undefined);
    const kind = column === undefined ? undefined : personalKindOfPattern(column);
    if (kind === undefined) return;
    const message = `\`${column}\` looks like ${personalKinds[kind]}: an agent may write a guess, read what becomes of it, and look where else that stands. Remove \`writable\`; tokens that it was given can be written without.`;
    const edits = [removeEntry(policy.source, node, writable)];
    report(writable.keyRange, message, { fixes: [{ title: remove, safety: 'unsafe', edits }] });
  },
};
