import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { LiveAction, LiveRow, Trace } from '../../views/live/messages.ts';
import { row, stepDetail } from '../replay/step-detail.ts';
import { spanOf } from '../replay/told.ts';

export interface TraceParts {
  readonly row: LiveRow;
  /** Absent until it is read. */
  readonly trace: Trace | undefined;
  readonly act: (action: LiveAction) => void;
  readonly openRule: (rule: { readonly file: string; readonly line: number }) => void;
  readonly close: () => void;
}

/** All that the record says of a request, with what can be done with it. */
export function traceOf({ row: live, trace, act, openRule, close }: TraceParts): TemplateResult {
  const tool = (action: LiveAction, icon: string, label: string) =>
    html`<vscode-toolbar-button
      icon=${icon}
      data-action=${action}
      label=${label}
      title=${label}
      @click=${() => act(action)}
    ></vscode-toolbar-button>`;
  const refused = live.look === 'deny' || live.look === 'approve' || live.look === 'waiting';
  return html`<div class="buttons" role="toolbar" aria-label=${l10n.t('Request')}>
      ${
        refused
          ? html`<vscode-button icon="wand" data-action="makeRule" @click=${() => act('makeRule')}
              >${l10n.t('Make a Rule from This…')}</vscode-button
            >`
          : nothing
      }
      <span class="tools-right">
        ${tool('addAsTest', 'beaker', l10n.t('Add as a Test'))} ${tool('openSession', 'history', l10n.t('Open Session'))}
        ${tool('copy', 'copy', l10n.t('Copy Request'))}
      <vscode-toolbar-button
        class="close"
        icon="close"
        label=${l10n.t('Close')}
        title=${l10n.t('Close (Escape)')}
        @click=${close}
      ></vscode-toolbar-button>
      </span>
    </div>
    <div class="told" tabindex="-1">${told(live, trace, openRule)}</div>`;
}

function told(live: LiveRow, trace: Trace | undefined, openRule: TraceParts['openRule']): unknown {
  if (trace === undefined || trace.key !== live.key)
    return html`<p class="dim" role="status">${l10n.t('Reading the record…')}</p>`;
  if (trace.kind === 'problem') return html`<p role="alert">${trace.message}</p>`;
  const { step, protocol } = trace;
  return stepDetail({
    step,
    protocol,
    isOpen: live.look === 'waiting',
    again: undefined,
    openRule,
    more: ids(live, trace),
  });
}

/** By what the request is found elsewhere. */
function ids(live: LiveRow, { step }: Extract<Trace, { kind: 'told' }>): readonly TemplateResult[] {
  const code = (value: string) => html`<span class="code id">${value}</span>`;
  const about = [row(l10n.t('Asked by'), l10n.t('{0} on {1}', live.agent, live.resource))];
  if (step.kind !== 'request')
    return [...about, row(l10n.t('Approval ID'), code(step.approval.asked.approval)), session(live, code)];
  const { decided } = step;
  const limits = Object.entries(decided.limits).map(([key, value]) => `${key} ${value.toLocaleString()}`);
  return [
    ...(limits.length === 0 || decided.effect === 'deny' ? [] : [row(l10n.t('Limits'), limits.join(', '))]),
    ...about,
    row(l10n.t('Decided in'), spanOf(decided.decideMs)),
    session(live, code),
    row(l10n.t('Request ID'), code(decided.request)),
    row(l10n.t('Digest'), code(decided.digest)),
    row(l10n.t('Policy'), code(decided.policyDigest)),
  ];
}

function session({ session: id }: LiveRow, code: (value: string) => TemplateResult): TemplateResult {
  return row(l10n.t('Session ID'), code(id));
}
