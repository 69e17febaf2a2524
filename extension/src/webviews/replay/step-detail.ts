import type {
  Answered,
  Redecided,
  RuleRow,
  RecordedApproval,
  ToldStep,
  WhichRequest,
} from '@gatehouse/daemon/control/messages.ts';
import { visible } from '@gatehouse/policy-schema/text/visible.ts';
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { highlighted, languageOf } from '../kit/highlight.ts';
import { resultTable } from './result-table.ts';
import { changeWords, clockOf, effectWord, plainReason, rulesOf, sizeOf, spanOf } from './told.ts';

export interface DetailParts {
  readonly step: ToldStep;
  readonly protocol: string;
  /** The session goes on. */
  readonly isOpen: boolean;
  readonly again: Redecided | undefined;
  readonly openRule: (rule: RuleRow) => void;
  /** What adds it as a test, where the page has no other place for that. @param request its id, or the approval's that it waits for */
  readonly addAsTest?: (request: string) => void;
  /** What makes a rule for a request that did not simply pass. */
  readonly makeRule?: (which: WhichRequest) => void;
  /** Further rows, below the others. */
  readonly more?: readonly TemplateResult[];
}

/** All that the record says of one step. */
export function stepDetail({
  step,
  protocol,
  isOpen,
  again,
  openRule,
  addAsTest,
  makeRule,
  more = [],
}: DetailParts): TemplateResult {
  const text = step.kind === 'request' ? step.decided.text : step.approval.asked.text;
  return html`
    <div class="head">
      ${heading(step, isOpen)}
      ${
        makeRule === undefined || (step.kind === 'request' && step.decided.effect === 'allow')
          ? nothing
          : html`<vscode-toolbar-button
              icon="wand"
              label=${l10n.t('Make a Rule from This…')}
              title=${l10n.t('Make a Rule from This…')}
              @click=${() => makeRule(whichOf(step))}
            ></vscode-toolbar-button>`
      }
      ${
        addAsTest === undefined
          ? nothing
          : html`<vscode-toolbar-button
              icon="beaker"
              label=${l10n.t('Add as a Test')}
              title=${l10n.t('Add as a Test')}
              @click=${() => addAsTest(step.kind === 'request' ? step.decided.request : step.approval.asked.approval)}
            ></vscode-toolbar-button>`
      }
    </div>
    <pre class="statement" tabindex="0" aria-label=${l10n.t('Statement')}>${highlighted(
      text,
      languageOf(protocol),
    )}</pre>
    ${parameters(step)} ${againBox(again, openRule)}
    <dl>${decisionRows(step, openRule)} ${approvalRows(step.approval)} ${answerRows(step)} ${more}</dl>
    ${result(step)}
  `;
}

function whichOf(step: ToldStep): WhichRequest {
  return step.kind === 'request' ? { seq: step.decided.seq } : { approval: step.approval.asked.approval };
}

function heading(step: ToldStep, isOpen: boolean): TemplateResult {
  if (step.kind === 'approval') {
    const { asked, answered } = step.approval;
    const waits = answered === undefined && isOpen;
    return html`<h2>
      <gh-effect effect="approve"></gh-effect>
      <span class="dim"
        >${waits ? l10n.t('waits since {0}', clockOf(asked.at)) : l10n.t('asked at {0}, and never decided', clockOf(asked.at))}</span
      >
    </h2>`;
  }
  const { decided, answered } = step;
  const ran = answered === undefined ? '' : ` · ${spanOf(answered.durationMs)}`;
  const prepared = decided.stage === 'prepare' ? ` · ${l10n.t('prepared, not run')}` : '';
  return html`<h2>
    <gh-effect effect=${decided.effect}></gh-effect>
    <span class="dim">${clockOf(decided.at)}${ran}${prepared}</span>
  </h2>`;
}

function parameters(step: ToldStep): TemplateResult | typeof nothing {
  const given = (step.kind === 'request' ? step.decided : step.approval.asked).parameters ?? [];
  if (given.length === 0) return nothing;
  return html`<p class="parameters code">
    ${given.map(
      (value, index) =>
        html`<span><span class="dim">$${index + 1} =</span> ${
          value === null ? html`<span class="dim">NULL</span>` : visible(value)
        }</span>`,
    )}
  </p>`;
}

/** A row of a step's facts. */
export function row(name: string, value: unknown): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

/** A link to a rule's line. */
function ruleLink(rule: RuleRow, openRule: (rule: RuleRow) => void): TemplateResult {
  const open = (event: Event) => {
    event.preventDefault();
    openRule(rule);
  };
  const place = `${rule.file.replace(/^\.gatehouse\/policies\//, '')}:${rule.line}`;
  return html`<a href="#" @click=${open} title=${l10n.t('Open {0}', `${rule.file}:${rule.line}`)}
      >${rule.policy}/${rule.rule}</a
    >
    <span class="dim">${place}</span>`;
}

function ruleList(rules: readonly RuleRow[], openRule: (rule: RuleRow) => void): TemplateResult {
  return html`${rules.map((rule) => html`<div>${ruleLink(rule, openRule)}</div>`)}`;
}

function decisionRows(step: ToldStep, openRule: (rule: RuleRow) => void): readonly TemplateResult[] {
  if (step.kind !== 'request') return [row(l10n.t('Reason'), step.approval.asked.reason)];
  const { decided } = step;
  const rules = rulesOf(step);
  // That a rule allows it is said by the rule.
  const told = decided.effect === 'allow' && rules.length > 0;
  const rows = told ? [] : [row(l10n.t('Reason'), plainReason(decided.reason))];
  if (rules.length > 0)
    rows.push(row(rules.length === 1 ? l10n.t('Rule') : l10n.t('Rules'), ruleList(rules, openRule)));
  else if (decided.effect === 'deny' && decided.undecidable === undefined)
    rows.push(row(l10n.t('Rule'), html`<span class="dim">${l10n.t('No rule allows it.')}</span>`));
  // Of what was let pass; a refusal needs no other one.
  if (decided.effect !== 'deny' && decided.observed !== decided.effect)
    rows.push(
      row(
        l10n.t('Observing'),
        l10n.t('With observing policies it would be {0}.', effectWord(decided.observed)),
      ),
    );
  if (decided.effect === 'deny' && decided.hint !== undefined) rows.push(row(l10n.t('Hint'), decided.hint));
  const named = decided.actions.filter(({ implied }) => implied !== true);
  if (named.length > 0)
    rows.push(
      row(
        l10n.t('Actions'),
        named.map((action) => actionLine(action)),
      ),
    );
  if (step.masks.length > 0 && step.answered !== undefined)
    rows.push(
      row(
        l10n.t('Masks'),
        step.masks.map(
          (mask) =>
            html`<div class="code">${mask.columns.join(', ')} <span class="dim">${mask.with}</span></div>`,
        ),
      ),
    );
  if (decided.plan !== undefined)
    rows.push(
      row(
        l10n.t('Plan'),
        l10n.t('cost {0}, expected rows {1}', round(decided.plan.cost), round(decided.plan.rows)),
      ),
    );
  return rows;
}

type Decided = Extract<ToldStep, { kind: 'request' }>['decided'];

function actionLine({ kind, facts, effect }: Decided['actions'][number]): TemplateResult {
  const target = ['table', 'function', 'name', 'parameter', 'object']
    .map((fact) => facts[fact])
    .find(Boolean);
  const columns = Array.isArray(facts.columns) ? facts.columns.join(', ') : '';
  return html`<div>
    <gh-effect effect=${effect} compact></gh-effect> <span class="code">${kind} ${target ?? ''}</span>
    ${columns === '' ? nothing : html`<span class="code dim">(${columns})</span>`}
  </div>`;
}

function approvalRows(approval: RecordedApproval | undefined): readonly TemplateResult[] {
  if (approval === undefined) return [];
  const { asked, answered } = approval;
  const by = asked.by.map((names) => (names.includes('*') ? l10n.t('anyone') : names.join(', '))).join('; ');
  const rows = [row(l10n.t('Approval'), l10n.t('asked at {0} of {1}', clockOf(asked.at), by))];
  if (asked.counted !== undefined)
    rows.push(row(l10n.t('Counted'), l10n.t('{0} rows, as the person was shown', asked.counted)));
  if (answered === undefined) return [...rows, row(l10n.t('Answer'), l10n.t('none'))];
  const waited = spanOf(Math.max(0, Date.parse(answered.at) - Date.parse(asked.at)));
  const words = answerWords(answered.answer, answered.by);
  const reason = answered.reason === undefined ? '' : `: “${answered.reason}”`;
  return [...rows, row(l10n.t('Answer'), `${words} ${l10n.t('after {0}', waited)}${reason}`)];
}

type Answer = NonNullable<RecordedApproval['answered']>['answer'];

function answerWords(answer: Answer, by = ''): string {
  switch (answer) {
    case 'approved':
      return l10n.t('approved by {0}', by);
    case 'denied':
      return l10n.t('denied by {0}', by);
    case 'expired':
      return l10n.t('nobody answered in time,');
    case 'withdrawn':
      return l10n.t('withdrawn');
    case 'overtaken':
      return l10n.t('overtaken by a change of the policy');
  }
}

function answerRows(step: ToldStep): readonly TemplateResult[] {
  if (step.kind !== 'request') return [];
  const { answered, decided } = step;
  if (answered === undefined) {
    const runs = decided.effect !== 'deny' && decided.stage !== 'prepare';
    return runs
      ? [row(l10n.t('Outcome'), html`<span class="dim">${l10n.t('No answer is recorded.')}</span>`)]
      : [];
  }
  const { outcome, tag, rows, bytes, error } = answered;
  const what = outcome === 'completed' ? (tag ?? l10n.t('completed')) : outcome;
  return [
    row(
      l10n.t('Outcome'),
      html`${what} <span class="dim">· ${l10n.t('{0} rows, {1}', rows, sizeOf(bytes))}</span>`,
    ),
    ...(error === undefined
      ? []
      : [row(l10n.t('Error'), html`<span class="code">${error.code}</span> ${error.message}`)]),
  ];
}

/** What the client saw. A session of a terminal will be played here in one. */
function result(step: ToldStep): TemplateResult | typeof nothing {
  if (step.kind !== 'request' || step.answered?.result === undefined) return nothing;
  return resultTable(step.answered.result, step.answered.rows);
}

function againBox(
  again: Redecided | undefined,
  openRule: (rule: RuleRow) => void,
): TemplateResult | typeof nothing {
  const words = changeWords(again);
  if (again === undefined || words === undefined) return nothing;
  if (again.kind === 'open') {
    return html`<section class="again open" aria-label=${l10n.t('By the policy as it is now')}>
      <strong>${l10n.t('By the policy as it is now it cannot be told')}</strong>
      <p>${again.why}</p>
    </section>`;
  }
  if (again.kind !== 'changed') return nothing;
  return html`<section class="again" aria-label=${l10n.t('By the policy as it is now')}>
    <strong>${l10n.t('By the policy as it is now')}</strong>
    <div class="turn">
      <gh-effect effect=${again.before.effect}></gh-effect><span aria-label=${l10n.t('becomes')}>→</span>
      <gh-effect effect=${again.after.effect}></gh-effect>
    </div>
    ${nowBehind(again.after, openRule)} ${again.masks === undefined ? nothing : maskTurns(again.masks)}
    ${again.limits === undefined ? nothing : limitTurns(again.limits)}
  </section>`;
}

function nowBehind({ reason, rules }: Answered, openRule: (rule: RuleRow) => void): TemplateResult {
  return html`<p>${plainReason(reason)}</p>
    ${rules.length === 0 ? nothing : ruleList(rules, openRule)}`;
}

type Masks = NonNullable<Extract<Redecided, { kind: 'changed' }>['masks']>;

function maskTurns({ gone, come }: Masks): TemplateResult {
  const line = (sign: string, label: string, mask: Masks['gone'][number]) =>
    html`<div class="code"><span aria-label=${label}>${sign}</span> ${mask.columns.join(', ')} ${mask.with}</div>`;
  return html`<p>${l10n.t('Masks')}</p>
    ${gone.map((mask) => line('−', l10n.t('no longer'), mask))} ${come.map((mask) => line('+', l10n.t('new'), mask))}`;
}

type ChangedLimits = NonNullable<Extract<Redecided, { kind: 'changed' }>['limits']>;

function limitTurns(limits: ChangedLimits): TemplateResult {
  const shown = (bound: number | undefined) => (bound === undefined ? l10n.t('none') : round(bound));
  return html`<p>${l10n.t('Limits')}</p>
    ${limits.map(({ limit, before, after }) => html`<div class="code">${limit} ${shown(before)} → ${shown(after)}</div>`)}`;
}

function round(value: number): string {
  return value.toLocaleString(undefined, { maximumFractionDigits: value < 100 ? 2 : 0 });
}
