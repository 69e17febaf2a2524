/** What a test can say of a recorded request, so that it passes with the policies that decided it. */
import { whatIsRead } from '../evaluate/what-is-read.ts';
import { compareExpected } from './compare-expected.ts';
import { loadTests } from './load-tests.ts';
import type { RecordedDecision } from './recorded-decision.ts';
import { decideTest, type Tested } from './run-tests.ts';
import { writeTest } from './write-test.ts';

export type Fitted =
  | { readonly kind: 'passes'; readonly recorded: RecordedDecision }
  /** Other policies decided it, and these answer otherwise. */
  | { readonly kind: 'otherwise'; readonly recorded: RecordedDecision }
  | { readonly kind: 'left out'; readonly why: string };

/** A recorded request beside what its test says. */
export interface AboutRecorded {
  /** That names of the text were resolved to. */
  readonly schemas: readonly string[];
  /** Of the policies that decided it. */
  readonly policyDigest: string;
}

/**
 * The record does not say whether a transaction was open, nor the search path: of those that there may have been, the first
 * that gives the recorded answer is taken. What no test can say (a budget, a rate, names that only the catalog
 * resolves) is left out. `loadReaders` must have finished before.
 */
export function recordedFitter(tested: Tested): (recorded: RecordedDecision, about: AboutRecorded) => Fitted {
  const { set, digest } = tested.policies;
  const read = whatIsRead(set);
  const declared = new Set(
    set.policies.flatMap((policy) => policy.rules.map(({ name }) => `${policy.name}/${name}`)),
  );
  /** Without what no rule reads, and without rules that are gone, which would be errors of the file. */
  const sayable = ({ session, principal, rules, ...rest }: RecordedDecision): RecordedDecision => {
    const { workspace, ...who } = principal;
    const application = session?.application;
    return {
      ...rest,
      ...(rules?.every((rule) => declared.has(rule)) && { rules }),
      principal: read.workspace && workspace !== undefined ? { ...who, workspace } : who,
      ...(read.application && application !== undefined && { session: { application } }),
    };
  };
  return (recorded, { schemas, policyDigest }) => {
    const said = sayable(recorded);
    let first: Difference | undefined;
    for (const each of variants(said, schemas)) {
      const found = differing(each, tested);
      if (found === undefined) return { kind: 'passes', recorded: each };
      first ??= found;
    }
    if (first?.kind === 'unasked' || policyDigest === digest)
      return { kind: 'left out', why: first?.why ?? '' };
    return { kind: 'otherwise', recorded: said };
  };
}

function variants(recorded: RecordedDecision, schemas: readonly string[]): readonly RecordedDecision[] {
  const paths = [undefined, ...schemas.filter((schema) => schema !== 'public').map((schema) => [schema])];
  return paths.flatMap((searchPath) =>
    [undefined, true].map((inTransaction): RecordedDecision => {
      const session = {
        ...recorded.session,
        ...(inTransaction && { inTransaction }),
        ...(searchPath && { searchPath }),
      };
      return Object.keys(session).length === 0 ? recorded : { ...recorded, session };
    }),
  );
}

interface Difference {
  readonly kind: 'unasked' | 'differs';
  readonly why: string;
}

/** Why a case would not pass by itself; undefined where it does. */
function differing(recorded: RecordedDecision, tested: Tested): Difference | undefined {
  const made = writeTest(undefined, 'capture', recorded);
  if (!made.ok) return { kind: 'unasked', why: 'It cannot be written to a file as it was sent.' };
  const [only] = loadTests('capture', made.edit.text).tests?.cases ?? [];
  if (only === undefined) return { kind: 'unasked', why: 'It cannot be written to a file as it was sent.' };
  const ran = decideTest(only, tested);
  if ('problem' in ran) return { kind: 'unasked', why: ran.problem };
  const [first] = compareExpected(only.expected, ran.decision, only.place);
  if (first === undefined) return undefined;
  const { what, expected, actual } = first;
  const [was, is] = [expected, actual].map((text) => text.split('\n').join(' and '));
  return {
    kind: 'differs',
    why: `Read as a test its ${what} would be ${is}, and ${was} is recorded: a rate, a budget, or names of the catalog decided too.`,
  };
}
