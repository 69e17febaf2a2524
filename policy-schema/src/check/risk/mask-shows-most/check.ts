import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { type PersonalKind, personalKindOfPattern } from '../personal-names.ts';

const less = 'Keep the last 4 alone';

/** How many characters may stay: the common ones of a card are its first 6 and last 4; other values are shorter. */
function bearable(kind: PersonalKind | undefined): number {
  if (kind === 'bank') return 10;
  if (kind === 'secret') return 2;
  return kind === 'phone' || kind === 'identity' || kind === 'birth' ? 5 : 7;
}

export const maskShowsMost: Check<'mask'> = {
  code: 'mask-shows-most',
  family: 'risk',
  severity: 'warning',
  title: 'A partial mask that keeps so much that little is hidden.',
  unit: 'mask',
  reads: 'unit',
  fixes: { [less]: 'unsafe' },
  check({ node, mask, policy }, report) {
    const keep = entryOf(node, 'keep')?.value;
    if (mask.with !== 'partial' || mask.keep === undefined || keep === undefined) return;
    const kept = mask.keep.first + mask.keep.last;
    const kinds = mask.columns.map(personalKindOfPattern);
    const most = Math.min(...kinds.map(bearable));
    if (kept <= most) return;
    const message = kinds.includes('secret')
      ? `${kept} characters of a credential stay. Keep nothing of it: \`with: redact\`.`
      : `${kept} characters stay, so that most of a short value is shown, and the rest is easily guessed. Keep at most ${most}, or nothing with \`with: redact\`.`;
    const edits = [replace(policy.source, keep.range, '{ last: 4 }')];
    const fixes = kinds.includes('secret') ? [] : [{ title: less, safety: 'unsafe' as const, edits }];
    report(keep.range, message, { fixes });
  },
};
