import type { RecordLine } from '@gatehouse/daemon/control/messages.ts';
import * as l10n from '@vscode/l10n';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { baseStyles } from './styles.ts';

export type Effect = Extract<RecordLine, { kind: 'request.decided' }>['effect'];

/** Told by shape and word as well as by colour. */
const looks: Readonly<Record<Effect, { readonly icon: string; readonly word: () => string }>> = {
  allow: { icon: 'pass', word: () => l10n.t('Allowed') },
  approve: { icon: 'account', word: () => l10n.t('Approval') },
  deny: { icon: 'circle-slash', word: () => l10n.t('Denied') },
};

/** `<gh-effect effect="deny">`: what became of a request. With `compact` its word is for screen readers alone. */
export class EffectBadge extends LitElement {
  static override properties = { effect: { type: String }, compact: { type: Boolean } };
  static override styles = [
    baseStyles,
    css`
      :host {
        align-items: center;
        display: inline-flex;
        gap: 4px;
        white-space: nowrap;
      }
      .allow {
        color: var(--vscode-testing-iconPassed, var(--vscode-foreground));
      }
      .approve {
        color: var(--vscode-editorWarning-foreground, var(--vscode-foreground));
      }
      .deny {
        color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground));
      }
    `,
  ];
  declare effect: Effect;
  declare compact: boolean;

  constructor() {
    super();
    this.effect = 'deny';
    this.compact = false;
  }

  override render(): TemplateResult {
    const { icon, word } = looks[this.effect];
    return html`<vscode-icon class=${this.effect} name=${icon} aria-hidden="true"></vscode-icon
      ><span class=${this.compact ? 'hidden-label' : ''}>${word()}</span>`;
  }
}

customElements.define('gh-effect', EffectBadge);
