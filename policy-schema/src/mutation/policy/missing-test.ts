/** A test for what no test says yet: a request that two policy sets decide differently, written as a case. */
import { type CompiledPolicies, decide } from '../../evaluate/decide.ts';
import { inputOf } from '../../evaluate/typed-request.ts';
import type { Decision } from '../../evaluate/decision.ts';
import type { Example } from '../../evaluate/meaning/compare-meaning.ts';
import { type Laxity, maskOn } from '../../evaluate/meaning/laxer.ts';
import { usualTime } from '../../evaluate/meaning/values.ts';
import type { Effect, Limits } from '../../model/policy.ts';
import type { Resource } from '../../model/workspace.ts';
import { yamlScalar } from '../../syntax/edits.ts';
import { compareExpected } from '../../tests/compare-expected.ts';
import { loadTests } from '../../tests/load-tests.ts';
import { decideTest } from '../../tests/run-tests.ts';
import type { TestCase } from '../../tests/test-case.ts';
import { sampleStatements } from '../../vocabulary/sql/sample-statements.ts';
import type { FactValue } from '../../vocabulary/vocabulary.ts';

export interface MissingTest {
  /** As it is read of {@link lines}; its place stands in no file. */
  readonly test: TestCase;
  /** The case as lines of a test file, below `cases:`. */
  readonly lines: readonly string[];
}

export interface Sets {
  readonly before: CompiledPolicies;
  readonly after: CompiledPolicies;
  readonly resources: readonly Resource[];
}

/**
 * The smallest case that `before` passes and `after` does not, tried as it would be in a file. Undefined: no short statement
 * asks for just this, or the sets differ in what tests do not look at.
 * @param taken Names that other cases have
 */
export function missingTest(
  example: Example,
  sets: Sets,
  taken: ReadonlySet<string>,
): MissingTest | undefined {
  const expect = expectationOf(example);
  if (expect === undefined) return undefined;
  for (const request of statementsOf(example)) {
    if (!maySplit(request, example, sets)) continue;
    for (const facts of [[], factLines(example)]) {
      const lines = [...whoLines(example, request, taken), ...facts, `expect: { ${expect} }`].map(
        (line, at) => `${at === 0 ? '  - ' : '    '}${line}`,
      );
      const test = loadTests('missing', `gatehouse: v1\nkind: Test\ncases:\n${lines.join('\n')}\n`).tests
        ?.cases[0];
      if (test !== undefined && passes(test, sets, 'before') && !passes(test, sets, 'after'))
        return { test, lines };
    }
  }
  return undefined;
}

function passes(test: TestCase, sets: Sets, side: 'before' | 'after'): boolean {
  const ran = decideTest(test, { policies: sets[side], resources: sets.resources });
  return !('problem' in ran) && compareExpected(test.expected, ran.decision, test.place).length === 0;
}

/** Whether a statement is worth to be written down and read again: where effects differ, most statements do not show it. */
function maySplit(text: string, { input, laxity, before }: Example, sets: Sets): boolean {
  if (laxity.kind !== 'effect') return true;
  const { principal, now, request } = input;
  const resource = sets.resources.find(({ name }) => name === input.resource.name);
  if (resource === undefined) return false;
  const { inTransaction, application, estimatedRows, plannerCost } = request.facts;
  const typed = inputOf({
    text,
    resource,
    principal,
    at: now,
    session: {
      inTransaction: inTransaction === true,
      application: typeof application === 'string' ? application : '',
    },
    plan: { cost: Number(plannerCost ?? 1), rows: Number(estimatedRows ?? 1) },
  });
  return (
    decide(sets.before, typed).effect === before.effect && decide(sets.after, typed).effect !== before.effect
  );
}

function statementsOf({ statement, actions }: Example): readonly string[] {
  const [first] = actions;
  if (first === undefined) return statement === undefined ? [] : [statement];
  const textOf = (value: FactValue | undefined) => (typeof value === 'string' ? value : undefined);
  const { table, function: routine, parameter, object, name, columns } = first.facts;
  const listed = typeof columns === 'object' ? columns.filter((column) => column !== '*') : [];
  const given = textOf(name) ?? (object === undefined ? undefined : textOf(table));
  const likely = sampleStatements(first.kind, {
    table: textOf(table) ?? 'public.orders',
    function: textOf(routine) ?? 'public.f',
    parameter: textOf(parameter) ?? 'work_mem',
    ...(listed.length > 0 ? { columns: listed } : {}),
    ...(given === undefined ? {} : { name: given }),
  });
  return [...new Set([...(statement === undefined ? [] : [statement]), ...likely])];
}

const endings = { allow: 'is allowed', approve: 'needs approval', deny: 'is denied' } as const;

function endingOf(effect: Effect, laxity: Laxity): string {
  switch (laxity.kind) {
    case 'mask':
      return `hides ${laxity.column}`;
    case 'bound':
      return `has a ${laxity.name}`;
    default:
      return endings[effect];
  }
}

function whoLines(
  { input, before, laxity }: Example,
  request: string,
  taken: ReadonlySet<string>,
): readonly string[] {
  const { principal, resource, now } = input;
  const { agent, person, groups, task } = principal;
  const conditions = before.trace().map(({ when }) => when ?? '');
  const reads = (word: RegExp) => conditions.some((when) => word.test(when));
  const flow = (text: string): string => yamlScalar(text);
  const who = [
    `agent: ${flow(agent)}`,
    ...(reads(/principal\.person/) ? [`person: ${flow(person)}`] : []),
    ...(groups.length > 0 ? [`groups: [${groups.map(flow).join(', ')}]`] : []),
    ...(task === '' ? [] : [`task: ${flow(task)}`]),
  ];
  const facts = input.request.facts;
  const session = [
    ...(facts.inTransaction === true ? ['inTransaction: true'] : []),
    ...(reads(/application/) && typeof facts.application === 'string'
      ? [`application: ${flow(facts.application)}`]
      : []),
  ];
  const what = endingOf(before.effect, laxity);
  const name = `${request} ${what} for ${agent}`;
  let count = 1;
  while (taken.has(numbered(name, count))) count++;
  const isTimed = now.getTime() !== usualTime.getTime() || reads(/\bnow\b/);
  return [
    `name: ${yamlScalar(numbered(name, count), 'block')}`,
    `request: ${yamlScalar(request, 'block')}`,
    `resource: ${flow(resource.name)}`,
    `principal: { ${who.join(', ')} }`,
    ...(isTimed ? [`now: ${now.toISOString()}`] : []),
    ...(session.length > 0 ? [`session: { ${session.join(', ')} }`] : []),
  ];
}

const numbered = (name: string, count: number): string => (count === 1 ? name : `${name} (${count})`);

function factLines({ input }: Example): readonly string[] {
  const { estimatedRows, plannerCost } = input.request.facts;
  return [
    `facts: { estimatedRows: ${String(estimatedRows ?? 1)}, plannerCost: ${String(plannerCost ?? 1)} }`,
  ];
}

function expectationOf({ before, after, laxity }: Example): string | undefined {
  const decision = `decision: ${before.effect}`;
  switch (laxity.kind) {
    case 'effect':
      return decision;
    case 'mask': {
      const { column } = laxity;
      const kinds = [before, after].map(({ masks }) => maskOn(masks, column)?.with ?? 'none');
      if (kinds[0] === kinds[1]) return undefined;
      return `${decision}, masks: { ${yamlScalar(column)}: ${kinds[0]} }`;
    }
    case 'bound':
      return boundOf(laxity.name, before, decision);
    case 'approval':
      return undefined;
  }
}

/** A test expects limits alone, written as policies write them. */
function boundOf(name: string, { limits }: Decision, decision: string): string | undefined {
  const [kind, key] = name.split(' ');
  if (kind !== 'limit') return undefined;
  const bound = limits[key as keyof Limits];
  if (bound === undefined) return undefined;
  return `${decision}, limits: { ${key}: ${key === 'duration' ? `${bound}ms` : bound} }`;
}
