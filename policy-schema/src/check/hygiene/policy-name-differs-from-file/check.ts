import { namesOf } from '../../../names/names-of.ts';
import { respell } from '../../../names/respell.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

const rename = 'Name the policy as its file';

/** `reading` of `policies/20-reading.policy.yaml`; numbers in front only sort. */
function baseOf(file: string): string | undefined {
  const base = /(?:^|\/)(?:\d+[-_.])?([^/]+)\.policy\.ya?ml$/.exec(file)?.[1];
  return base !== undefined && /[a-z]/i.test(base) ? base : undefined;
}

const wordsOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

export const policyNameDiffersFromFile: Check<'policy'> = {
  code: 'policy-name-differs-from-file',
  family: 'hygiene',
  severity: 'information',
  title: 'A policy whose name and file have nothing in common.',
  unit: 'policy',
  reads: 'world',
  fixes: { [rename]: 'unsafe' },
  check({ file, root, policy, source }, report, world) {
    const base = baseOf(file);
    const name = entryOf(root, 'name')?.value;
    if (base === undefined || name === undefined) return;
    const [ours, theirs] = [wordsOf(policy.name), wordsOf(base)];
    if (ours.includes(theirs) || theirs.includes(ours)) return;
    const message = `Denials and records say \`${policy.name}\`, and nobody looks for that in \`${base}.policy.yaml\`. Give both one name.`;
    const free =
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(base) &&
      !world.policies.some((each) => each.policy.name === base);
    const places = namesOf(file, 'Policy', root).filter(
      ({ kind, role }) => kind === 'policy' && role === 'definition',
    );
    const fix = { title: rename, safety: 'unsafe', edits: respell(source, places, base) } as const;
    report(name.range, message, free ? { fixes: [fix] } : {});
  },
};
