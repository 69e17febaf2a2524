import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { personalKindOfPattern } from '../personal-names.ts';

const redact = 'Redact it';

/** Columns with so few values that how often each stands tells which it is. */
const few =
  /(^|_)(gender|sex|geschlecht|genre|genero|sesso|marital_status|country|state|blood_type|blutgruppe|grade|rating|level|pin|plan|vip|is_[a-z_]+|has_[a-z_]+)$/i;

export const guessableMask: Check<'mask'> = {
  code: 'guessable-mask',
  family: 'risk',
  severity: 'information',
  title: 'Equal tokens or hashes in a column with few values, which can be told by how often they stand.',
  unit: 'mask',
  reads: 'unit',
  fixes: { [redact]: 'unsafe' },
  check({ node, mask, policy }, report) {
    const at = entryOf(node, 'with')?.value;
    if ((mask.with !== 'tokenize' && mask.with !== 'hash') || at === undefined) return;
    const column = mask.columns.find(
      (each) => few.test(each.slice(each.lastIndexOf('.') + 1)) || personalKindOfPattern(each) === 'belief',
    );
    if (column === undefined) return;
    const message = `\`${column}\` has few values, and with \`${mask.with}\` equal ones stay equal, so that their shares tell which is which. Write \`with: redact\`.`;
    const edits = [replace(policy.source, at.range, 'redact')];
    const fixes = mask.writable === true ? [] : [{ title: redact, safety: 'unsafe' as const, edits }];
    report(at.range, message, { fixes });
  },
};
