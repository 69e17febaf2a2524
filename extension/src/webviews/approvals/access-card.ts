import { visible } from '@gatehouse/policy-schema/text/visible.ts';
import * as l10n from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AccessCard, FromApprovals } from '../../views/approvals/messages.ts';
import { highlighted } from '../kit/highlight.ts';
import { baseStyles, highlightStyles } from '../kit/styles.ts';
import { approvalStyles } from './styles.ts';

/** `<gh-access>`: an agent asks for what the policy does not let pass. Nothing of it waits. */
export class AccessElement extends LitElement {
  static override properties = { card: { attribute: false } };
  static override styles = [baseStyles, highlightStyles, approvalStyles];
  declare card: AccessCard;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('article')?.focus();
  }

  override render(): TemplateResult {
    const { folder, folderName, request } = this.card;
    const { id, agent, resource, person, task, reason, statement } = request;
    const answer = (given: 'granted' | 'declined') => () =>
      this.#tell({ kind: 'answerAccess', folder, id, answer: given });
    return html`<article tabindex="0" aria-labelledby="title">
      <header>
        <vscode-icon name="unlock" aria-hidden="true"></vscode-icon>
        <h2 id="title">${l10n.t('{0} asks for access to {1}', visible(agent), resource)}</h2>
      </header>
      ${
        statement === undefined
          ? nothing
          : html`<pre tabindex="0" aria-label=${l10n.t('What it would run')}><code>${highlighted(statement, 'pgsql')}</code></pre>`
      }
      <dl>
        <dt>${l10n.t('Because')}</dt><dd>${visible(reason)}</dd>
        <dt>${l10n.t('For')}</dt><dd>${person}${task === '' ? nothing : html` · ${visible(task)}`}</dd>
        ${folderName === undefined ? nothing : html`<dt>${l10n.t('Workspace')}</dt><dd>${folderName}</dd>`}
      </dl>
      <p class="dim">${l10n.t('Nothing of it waits. To let it pass, change the policy; then tell the agent.')}</p>
      <div class="buttons">
        <vscode-button @click=${() => this.#tell({ kind: 'openPolicy', folder })}>${l10n.t('Open Policy')}</vscode-button>
        <vscode-button secondary @click=${answer('granted')}>${l10n.t('Granted…')}</vscode-button>
        <vscode-button secondary @click=${answer('declined')}>${l10n.t('Decline…')}</vscode-button>
      </div>
    </article>`;
  }

  #tell(message: FromApprovals): void {
    this.dispatchEvent(
      new CustomEvent<FromApprovals>('tell', { detail: message, bubbles: true, composed: true }),
    );
  }
}

customElements.define('gh-access', AccessElement);
