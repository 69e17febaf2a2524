import type { JudgedMutant } from '@gatehouse/policy-schema/mutation/policy/judge-mutants.ts';
import type { Counts, PartScore } from '@gatehouse/policy-schema/mutation/policy/score.ts';
import type { Location } from '@gatehouse/policy-schema/model/policy.ts';
import { symbolOf } from './effects.ts';
import { list } from './table.ts';
import { out } from './terminal.ts';
import { oneLine, plural } from './text.ts';

export interface PlacedMutant {
  readonly mutant: JudgedMutant;
  /** Of what was changed. */
  readonly place: Location;
}

export interface MutationReport {
  /** How many. */
  readonly tests: number;
  readonly mutants: readonly PlacedMutant[];
  readonly counts: Counts;
  /** 0 to 1; absent: no mutant counts. */
  readonly score?: number;
  /** The worst first. */
  readonly parts: readonly PartScore[];
  /** 0 to 100. */
  readonly threshold?: number;
  readonly milliseconds: number;
}

/** Rounded down: 100 % is all of them. */
export const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** For people: what survived, with tests that would have told, the table, and the score last. */
export function showMutation(report: MutationReport): void {
  const { mutants, parts, counts, score, tests, threshold, milliseconds } = report;
  const shown = new Set<unknown>();
  for (const { mutant, place } of mutants) {
    if (mutant.outcome === 'survived') showSurvivor(mutant, place, shown);
  }
  list(
    out,
    [
      { title: 'SCORE', align: 'right' },
      { title: 'KILLED', align: 'right' },
      { title: 'SURVIVED', align: 'right' },
      { title: 'SAME', align: 'right' },
      { title: 'OF', shrinks: true },
      { title: 'PLACE' },
    ],
    parts.map((part) => [
      part.score === undefined ? '–' : percent(part.score),
      String(part.killed),
      String(part.survived),
      String(part.equivalent + part.untestable),
      `${part.policy}/${part.part}`,
      `${part.location.file}:${part.location.line}`,
    ]),
  );
  out.line();
  const isLow = (score ?? 1) * 100 < (threshold ?? 0);
  const words = score === undefined ? 'no mutant that a test could kill' : `mutation score ${percent(score)}`;
  const least =
    threshold === undefined ? '' : isLow ? `, less than ${threshold} %` : `, at least ${threshold} %`;
  const seconds = (milliseconds / 1000).toFixed(1);
  out.line(
    out.paint(
      isLow ? 'red' : counts.survived > 0 ? 'yellow' : 'green',
      `${symbolOf(isLow ? 'deny' : 'allow')} ${words}${least}: ${plural(tests, 'test')} killed ${counts.killed} of ${plural(counts.killed + counts.survived, 'mutant')} in ${seconds} s`,
    ),
  );
  const left = [
    ...(counts.equivalent > 0 ? [`${counts.equivalent} mean the same`] : []),
    ...(counts.untestable > 0 ? [`${counts.untestable} differ in nothing that tests can say`] : []),
  ];
  if (left.length > 0) out.line(out.paint('dim', `  not counted: ${left.join(', ')}`));
  if (shown.size > 0)
    out.line(
      out.paint(
        'dim',
        `  ${plural(shown.size, 'test')} above would kill the rest; put them below \`cases:\``,
      ),
    );
}

function showSurvivor(
  { mutant, missing, example, unknown }: JudgedMutant & { readonly outcome: 'survived' },
  { file, line }: Location,
  shown: Set<unknown>,
): void {
  const { policy, part, mutation, was, now } = mutant;
  const title = `${out.paint('yellow', symbolOf('waiting'))} ${out.paint('bold', `${policy}/${part}`)} survives: ${mutation}`;
  out.line(`${title}  ${out.paint('dim', `${file}:${line}`)}`);
  out.line(out.paint('red', `    - ${oneLine(was)}`));
  if (now !== undefined) out.line(out.paint('green', `    + ${oneLine(now)}`));
  if (missing === undefined) {
    const asked = example?.statement ?? example?.input.request.text;
    const words = asked === undefined ? unknown.join('; ') : `no test could be written of: ${asked}`;
    out.line(out.paint('dim', `    ${oneLine(words)}`));
  } else if (shown.has(missing)) {
    out.line(out.paint('dim', `    told by the test above: ${oneLine(missing.test.name)}`));
  } else {
    shown.add(missing);
    for (const each of missing.lines) out.line(`    ${out.paint('cyan', each)}`);
  }
  out.line();
}
