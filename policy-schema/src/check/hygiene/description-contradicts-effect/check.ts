import type { Effect } from '../../../model/policy.ts';
import type { TextRange } from '../../../syntax/diagnostic.ts';
import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check, RuleUnit } from '../../check.ts';
import { isAny, namedActions } from '../../rule-parts.ts';

const denyIt = 'Deny it';

const writes = [
  'insert',
  'update',
  'delete',
  'truncate',
  'create',
  'alter',
  'drop',
  'grant',
  'revoke',
] as const;
const what =
  '(reads?|writes?|writing|reading|changes?|inserts?|updates?|deletes?|drops?|truncates?|grants?|ddl|schema|access)';

/** What words at the start of a name or description promise. Words that may mean either are not here. */
const promises: readonly { readonly words: RegExp; readonly effects: readonly Effect[] }[] = [
  {
    words: new RegExp(
      `^((deny|denies|block|blocks|forbid|forbids|refuse|refuses|prevent|prevents|disallow|disallows|prohibit|prohibits|reject|rejects)\\b(?! list)|no ${what}\\b|never )`,
    ),
    effects: ['deny', 'approve'],
  },
  {
    words: /^(allow|allows|permit|permits)\b(?! (list|only|no))/,
    effects: ['allow', 'approve'],
  },
  {
    words: /^(ask|asks) (for|before|a|first)\b|\bneeds? (an )?(approval|a person)\b/,
    effects: ['approve', 'deny'],
  },
];

const readOnly = /\b(read ?only|only reads?|reads? only)\b/;
const exception =
  /\b(except|but|besides|apart|unless|not|other than|outside|otherwise|without|until|while|if|when)\b/;

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[-_.]+/g, ' ')
    .trim();

interface Said {
  readonly text: string;
  readonly range: TextRange;
}

function saidBy(node: RuleUnit['node']): readonly Said[] {
  return ['name', 'description'].flatMap((key): Said[] => {
    const value = entryOf(node, key)?.value;
    if (value?.kind !== 'scalar' || typeof value.value !== 'string') return [];
    return [{ text: plain(value.value), range: value.range }];
  });
}

/** The first place where an allow rule lets something be written. */
function writing(unit: RuleUnit): TextRange | undefined {
  const { actions } = unit.rule.selector;
  const effect = entryOf(unit.node, 'effect')?.value.range;
  if (unit.rule.effect !== 'allow') return undefined;
  if (actions === undefined || actions.some(isAny))
    return unit.rule.vocabulary === undefined || unit.rule.vocabulary === 'sql' ? effect : undefined;
  return namedActions(unit, writes)[0]?.range;
}

export const descriptionContradictsEffect: Check<'rule'> = {
  code: 'description-contradicts-effect',
  family: 'hygiene',
  severity: 'warning',
  title: 'A rule whose name or description says another thing than it does.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [denyIt]: 'unsafe' },
  check(unit, report) {
    const { node, rule, policy } = unit;
    const effect = entryOf(node, 'effect')?.value;
    if (effect === undefined) return;
    for (const { text, range } of saidBy(node)) {
      const broken = promises.find(
        ({ words, effects }) => words.test(text) && !effects.includes(rule.effect),
      );
      if (broken !== undefined && !exception.test(text)) {
        const message = `This says something else than the rule does, whose effect is \`${rule.effect}\`: people read the words, and Gatehouse the effect. Make one of them say what is meant.`;
        const deny = {
          title: denyIt,
          safety: 'unsafe',
          edits: [replace(policy.source, effect.range, 'deny')],
        } as const;
        const related = [{ file: policy.file, ...effect.range, message: 'What the rule does.' }];
        report(range, message, broken.effects.includes('deny') ? { related, fixes: [deny] } : { related });
        return;
      }
      const place = readOnly.test(text) && !exception.test(text) ? writing(unit) : undefined;
      if (place !== undefined) {
        const message =
          'This says that it is for reading only, and the rule lets more than that pass. Take those kinds of action out, or say what else it is for.';
        report(range, message, { related: [{ file: policy.file, ...place, message: 'What writes.' }] });
        return;
      }
    }
  },
};
