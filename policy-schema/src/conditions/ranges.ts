/** Numbers that a part of a condition can be at all. */
import { type Atom, comparisonOf, contradict, negated, spelling } from './atoms.ts';
import { conditionFunctions } from './functions.ts';
import type { ConditionNode } from './tree.ts';

export interface NumberRange {
  readonly least: number;
  readonly most?: number;
}

/** Of times, by function. */
const ofTimes: Readonly<Record<string, NumberRange>> = {
  getFullYear: { least: 1, most: 9999 },
  getMonth: { least: 0, most: 11 },
  getDate: { least: 1, most: 31 },
  getDayOfMonth: { least: 0, most: 30 },
  getDayOfWeek: { least: 0, most: 6 },
  getDayOfYear: { least: 0, most: 365 },
  getHours: { least: 0, most: 23 },
  getMinutes: { least: 0, most: 59 },
  getSeconds: { least: 0, most: 59 },
  getMilliseconds: { least: 0, most: 999 },
};

/** Facts that count something. */
const counts: ReadonlySet<string> = new Set([
  'request.sql.statementCount',
  'request.sql.length',
  'request.sql.estimatedRows',
  'request.sql.plannerCost',
]);

/** Every function of times has a range, for tests. */
export const rangedFunctions: readonly string[] = conditionFunctions
  .filter(({ receiver }) => receiver === 'timestamp')
  .map(({ name }) => name);

export function rangeOf(node: ConditionNode): NumberRange | undefined {
  if (node.kind === 'field') return counts.has(spelling(node)) ? { least: 0 } : undefined;
  if (node.kind !== 'call') return undefined;
  if (node.name.text === 'size') return { least: 0 };
  const isTime = node.receiver?.type === 'timestamp';
  return isTime && Object.hasOwn(ofTimes, node.name.text) ? ofTimes[node.name.text] : undefined;
}

export interface SettledComparison {
  readonly subject: ConditionNode;
  readonly range: NumberRange;
  readonly always: boolean;
}

/** A comparison whose answer follows from what its subject can be; undefined where it depends. */
export function settledComparison(node: ConditionNode): SettledComparison | undefined {
  const comparison = comparisonOf(node);
  if (comparison?.constant.of !== 'number') return undefined;
  const { subject, operator, constant } = comparison;
  const range = rangeOf(subject);
  if (range === undefined) return undefined;
  const about = { of: 'order', subject: '', whole: constant.whole && subject.type === 'int' } as const;
  const bounds: Atom[] = [{ ...about, operator: '>=', value: range.least }];
  if (range.most !== undefined) bounds.push({ ...about, operator: '<=', value: range.most });
  const atom: Atom = { ...about, operator, value: constant.value };
  if (contradict([...bounds, atom])) return { subject, range, always: false };
  return contradict([...bounds, negated(atom)]) ? { subject, range, always: true } : undefined;
}
