import type { Check } from '../../check.ts';
import { reachedBy } from '../reaching-functions.ts';
import { grantsFreely, namedActions, patternsOf, removal } from '../../rule-parts.ts';

const remove = 'Remove the pattern';

function among(names: readonly string[]): string {
  return names
    .slice(0, 3)
    .map((name) => `\`${name}\``)
    .join(', ');
}

export const broadFunctions: Check<'rule'> = {
  code: 'broad-functions',
  family: 'risk',
  severity: 'warning',
  title: "An allow rule for calls that the server's own dangerous functions are among.",
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(unit, report) {
    if (!grantsFreely(unit)) return;
    const { functions } = unit.rule.selector;
    const call = namedActions(unit, ['call'])[0];
    // A key that calls do not have (`tables`) takes them away.
    if (functions === undefined && call && Object.keys(unit.rule.selector).length === 1) {
      const message = `Without \`functions\` this allows every function, ${among(reachedBy('*'))} among them. Name the functions that are needed; harmless built-in ones need no rule.`;
      report(call.range, message);
    }
    for (const item of patternsOf(unit, 'functions')) {
      if (!item.text.includes('*')) continue;
      const reached = reachedBy(item.text);
      if (reached.length === 0) continue;
      const more = reached.length > 3 ? ` and ${reached.length - 3} more dangerous ones` : '';
      const message = `\`${item.text}\` allows ${among(reached)}${more}. Name the functions that are needed; harmless built-in ones need no rule.`;
      report(item.range, message, removal(remove, unit.policy.source, [item]));
    }
  },
};
