import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Comparison } from '../../views/replay/messages.ts';

/** What the policy as it is now would change, in a line. @param next goes to the next change */
export function comparisonSummary(
  comparison: Comparison,
  changed: number,
  next: (event: Event) => void,
): TemplateResult | typeof nothing {
  switch (comparison.kind) {
    case 'off':
      return nothing;
    case 'running':
      return html`<span class="summary dim" role="status">${l10n.t('Deciding again…')}</span>`;
    case 'broken':
      return html`<span class="summary broken" role="status"
        >${l10n.t('The policy files have errors:')} ${comparison.problems[0]}</span
      >`;
    case 'decided': {
      const open = comparison.requests.filter(({ kind }) => kind === 'open').length;
      return html`<span class="summary" role="status">
        ${changed === 0 ? l10n.t('No decision would change') : changes(changed, next)}${
          open === 0 ? nothing : html` · ${l10n.t('{0} cannot be told', open)}`
        }${unsaved(comparison.unsaved)}
      </span>`;
    }
  }
}

function changes(changed: number, next: (event: Event) => void): TemplateResult {
  const words =
    changed === 1 ? l10n.t('1 decision would change') : l10n.t('{0} decisions would change', changed);
  return html`<a href="#" title=${l10n.t('Next change (N)')} @click=${next}><span class="count">${words}</span></a>`;
}

function unsaved(files: readonly string[]): TemplateResult | typeof nothing {
  if (files.length === 0) return nothing;
  const names = files.map((file) => file.replace(/^.*\//, '')).join(', ');
  return html` <span class="dim">· ${l10n.t('with unsaved {0}', names)}</span>`;
}
