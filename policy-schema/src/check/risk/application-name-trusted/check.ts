import { nodesOf } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { pathOf, placeOf, treeOf } from '../condition-parts.ts';

export const applicationNameTrusted: Check<'rule'> = {
  code: 'application-name-trusted',
  family: 'risk',
  severity: 'warning',
  title: 'A rule that rests on a name that the client gives itself.',
  unit: 'rule',
  reads: 'unit',
  check(unit, report) {
    const tree = treeOf(unit);
    if (tree === undefined || unit.condition === undefined) return;
    for (const node of nodesOf(tree)) {
      if (pathOf(node) !== 'request.sql.application') continue;
      const message =
        'Any client can give itself any `application_name`. Ask for `principal.agent`, which the token says, or for `principal.groups`.';
      report(placeOf(unit.condition, node), message);
    }
  },
};
