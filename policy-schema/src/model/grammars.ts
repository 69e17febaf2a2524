import type { DiagnosticCode } from '../syntax/codes.ts';
import { timeSteps } from './policy.ts';
import type { SchemaTitle } from './schema-parts.ts';

export interface Grammar {
  readonly code: DiagnosticCode;
  readonly advice: string;
  /** The advice fits values of another type too. */
  readonly anyType?: true;
}

/** For values with a grammar of their own: the code, and what the value looks like. */
export const grammars: Readonly<Record<SchemaTitle, Grammar>> = {
  Name: {
    code: 'bad-name',
    advice: 'is a name: letters, digits, `.`, `_` and `-`, beginning with a letter or digit, 128 at most.',
  },
  Pattern: { code: 'bad-pattern', advice: 'takes patterns of 1 to 512 characters; "*" matches anything.' },
  Duration: {
    code: 'bad-duration',
    advice: 'is a duration: a number and one of ms, s, m, h, d, such as `30s` or `10m`.',
    anyType: true,
  },
  Size: {
    code: 'bad-size',
    advice: 'is a size: a number and one of B, KB, MB, GB, KiB, MiB, GiB, such as `5MB` or `64KiB`.',
    anyType: true,
  },
  Step: {
    code: 'bad-step',
    advice: `is how wide a bucket is: a number from 0.000001 to 1000000000000 for numbers, or one of ${timeSteps.join(', ')} for dates and timestamps.`,
    anyType: true,
  },
  Function: {
    code: 'unknown-value',
    advice: 'takes names of functions that PostgreSQL has, without a schema, such as `length`.',
  },
  Approver: {
    code: 'bad-approver',
    advice: 'names who may answer: `group:NAME`, `person:NAME`, or "*" for anyone.',
  },
  Owner: { code: 'bad-owner', advice: 'names who answers for the policy: `group:NAME` or `person:NAME`.' },
  Group: { code: 'bad-name', advice: 'is the name of a group: 1 to 200 characters, none of them `*`.' },
  'Secret source': {
    code: 'secret-in-file',
    advice:
      'says where the secret comes from, and never holds it, because agents read these files. Write one of `{ command: [...] }`, `{ file: PATH }`, `{ env: NAME }` or `{ stdin: NAME }`.',
    anyType: true,
  },
  Condition: {
    code: 'out-of-range',
    advice: 'is a condition in CEL of 1 to 8192 characters. Leave the key out for a rule without one.',
  },
  Time: {
    code: 'bad-time',
    advice: 'is a time with its zone, such as `2026-05-04T22:00:00Z`.',
    anyType: true,
  },
};
