import type { TimeStep } from '../../../model/policy.ts';
import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { personalKindOfPattern } from '../personal-names.ts';

const widen = 'Show years';

/** A date of birth to the month, with a town, is often one person. */
const fine: ReadonlySet<TimeStep> = new Set(['day', 'week', 'month']);
/** Of what people earn in a year. */
const finePay = 1000;

export const fineRangeMask: Check<'mask'> = {
  code: 'fine-range-mask',
  family: 'risk',
  severity: 'warning',
  title: 'Buckets so narrow that the value is as good as shown.',
  unit: 'mask',
  reads: 'unit',
  fixes: { [widen]: 'unsafe' },
  check({ node, mask, policy }, report) {
    const at = entryOf(node, 'step')?.value;
    if (mask.with !== 'range' || mask.step === undefined || at === undefined) return;
    const kinds = mask.columns.map(personalKindOfPattern);
    if (typeof mask.step === 'string' && fine.has(mask.step) && kinds.includes('birth')) {
      const message = `Few people were born in the same ${mask.step}, so a date of birth cut down to it tells who it is. Write \`step: year\` or \`step: decade\`.`;
      const edits = [replace(policy.source, at.range, 'year')];
      report(at.range, message, { fixes: [{ title: widen, safety: 'unsafe', edits }] });
    }
    if (typeof mask.step === 'number' && mask.step < finePay && kinds.includes('pay')) {
      const message = `Buckets of ${mask.step} show nearly what each person earns. Choose wider ones, such as \`step: 10000\`.`;
      report(at.range, message);
    }
  },
};
