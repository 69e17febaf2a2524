/** A decision told at length, for `gatehouse decide` and the editor. Plain text; who shows it adds the colour. */
import { type ConditionPart, evaluateParts } from '../conditions/parts.ts';
import type { BudgetScope, Effect } from '../model/policy.ts';
import type { Decision, DecisionInput, TraceStep } from './decision.ts';
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

/** A rule's part in the decision about one action: whether it spoke, and why or why not. */
export function partIn(step: TraceStep, action: number): { readonly spoke: boolean; readonly text: string } {
  if (!step.actions.includes(action)) {
    const why = step.unmatched?.find((entry) => entry.action === action)?.why;
    return { spoke: false, text: `does not match${why === undefined ? '' : `; ${why}`}` };
  }
  switch (step.condition) {
    case 'none':
      return { spoke: true, text: 'matches' };
    case 'true':
      return { spoke: true, text: 'matches, and its condition is true' };
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
function conditionLines(step: TraceStep, action: number, input: DecisionInput): readonly ExplainLine[] {
  const parts = partsOf(step, action, input);
  if (parts.length < 2) return [];
  return parts.map(({ text, depth, outcome }) => ({
    depth: 3,
    tone: 'none',
    text: `${'· '.repeat(depth)}${text} → ${outcome.kind === 'value' ? outcome.value : outcome.kind === 'error' ? `failed: ${outcome.error}` : 'not looked at'}`,
  }));
}

/** The parts of a rule's condition with their values; none where the condition had no part in the decision about an action. */
export function partsOf(step: TraceStep, action: number, input: DecisionInput): readonly ConditionPart[] {
  const { when, condition, actions } = step;
  const evaluated = condition !== 'none' && condition !== 'not evaluated' && actions.includes(action);
  return when === undefined || !evaluated ? [] : evaluateParts(when, input);
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
    ...about(decision),
  ];
  const trace = decision.trace();
  decision.actions.forEach(({ action, effect }, index) => {
    const implied = action.implied === true ? ' (implied)' : '';
    lines.push({ depth: 0, tone: effect, text: `${effect}: ${describeAction(action)}${implied}` });
    const told = trace.map((step) => ({ step, result: partIn(step, index) }));
    // What spoke first, then the rest, each in the order of the files.
    for (const spoke of [true, false]) {
      for (const { step, result } of told)
        if (result.spoke === spoke) lines.push(ruleLine(step, result), ...conditionLines(step, index, input));
    }
    if (told.length === 0) lines.push({ depth: 2, tone: 'none', text: 'no policy applies' });
  });
  return lines;
}

/** As {@link explainLines}, indented with two spaces a level. */
export function explain(decision: Decision, input: DecisionInput): readonly string[] {
  return explainLines(decision, input).map(({ depth, text }) => '  '.repeat(depth) + text);
}
