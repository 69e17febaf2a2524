import type { Check } from '../../check.ts';
import { insideScalar } from '../../ignore/comments.ts';

const comment = /(?:^|[ \t])#.*?\b((?:TODO|FIXME|XXX)\b.*)$/gm;

export const todoComment: Check<'policy'> = {
  code: 'todo-comment',
  family: 'hygiene',
  severity: 'information',
  title: 'A comment that says the policy is not finished.',
  unit: 'policy',
  reads: 'file',
  check({ root, source }, report) {
    for (const match of source.text.matchAll(comment)) {
      const [whole, words = ''] = match;
      const end = match.index + whole.trimEnd().length;
      if (insideScalar(root, match.index + whole.indexOf('#'))) continue;
      const start = match.index + whole.length - words.length;
      report(
        { start, end },
        'What is in force is not finished, as this says. Do it, or take it to where work is planned and leave the reason here.',
      );
    }
  },
};
