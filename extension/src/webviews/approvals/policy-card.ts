import * as l10n from '@vscode/l10n';
import { html, LitElement, type TemplateResult } from 'lit';
import type { FromApprovals, PolicyCard } from '../../views/approvals/messages.ts';
import { baseStyles } from '../kit/styles.ts';
import { approvalStyles } from './styles.ts';

/** More are in the diff. */
const maxLines = 12;

/** `<gh-policy-change>`: a change of the policy files that could allow more, or files with errors. */
export class PolicyElement extends LitElement {
  static override properties = { card: { attribute: false } };
  static override styles = [baseStyles, approvalStyles];
  declare card: PolicyCard;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('article')?.focus();
  }

  override render(): TemplateResult {
    const { card } = this;
    const where = card.folderName === undefined ? '' : ` · ${card.folderName}`;
    return card.kind === 'pending' ? this.#pending(card, where) : this.#broken(card, where);
  }

  #pending(card: Extract<PolicyCard, { kind: 'pending' }>, where: string): TemplateResult {
    const { folder, digest, loosens } = card;
    return html`<article tabindex="0" aria-labelledby="title">
      <header>
        <vscode-icon name="git-pull-request" aria-hidden="true"></vscode-icon>
        <h2 id="title">${l10n.t('The policy would allow more')}${where}</h2>
      </header>
      ${lines(loosens)}
      <p class="dim">
        ${l10n.t('What was accepted before stays in force until you accept this. To refuse it, undo the change in the files.')}
      </p>
      <div class="buttons">
        <vscode-button @click=${() => this.#tell({ kind: 'review', folder })}>${l10n.t('Review Diff')}</vscode-button>
        <vscode-button secondary @click=${() => this.#tell({ kind: 'accept', folder, digest })}
          >${l10n.t('Accept…')}</vscode-button
        >
      </div>
    </article>`;
  }

  #broken({ problems }: Extract<PolicyCard, { kind: 'broken' }>, where: string): TemplateResult {
    return html`<article tabindex="0" aria-labelledby="title">
      <header>
        <vscode-icon name="error" aria-hidden="true"></vscode-icon>
        <h2 id="title">${l10n.t('The policy files have errors')}${where}</h2>
      </header>
      ${lines(problems)}
      <p class="dim">${l10n.t('What was accepted before stays in force.')}</p>
      <div class="buttons">
        <vscode-button secondary @click=${() => this.#tell({ kind: 'problems' })}
          >${l10n.t('Show Problems')}</vscode-button
        >
      </div>
    </article>`;
  }

  #tell(message: FromApprovals): void {
    this.dispatchEvent(
      new CustomEvent<FromApprovals>('tell', { detail: message, bubbles: true, composed: true }),
    );
  }
}

customElements.define('gh-policy-change', PolicyElement);

function lines(all: readonly string[]): TemplateResult {
  const more = all.length - maxLines;
  return html`<ul>
    ${all.slice(0, maxLines).map((line) => html`<li>${line}</li>`)}
    ${more > 0 ? html`<li class="dim">${l10n.t('and {0} more', more)}</li>` : ''}
  </ul>`;
}
