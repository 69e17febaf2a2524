import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

const meaningless =
  /^(my-?|new-?|some-?|the-?|a-?)?(rule|policy|test|foo|bar|baz|tmp|temp|todo|untitled|unnamed|asdf|name|stuff|misc)[-_.]?\d*$/i;

export const nameWithoutMeaning: Check<'rule'> = {
  code: 'name-without-meaning',
  family: 'hygiene',
  severity: 'information',
  title: 'A rule whose name says nothing of what it is for.',
  unit: 'rule',
  reads: 'unit',
  check({ node, rule }, report) {
    const name = entryOf(node, 'name')?.value;
    if (name === undefined || !meaningless.test(rule.name)) return;
    report(
      name.range,
      'Denials, approvals and records tell of this rule by its name, and this one says nothing. Name it for what it is there for, such as `orders-are-never-deleted`.',
    );
  },
};
