import type { CompiledPolicy, CompiledRule } from '../evaluate/compile.ts';
import { type CompiledPolicies, decide } from '../evaluate/decide.ts';
import { policyFolder, policySuffix } from '../model/layout.ts';
import type { Effect } from '../model/policy.ts';
import type { TextEdit } from '../syntax/diagnostic.ts';
import type { Action } from '../vocabulary/vocabulary.ts';
import { type Block, blocksFor, type Detail } from './blocks.ts';
import { agentIs, allOf, boundsOf, doesAs, namesNothing, resourceIs } from './conditions.ts';
import type { Desk } from './desk.ts';
import { missingEntry } from './entries.ts';
import { addPatterns, addRules, exceptWhen, type NewRule, newPolicy } from './rule-edits.ts';
import type { Asked, Suggestion } from './suggestion.ts';
import { exceptionWords, ruleWords } from './words.ts';

/** A change that may do it. Lower ranks are narrower. */
export type Candidate = Omit<Suggestion, 'evidence'> & { readonly rank: number };

type Goal = 'allow' | 'approve';

const maxEntries = 4;
const maxObstacles = 4;

/** Changes worth a try, the narrowest first. @param effect What the request gets now */
export function candidatesFor(
  desk: Desk,
  asked: Asked,
  effect: Exclude<Effect, 'allow'>,
): readonly Candidate[] {
  const goals: readonly Goal[] = effect === 'deny' ? ['allow', 'approve'] : ['allow'];
  const found = goals.flatMap((goal) => {
    const inTheWay = inTheWayOf(desk, desk.compiled, asked, goal);
    if (inTheWay.length > maxObstacles) return [];
    return inTheWay.length > 0 ? exceptions(desk, asked, goal, inTheWay) : additions(desk, asked, goal);
  });
  return [...found].sort((one, other) => one.rank - other.rank);
}

/** The enforcing rules that have to give way for the goal. */
function inTheWayOf(
  desk: Desk,
  policies: CompiledPolicies,
  asked: Asked,
  goal: Goal,
): readonly CompiledRule[] {
  const names = new Set<string>();
  for (const input of asked)
    for (const { rules } of decide(policies, input).actions)
      for (const { policy, rule, effect } of rules)
        if (effect === 'deny' || (effect === 'approve' && (goal === 'allow' || isFailed(rules, rule))))
          names.add(`${policy}\n${rule}`);
  return desk.policies.flatMap(({ policy, rules }) =>
    rules.filter(({ rule }) => names.has(`${policy.name}\n${rule.name}`)),
  );
}

function isFailed(
  rules: readonly { readonly rule: string; readonly outcome: string }[],
  name: string,
): boolean {
  return rules.some(({ rule, outcome }) => rule === name && outcome === 'failed');
}

/** Actions that no rule allows, though none denies them. */
function unallowed(policies: CompiledPolicies, asked: Asked): readonly Action[] {
  const found = new Map<string, Action>();
  for (const input of asked)
    for (const { action, effect, rules } of decide(policies, input).actions)
      if (effect === 'deny' && rules.length === 0 && action.implied !== true)
        found.set(JSON.stringify([action.kind, action.facts]), action);
  return [...found.values()];
}

interface Width {
  readonly rank: number;
  readonly detail: Detail;
  readonly when: readonly string[];
}

function widths(desk: Desk, asked: Asked, { policy, applies }: CompiledPolicy): readonly Width[] {
  const first = asked[0];
  const oneAgent = policy.applies.agents.length === 1 && policy.applies.agents[0] === first?.principal.agent;
  const who = [
    ...(oneAgent ? [] : agentIs(asked)),
    ...(first !== undefined && reachesOthers(desk, first, applies) ? resourceIs(asked) : []),
  ];
  const none = namesNothing(asked);
  const bounds = boundsOf(asked);
  return [
    { rank: 0, detail: 'columns', when: [...who, ...bounds, ...none] },
    { rank: 2, detail: 'columns', when: [...who, ...none] },
    { rank: 4, detail: 'columns', when: none },
    { rank: 6, detail: 'whole', when: [] },
  ];
}

function reachesOthers(
  desk: Desk,
  { principal, resource }: Asked[number],
  applies: CompiledPolicy['applies'],
): boolean {
  return desk.workspace.resources.some(
    ({ name, protocol, labels }) => name !== resource.name && applies(principal, { name, protocol, labels }),
  );
}

/** New rules and entries, where nothing forbids the request. */
function additions(desk: Desk, asked: Asked, goal: Goal): readonly Candidate[] {
  const actions = unallowed(desk.compiled, asked);
  const home = homeFor(desk, asked, actions);
  if (actions.length === 0) return [];
  if (home === undefined) return ownFile(desk, asked, goal, actions);
  // A person who is asked each time makes up for width: of those rules the ends are enough.
  const all = widths(desk, asked, home);
  const wanted = goal === 'allow' ? all : all.filter((_, place) => place === 0 || place === all.length - 1);
  const rules = wanted.map(({ rank, detail, when }): Candidate => {
    const blocks = blocksFor(actions, detail);
    const edits = addRules(desk, home, newRules(asked, goal, blocks, when));
    return {
      rank: rank + (goal === 'approve' ? 0.5 : 0),
      kind: 'rule',
      effect: goal,
      ...ruleWords(goal, blocks, when, home.policy.location.file),
      file: home.policy.location.file,
      edits,
    };
  });
  return [...rules, ...entries(desk, asked, goal, actions)];
}

function newRules(
  asked: Asked,
  effect: Goal,
  blocks: readonly Block[],
  when: readonly string[],
): readonly NewRule[] {
  const vocabulary = asked[0]?.request.vocabulary ?? 'sql';
  return blocks.map((block) => ({ effect, vocabulary, block, when: allOf(when) }));
}

/** The policy that the request falls under and that has most to do with it. */
function homeFor(desk: Desk, asked: Asked, actions: readonly Action[]): CompiledPolicy | undefined {
  const kinds = new Set(actions.map(({ kind }) => kind));
  const tables = new Set(
    actions.flatMap(({ facts }) => (typeof facts.table === 'string' ? [facts.table] : [])),
  );
  const schemas = [...tables].map((table) => table.split('.')[0] ?? '');
  const closeness = ({ policy }: CompiledPolicy): number =>
    policy.rules.reduce((most, { effect, selector }) => {
      const own = selector.tables ?? [];
      const near =
        (own.some((table) => tables.has(table)) ? 4 : 0) +
        (own.some((table) => schemas.some((schema) => table.startsWith(`${schema}.`))) ? 2 : 0) +
        ((selector.actions ?? []).some((kind) => kinds.has(kind)) ? 1 : 0);
      return Math.max(most, near + (effect === 'deny' ? 0 : 0.5));
    }, 0);
  return desk.policies
    .filter(({ policy, applies }) => {
      const own = asked[0];
      return policy.mode === 'enforce' && own !== undefined && applies(own.principal, own.resource);
    })
    .sort(
      (one, other) =>
        closeness(other) - closeness(one) || (one.policy.location.file < other.policy.location.file ? -1 : 1),
    )[0];
}

/** Rules that would do it if one of their lists held a little more, those that speak of least first. */
function entries(desk: Desk, asked: Asked, goal: Goal, actions: readonly Action[]): readonly Candidate[] {
  const input = asked[0];
  if (input === undefined) return [];
  return desk.policies
    .filter(({ policy, applies }) => policy.mode === 'enforce' && applies(input.principal, input.resource))
    .flatMap(({ rules }) => rules)
    .filter(({ rule }) => rule.effect === goal)
    .flatMap((rule) => {
      const missing = missingEntry(rule, actions);
      return missing === undefined ? [] : [{ rule: rule.rule, ...missing }];
    })
    .sort((one, other) => one.width - other.width)
    .slice(0, maxEntries)
    .map(({ rule, key, values, width }, place): Candidate => {
      const { file, line } = rule.location;
      const list = values.join(', ');
      return {
        rank: 5 + (goal === 'approve' ? 0.5 : 0) + Math.min(width, 1000) / 1e5 + place / 1e4,
        kind: 'entry',
        effect: goal,
        title: `Add ${list} to the ${key} of ${rule.name}`,
        detail: `${goal === 'allow' ? 'An allow rule' : 'A rule that asks a person'}, ${file}:${line}`,
        file,
        edits: addPatterns(desk, rule, key, values),
      };
    });
}

/** Where no policy applies, one of its own for this agent on this resource. */
function ownFile(desk: Desk, asked: Asked, goal: Goal, actions: readonly Action[]): readonly Candidate[] {
  const input = asked[0];
  if (input === undefined) return [];
  const base = input.resource.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const names = new Set(desk.set.policies.map(({ name }) => name));
  let name = base;
  for (let count = 2; names.has(name) || desk.has(fileOf(name)); count++) name = `${base}-${count}`;
  const file = fileOf(name);
  const details: readonly Detail[] = ['columns', 'whole'];
  return details.map((detail, place): Candidate => {
    const blocks = blocksFor(actions, detail);
    const when = detail === 'columns' ? [...boundsOf(asked), ...namesNothing(asked)] : [];
    const rules = newRules(asked, goal, blocks, when);
    const text = newPolicy(name, input.resource.name, input.principal.agent, rules);
    const edits: readonly TextEdit[] = [{ file, start: 0, end: 0, text }];
    return {
      rank: place * 2 + (goal === 'approve' ? 0.5 : 0),
      kind: 'file',
      effect: goal,
      title: ruleWords(goal, blocks, when, file).title,
      detail: `A new policy for ${input.principal.agent} on ${input.resource.name}, ${file}`,
      file,
      edits,
    };
  });
}

function fileOf(name: string): string {
  return `${policyFolder}/${name}${policySuffix}`;
}

/** Conditions that leave the request out of what forbids or holds it, with the rule that it then lacks. */
function exceptions(
  desk: Desk,
  asked: Asked,
  goal: Goal,
  rules: readonly CompiledRule[],
): readonly Candidate[] {
  const does = doesAs(asked);
  const wider = [[...agentIs(asked), ...does, ...boundsOf(asked)], [...agentIs(asked), ...does], does];
  return wider.flatMap((parts, place): readonly Candidate[] => {
    const except = allOf(parts);
    const file = rules[0]?.rule.location.file;
    if (except === undefined || file === undefined) return [];
    const changes = rules.flatMap(({ rule }) => exceptWhen(desk, rule, except));
    const excepted = changes.length < rules.length ? undefined : desk.with(changes);
    if (excepted === undefined) return [];
    const lacking = unallowed(excepted, asked);
    const home = homeFor(desk, asked, lacking);
    if (lacking.length > 0 && home === undefined) return [];
    const width = home && widths(desk, asked, home)[0];
    const added =
      lacking.length === 0 || home === undefined || width === undefined
        ? []
        : addRules(desk, home, newRules(asked, goal, blocksFor(lacking, width.detail), width.when));
    return [
      {
        rank: 10 + place + (goal === 'approve' ? 0.5 : 0),
        kind: 'exception',
        effect: goal,
        ...exceptionWords(
          goal,
          rules.map(({ rule }) => rule),
          parts,
          added.length > 0,
        ),
        file,
        edits: [...changes, ...added],
      },
    ];
  });
}
