import type { PolicyUnit, RuleUnit } from '@gatehouse/policy-schema/check/check.ts';
import { conditionFacts } from '@gatehouse/policy-schema/conditions/condition.ts';
import type { DecisionInput } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { readsPlan } from '@gatehouse/policy-schema/evaluate/plan.ts';
import { compileSelector } from '@gatehouse/policy-schema/evaluate/selector.ts';
import { inputOf, type TypedRequest } from '@gatehouse/policy-schema/evaluate/typed-request.ts';
import { compileTarget } from '@gatehouse/policy-schema/model/applies.ts';
import { compilePatterns } from '@gatehouse/policy-schema/model/pattern.ts';
import type { Policy, Rule } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { sampleKinds, sampleStatements } from '@gatehouse/policy-schema/vocabulary/sql/sample-statements.ts';
import { sqlVocabulary } from '@gatehouse/policy-schema/vocabulary/sql/vocabulary.ts';
import type { SelectorDeclaration, VocabularyName } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Desk } from '../desk.ts';
import { namesLike } from './sample-names.ts';
import { application, type Try } from './try-request.ts';

/**
 * A request to begin with at a rule: a statement that the rule speaks of, where one is found, by somebody whom its policy
 * is for. Never throws; `loadReaders` must have finished before.
 */
export function sampleFor(desk: Desk, unit: RuleUnit): Try {
  const { policy } = unit.policy;
  const resource = resourceFor(desk, policy);
  const who = principalFor(policy);
  return {
    text: textFor(unit, desk, resource, who),
    ...(resource && { resource: resource.name }),
    ...who,
  };
}

/** A request to begin with at a policy: one of its first rule, or else of a column that it masks. */
export function sampleForPolicy(desk: Desk, { policy, rules, masks }: PolicyUnit): Try {
  const [first] = rules;
  if (first !== undefined) return sampleFor(desk, first);
  const resource = resourceFor(desk, policy);
  const pattern = masks[0]?.mask.columns[0];
  const [column] = pattern === undefined ? [] : namesLike([pattern], ['public', 'customers', 'email']);
  const table = column?.slice(0, column.lastIndexOf('.')) ?? 'public.orders';
  const names = { ...usual, table };
  return {
    text: sampleStatements('select', names)[0] ?? fallback,
    ...(resource && { resource: resource.name }),
    ...principalFor(policy),
  };
}

const fallback = 'SELECT 1';
const usual = { table: 'public.orders', function: 'public.f', parameter: 'work_mem' };

/** Texts that a rule may speak of, the likeliest first. For every vocabulary. */
const candidatesBy: Readonly<Record<VocabularyName, (rule: Rule) => Iterable<string>>> = {
  sql: sqlCandidates,
};

function* sqlCandidates({ selector }: Rule): Generator<string> {
  const isMeant = compilePatterns(selector.actions ?? ['*']);
  const tables = namesLike(selector.tables ?? [], ['public', 'orders']);
  const functions = namesLike(selector.functions ?? [], ['public', 'f']);
  const parameters = namesLike(selector.parameters ?? [], ['work_mem']);
  const names = namesLike(selector.names ?? [], ['x']);
  // A pattern for all columns wants no column in particular.
  const columns = (selector.columns ?? []).filter((pattern) => !/^\*+$/.test(pattern));
  const listed = namesLike(columns, ['id']);
  const several = listed.length > 1 ? [listed] : [];
  const lists = [...several, ...listed.map((column) => [column])];
  // Where every fact that the rule names is carried.
  const carriers = Object.keys(selector).flatMap((key) => {
    const declared: SelectorDeclaration | undefined = sqlVocabulary.selectors[key];
    return declared === undefined ? [] : [new Set(declared.on)];
  });
  const kinds = sampleKinds.filter((kind) => isMeant(kind) && carriers.every((on) => on.has(kind)));
  const most = Math.max(1, tables.length, functions.length, parameters.length, names.length, lists.length);
  // In the last turn statements have names of their own: some take certain words only.
  for (let turn = 0; turn <= most; turn++) {
    const at = <Item>(items: readonly Item[]): Item | undefined => items[turn] ?? items[0];
    const list = at(lists);
    const name = turn < most ? at(names) : undefined;
    for (const kind of kinds) {
      yield* sampleStatements(kind, {
        table: at(tables) ?? usual.table,
        function: at(functions) ?? usual.function,
        parameter: at(parameters) ?? usual.parameter,
        ...(list && { columns: list }),
        ...(name !== undefined && { name }),
      });
    }
  }
}

/** Statements that were found for rules, by all that the search looks at. */
const found = new Map<string, string>();
const mostFound = 2000;
/** Reading one takes a quarter of a millisecond. */
const mostCandidates = 150;
/** After the first that the rule speaks of: most conditions that ask for something else never come true on a desk. */
const mostAfterFirst = 12;

function textFor(
  { rule, condition }: RuleUnit,
  desk: Desk,
  resource: Resource | undefined,
  who: Who,
): string {
  const { effect, vocabulary, selector } = rule;
  const reached = resource ?? unknownResource;
  const { name, protocol, labels } = reached;
  const key = JSON.stringify([effect, vocabulary, selector, condition?.source, name, protocol, labels, who]);
  let text = found.get(key);
  if (text === undefined) {
    if (found.size >= mostFound) found.clear();
    text = search(rule, condition, (candidate) =>
      inputOf({
        text: candidate,
        resource: reached,
        principal: { person: 'you', groups: [], task: '', workspace: 'desk', ...who },
        at: desk.world.now,
        session: { inTransaction: false, application },
      }),
    );
    found.set(key, text);
  }
  return text;
}

const unknownResource: TypedRequest['resource'] = { name: 'unknown', protocol: 'postgres', labels: {} };

/** The first candidate that the rule speaks of with its condition, or else without. */
function search(
  rule: Rule,
  condition: RuleUnit['condition'],
  inputFor: (text: string) => DecisionInput,
): string {
  const selector = compileSelector(rule);
  const touches = rule.effect === 'allow' ? selector.grants : selector.restricts;
  const when = condition?.compiled.ok === true ? condition.compiled.condition : undefined;
  const isAsked = when !== undefined && /\brequest\b/.test(condition?.source ?? '') && !readsPlan(rule.when);
  let touched: string | undefined;
  let left = mostCandidates;
  for (const text of candidatesBy[rule.vocabulary ?? 'sql'](rule)) {
    if (left-- === 0) break;
    const input = inputFor(text);
    if (input.request.undecidable !== undefined || !input.request.actions.some(touches)) continue;
    if (!isAsked || when.test(conditionFacts(input)) === true) return text;
    if (touched === undefined) left = mostAfterFirst;
    touched ??= text;
  }
  return touched ?? fallback;
}

type Who = Pick<Try, 'groups'> & { readonly agent: string };

function resourceFor(desk: Desk, { applies }: Policy): Resource | undefined {
  const matches = applies.to.map(compileTarget);
  return desk.world.workspace?.workspace.resources.find((each) => matches.some((match) => match(each)));
}

function principalFor({ applies }: Policy): Who {
  const [agent = 'claude'] = namesLike(applies.agents, ['claude']);
  const [group] = namesLike(applies.groups ?? [], ['staff']);
  return { agent, ...(group !== undefined && { groups: [group] }) };
}
