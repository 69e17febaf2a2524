import type { Location } from '@gatehouse/policy-schema/model/policy.ts';
import type { JudgedMutant } from '@gatehouse/policy-schema/mutation/policy/judge-mutants.ts';
import type { Counts, PartScore } from '@gatehouse/policy-schema/mutation/policy/score.ts';
import { symbolOf } from './effects.ts';
import type { PassedDenial, StatementReport } from './mutate-statements.ts';
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
  readonly statements: StatementReport;
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
  for (const passed of report.statements.passed) showPassed(passed);
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
      `${symbolOf(isLow ? 'deny' : counts.survived > 0 ? 'waiting' : 'allow')} ${words}${least}: ${plural(tests, 'test')} killed ${counts.killed} of ${plural(counts.killed + counts.survived, 'mutant')} in ${seconds} s`,
    ),
  );
  const left = [
    ...(counts.equivalent > 0 ? [`${counts.equivalent} mean the same`] : []),
    ...(counts.untestable > 0 ? [`${counts.untestable} differ in nothing that tests can say`] : []),
  ];
  if (left.length > 0) out.line(out.paint('dim', `  not counted: ${left.join(', ')}`));
  showStatements(report.statements);
  if (shown.size > 0)
    out.line(
      out.paint(
        'dim',
        `  ${plural(shown.size, 'test')} above would kill the rest; put them below \`cases:\``,
      ),
    );
}

function showStatements({ denials, tried, passed, notDenied, untried }: StatementReport): void {
  const asked = denials.tests + denials.records;
  const bad = passed.length > 0;
  const of = [
    ...(denials.tests > 0 ? [plural(denials.tests, 'test')] : []),
    ...(denials.records > 0 ? [plural(denials.records, 'recorded denial')] : []),
  ].join(' and ');
  const held = bad
    ? `${passed.length} of ${tried} pass`
    : `${plural(tried, 'way')} to write them stay denied`;
  if (asked > 0)
    out.line(
      out.paint(
        bad ? ['red', 'bold'] : 'green',
        `${symbolOf(bad ? 'deny' : 'allow')} denied statements of ${of}: ${held}`,
      ),
    );
  if (untried > 0)
    out.line(
      out.paint(
        'dim',
        `  not rewritten: ${plural(untried, 'denial')}; the server would not read them, or they are long`,
      ),
    );
  if (notDenied > 0)
    out.line(
      out.paint(
        'dim',
        `  not looked at: ${plural(notDenied, 'denial')} that the rules by themselves would not deny`,
      ),
    );
}

function showPassed({ denial: { origin, asked }, passed }: PassedDenial): void {
  const where = origin.kind === 'test' ? `${origin.file}:${origin.line}` : `record ${origin.seq}`;
  const { rewrite, effect, rules } = passed;
  out.line(
    `${out.paint(['red', 'bold'], symbolOf('deny'))} ${out.paint('bold', 'a denied statement passes')}: ${rewrite.how}  ${out.paint('dim', where)}`,
  );
  out.line(out.paint('red', `    - ${oneLine(asked.text)}`));
  out.line(out.paint('green', `    + ${oneLine(rewrite.text)}`));
  out.line(`    ${effect} for ${asked.principal.agent} by ${rules.join(', ') || 'no rule'}`);
  out.line();
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
