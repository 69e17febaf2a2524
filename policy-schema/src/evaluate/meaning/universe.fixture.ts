/** A small world of requests in which every difference of the sample sets shows, gone through one by one. */
import type { PolicySet } from '../../model/policy.ts';
import { impliedBy } from '../../vocabulary/sql/shapes.ts';
import type { Action, FactValue } from '../../vocabulary/vocabulary.ts';
import { compilePolicies, decide } from '../decide.ts';
import type { Decision, DecisionInput, Principal, ResourceFacts } from '../decision.ts';
import { action } from '../samples.ts';
import { type Laxity, laxity } from './laxer.ts';

export const declared: readonly ResourceFacts[] = [
  { name: 'shop-db', protocol: 'postgres', labels: { env: 'prod' } },
  { name: 'crm-db', protocol: 'postgres', labels: { env: 'dev' } },
];
const resources: readonly ResourceFacts[] = [
  ...declared,
  ...['x-db', 'other'].flatMap((name) =>
    [{ env: 'prod' }, {}].map((labels) => ({ name, protocol: 'postgres', labels })),
  ),
];

const principals: readonly Principal[] = ['claude', 'copilot', 'cx', 'zed'].flatMap((agent) =>
  [[], ['dba'], ['dev'], ['dba', 'dev']].map((groups) => ({
    person: 'ann',
    groups,
    agent,
    workspace: 'w',
    task: '',
  })),
);

const tables = ['public.a', 'public.b', 'audit.a', 'audit.b', '*'];
const lists = [undefined, [], ['x'], ['y'], ['z'], ['*'], ['x', 'y']];

const asked: readonly Action[] = [
  ...['select', 'update', 'drop', 'lock'].flatMap((kind) =>
    tables.flatMap((table) =>
      lists.map((columns) => action(kind, { table, ...(columns === undefined ? {} : { columns }) })),
    ),
  ),
  action('drop', { object: 'role', name: 'r' }),
  action('call', { function: 'public.f' }),
  action('values'),
];
/** What the server does by itself, behind an action of its kind. */
const implied: readonly Action[] = asked
  .filter(
    ({ kind, facts }) => Object.hasOwn(impliedBy, kind) && facts.table !== '*' && facts.columns !== undefined,
  )
  .map((each) => ({ ...each, implied: true }));

/** Requests of one action, and of an implied one behind each of another; by identity, as decisions are kept by it. */
const alone = asked.map((each) => [each]);
const nothing: readonly Action[] = [];
const behind = new Map<Action, readonly (readonly Action[])[]>();

function requestsBehind(partner: Action): readonly (readonly Action[])[] {
  const known =
    behind.get(partner) ?? implied.filter(({ kind }) => kind === partner.kind).map((each) => [partner, each]);
  behind.set(partner, known);
  return known;
}

const allFacts: readonly Readonly<Record<string, FactValue>>[] = [true, false].flatMap((hasWhere) =>
  [true, false].flatMap((inTransaction) =>
    [1n, 11n, 200n, undefined].map((estimatedRows) => ({
      hasWhere,
      inTransaction,
      ...(estimatedRows === undefined ? {} : { estimatedRows, plannerCost: 1 }),
    })),
  ),
);

const columns = ['public.a.x', 'public.a.y', 'public.a.z', 'public.b.y', 'public.b.x'];

export interface Observed {
  readonly loosens: boolean;
  readonly tightens: boolean;
}

/** Whether any request of the small world is decided laxer by `after`, and whether any is by `before`. */
export function observed(before: PolicySet, after: PolicySet): Observed {
  const sets = { before: compilePolicies(before), after: compilePolicies(after) };
  const texts = JSON.stringify([before, after]);
  const reads = (word: string) => texts.includes(word);
  const facts = allFacts.filter(
    (each) =>
      (reads('hasWhere') || each.hasWhere === true) &&
      (reads('inTransaction') || each.inTransaction === true) &&
      (reads('estimatedRows') || each.estimatedRows === 1n),
  );
  const people = principals.filter(
    ({ groups, agent }) => (reads('groups') || groups.length === 0) && (agent !== 'cx' || reads('c*')),
  );
  let [loosens, tightens] = [false, false];
  const look = (was: Decision, is: Decision, actions: number): void => {
    const of = (found: Laxity | undefined) =>
      found !== undefined && (actions > 0 || found.kind === 'effect' || found.kind === 'approval');
    loosens ||= of(laxity(was, is, columns));
    tightens ||= of(laxity(is, was, columns));
  };
  for (const principal of people) {
    for (const resource of resources) {
      for (const own of facts) {
        const ask = (actions: readonly Action[]): readonly [Decision, Decision] => {
          const input: DecisionInput = {
            request: { vocabulary: 'sql', text: 'text', actions, facts: own },
            principal,
            resource,
            now: new Date('2026-03-02T10:00:00Z'),
          };
          return [decide(sets.before, input), decide(sets.after, input)];
        };
        look(...ask(nothing), 0);
        const partners: Action[] = [];
        const [wasAllowed, isAllowed] = [new Set<string>(), new Set<string>()];
        for (const each of alone) {
          const [was, is] = ask(each);
          look(was, is, 1);
          const kind = each[0]?.kind ?? '';
          const isNew = (decision: Decision, seen: Set<string>) =>
            decision.effect !== 'deny' && !seen.has(`${decision.effect} ${kind}`);
          if (!isNew(was, wasAllowed) && !isNew(is, isAllowed)) continue;
          wasAllowed.add(`${was.effect} ${kind}`);
          isAllowed.add(`${is.effect} ${kind}`);
          partners.push(...each);
        }
        if (loosens && tightens) return { loosens, tightens };
        for (const partner of partners) for (const each of requestsBehind(partner)) look(...ask(each), 2);
        if (loosens && tightens) return { loosens, tightens };
      }
    }
  }
  return { loosens, tightens };
}
