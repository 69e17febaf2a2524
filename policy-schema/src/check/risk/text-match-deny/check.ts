import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check, RuleUnit } from '../../check.ts';
import type { Fix } from '../../../syntax/diagnostic.ts';
import { placeOf, treeOf } from '../condition-parts.ts';
import { type TextMatch, textMatches } from '../text-matches.ts';

const nameActions = 'Name the actions instead';

/** Where the search is all that the rule says, its words can take its place. */
function inPlace({ node, policy, rule }: RuleUnit, match: TextMatch): { readonly fixes?: readonly Fix[] } {
  const when = entryOf(node, 'when');
  if (match.parent !== undefined || match.actions.length === 0 || rule.vocabulary !== undefined || !when)
    return {};
  const { start } = when.keyRange;
  const text = policy.source.text.slice(start, when.value.range.end).trimEnd();
  const edits = [
    replace(
      policy.source,
      { start, end: start + text.length },
      `sql: { actions: [${match.actions.join(', ')}] }`,
    ),
  ];
  return { fixes: [{ title: nameActions, safety: 'unsafe', edits }] };
}

export const textMatchDeny: Check<'rule'> = {
  code: 'text-match-deny',
  family: 'risk',
  severity: 'warning',
  title: 'A deny or approve rule that looks for words, which can be written in another way.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [nameActions]: 'unsafe' },
  check(unit, report) {
    const tree = treeOf(unit);
    if (unit.rule.effect === 'allow' || tree === undefined || unit.condition === undefined) return;
    for (const match of textMatches(tree)) {
      // What must be in the text, such as a ticket's number, is not got around by writing it otherwise.
      if (match.bearing !== 'for') continue;
      const instead =
        match.actions.length > 0
          ? `Name \`actions: [${match.actions.join(', ')}]\`, which are read out of the statement.`
          : 'Name the actions, tables or functions that are meant, or ask `request.sql` for them.';
      const message = `Comments, quotes, upper case and views get around a search in the text. ${instead}`;
      report(placeOf(unit.condition, match.node), message, inPlace(unit, match));
    }
  },
};
