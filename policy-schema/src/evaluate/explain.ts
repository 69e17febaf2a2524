/** A decision told at length, for `gatehouse decide` and the editor. Plain text; who shows it adds the colour. */
import { type ConditionPart, evaluateParts } from '../conditions/parts.ts';
import type { BudgetScope, Effect } from '../model/policy.ts';
import type { Request } from '../vocabulary/vocabulary.ts';
import type { ActionDecision, Decision, DecisionInput, TraceStep } from './decision.ts';
import { maskWords } from './mask-strength.ts';
import { describeAction } from './reason.ts';

export interface ExplainLine {
  /** How far to the right, 0 for headings. */
  readonly depth: 0 | 1 | 2 | 3;
  /** `none` for what has no part in the answer. */
  readonly tone: Effect | 'plain' | 'none';
  readonly text: string;
}

const place = ({
  location,
}: {
  readonly location: { readonly file: string; readonly line: number };
}): string => `${location.file}:${location.line}`;

/** What rules are asked about: an action, by its index, or the request as a whole where it has none. */
export type About = number | 'whole';

/** What an answer stands on. */
export type Basis = 'rules' | 'default' | 'implied' | 'nothing' | 'observed' | 'undecidable';

/** Where it is not rules, which speak for themselves. */
export const basisWords: Readonly<Record<Exclude<Basis, 'rules'>, string>> = {
  default: 'no rule lets it pass, and what no rule allows is denied',
  implied: 'the server does it because of another action, so it needs no allow rule of its own',
  nothing: 'it does nothing, so no rule has to allow it',
  observed: 'only observing policies apply, and they block nothing',
  undecidable: 'what cannot be decided is denied, whatever rules say',
};

export interface Asked {
  readonly about: About;
  readonly words: string;
  readonly effect: Effect;
  readonly implied: boolean;
  readonly basis: Basis;
}

/** All that rules were asked about, and what came of it. Empty where nothing could be read. */
export function askedOf(decision: Decision, { request }: DecisionInput): readonly Asked[] {
  const { effect } = decision;
  if (request.actions.length === 0 && request.undecidable === undefined) {
    const basis = effect === 'allow' ? 'nothing' : 'rules';
    return [{ about: 'whole', words: 'a request without actions', effect, implied: false, basis }];
  }
  return decision.actions.map((each, about) => ({
    about,
    words: describeAction(each.action),
    effect: each.effect,
    implied: each.action.implied === true,
    basis: request.undecidable === undefined ? basisOf(each) : 'undecidable',
  }));
}

function basisOf({ action, effect, rules }: ActionDecision): Basis {
  if (rules.length > 0) return 'rules';
  if (effect === 'deny') return 'default';
  return action.implied === true ? 'implied' : 'observed';
}

const isAsked = (step: TraceStep, about: About): boolean =>
  about === 'whole' ? step.whole === true : step.actions.includes(about);

/** A rule's part in the decision: whether it spoke, and why or why not. */
export function partIn(step: TraceStep, about: About): { readonly spoke: boolean; readonly text: string } {
  if (!isAsked(step, about)) {
    const why =
      about === 'whole'
        ? 'it speaks of actions'
        : step.unmatched?.find((entry) => entry.action === about)?.why;
    // It would have matched, had anybody asked.
    return why === undefined
      ? { spoke: false, text: 'was not asked' }
      : { spoke: false, text: `does not match; ${why}` };
  }
  const isPart = about !== 'whole' && step.uncovered?.includes(about) === true;
  const matches = isPart ? 'matches a part of it, which is not enough to let it pass' : 'matches';
  switch (step.condition) {
    case 'none':
      return { spoke: true, text: matches };
    case 'true':
      return { spoke: true, text: `${matches}, and its condition is true` };
    case 'false':
      return { spoke: false, text: 'does not match; its condition is false' };
    case 'failed': {
      const error = `its condition failed: ${step.error ?? 'unknown error'}`;
      return step.effect === 'allow'
        ? { spoke: false, text: `does not match; ${error}` }
        : { spoke: true, text: `denies, because ${error}` };
    }
    case 'unplanned':
      return step.effect === 'deny'
        ? { spoke: false, text: 'may match: its condition reads the plan, which is not known here' }
        : { spoke: true, text: 'may match: its condition reads the plan, which is not known here' };
    case 'not evaluated':
      return { spoke: false, text: 'was not evaluated' };
  }
}

function ruleLine(
  step: TraceStep,
  { spoke, text }: { readonly spoke: boolean; readonly text: string },
): ExplainLine {
  const effect = step.condition === 'failed' && spoke ? 'deny' : step.effect;
  const observing = step.mode === 'observe' ? ' (only observes)' : '';
  return {
    depth: 2,
    tone: spoke && step.mode === 'enforce' ? effect : 'none',
    text: `${step.effect} ${step.rule} of ${step.policy}${observing}, ${place(step)}: ${text}`,
  };
}

/** The values of a condition's parts, below the rule: where there is one part only, the rule's line has said it all. */
function conditionLines(step: TraceStep, about: About, input: DecisionInput): readonly ExplainLine[] {
  const parts = partsOf(step, about, input);
  if (parts.length < 2) return [];
  return parts.map(({ text, depth, outcome }) => ({
    depth: 3,
    tone: 'none',
    text: `${'· '.repeat(depth)}${text} → ${outcome.kind === 'value' ? outcome.value : outcome.kind === 'error' ? `failed: ${outcome.error}` : 'not looked at'}`,
  }));
}

/** The parts of a rule's condition with their values; none where the condition had no part in the decision. */
export function partsOf(step: TraceStep, about: About, input: DecisionInput): readonly ConditionPart[] {
  const { when, condition } = step;
  const evaluated = condition !== 'none' && condition !== 'not evaluated' && isAsked(step, about);
  return when === undefined || !evaluated ? [] : evaluateParts(when, input);
}

/** Where the text cannot be read. */
function faultLines({ request }: DecisionInput): readonly ExplainLine[] {
  const at = placeOfFault(request);
  return at === undefined
    ? []
    : [{ depth: 1, tone: 'plain', text: `at line ${at.line}, column ${at.column} of the statement` }];
}

/** Where in its text a request cannot be read: line and column from 1, columns in characters. */
export function placeOfFault({ text, undecidable }: Request): { line: number; column: number } | undefined {
  const position = undecidable?.position;
  if (position === undefined) return undefined;
  const before = [...text].slice(0, position - 1);
  const line = before.filter((each) => each === '\n').length + 1;
  return { line, column: before.length - before.lastIndexOf('\n') };
}

const perWords: Readonly<Record<BudgetScope, string>> = {
  session: 'session',
  agent: 'agent and day',
  day: 'day',
};

function about(decision: Decision): ExplainLine[] {
  const lines: ExplainLine[] = [];
  const plain = (text: string) => lines.push({ depth: 1, tone: 'plain', text });
  if (decision.hint !== undefined) plain(`hint: ${decision.hint}`);
  if (decision.observed !== decision.effect) plain(`with the observing policies: ${decision.observed}`);
  if (decision.approval !== undefined) {
    const by = decision.approval.by.map((names) => names.join(' or ')).join(', and ');
    const counts = decision.approval.counts === undefined ? '' : ', who is shown how many rows it changes';
    plain(`approval by ${by}, within ${decision.approval.within / 1000} s${counts}`);
  }
  for (const mask of decision.masks)
    plain(`mask ${maskWords(mask)}: ${mask.columns.join(', ')} (${place(mask)})`);
  const limits = Object.entries(decision.limits).map(([name, value]) => `${name} ${value}`);
  if (limits.length > 0) plain(`limits: ${limits.join(', ')}`);
  const budgets = decision.budgets.map(({ per, of, bound }) => `${of} ${bound} per ${perWords[per]}`);
  if (budgets.length > 0) plain(`budgets: ${budgets.join(', ')}`);
  if (decision.needs === 'plan')
    plain(
      "the answer may change with the server's plan, which is not known here (gatehouse decide --cost N --estimated-rows N)",
    );
  return lines;
}

/** The decision, each action with what every rule made of it, the masks and the limits. */
export function explainLines(decision: Decision, input: DecisionInput): readonly ExplainLine[] {
  const { principal, resource } = input;
  const person = principal.groups.length === 0 ? '' : ` (${principal.groups.join(', ')})`;
  const lines: ExplainLine[] = [
    { depth: 0, tone: decision.effect, text: `${decision.effect}: ${decision.reason}` },
    {
      depth: 1,
      tone: 'plain',
      text: `${principal.agent} for ${principal.person}${person} on ${resource.name}`,
    },
    ...faultLines(input),
    ...about(decision),
  ];
  const trace = decision.trace();
  for (const { about: asked, words, effect, implied, basis } of askedOf(decision, input)) {
    lines.push({ depth: 0, tone: effect, text: `${effect}: ${words}${implied ? ' (implied)' : ''}` });
    if (basis !== 'rules') lines.push({ depth: 2, tone: 'plain', text: basisWords[basis] });
    const told = trace.map((step) => ({ step, result: partIn(step, asked) }));
    // What spoke first, then the rest, each in the order of the files.
    for (const spoke of [true, false]) {
      for (const { step, result } of told)
        if (result.spoke === spoke) lines.push(ruleLine(step, result), ...conditionLines(step, asked, input));
    }
    if (told.length === 0) lines.push({ depth: 2, tone: 'none', text: 'no policy applies' });
  }
  return lines;
}

/** As {@link explainLines}, indented with two spaces a level. */
export function explain(decision: Decision, input: DecisionInput): readonly string[] {
  return explainLines(decision, input).map(({ depth, text }) => '  '.repeat(depth) + text);
}
