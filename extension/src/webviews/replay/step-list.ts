import type { Redecided } from '@gatehouse/daemon/control/messages.ts';
import * as l10n from '@vscode/l10n';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { baseStyles } from '../kit/styles.ts';
import type { Frame } from './film.ts';
import { changeWords, elapsed, type Look, lineOf, lookOf, lookWord } from './told.ts';

const icons: Readonly<Record<Look, string>> = {
  allow: 'pass',
  approve: 'account',
  deny: 'circle-slash',
  waiting: 'watch',
};

/** `<gh-step-list>`: the steps of a session, one chosen. Fires `choose` with an index. */
export class StepList extends LitElement {
  static override properties = {
    frames: { attribute: false },
    current: { type: Number },
    again: { attribute: false },
  };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      .row {
        align-items: baseline;
        content-visibility: auto;
        contain-intrinsic-size: auto 26px;
        cursor: pointer;
        display: grid;
        gap: 8px;
        grid-template-columns: 16px minmax(0, 1fr) auto;
        padding: 3px 10px 3px 8px;
      }
      .row:hover {
        background: var(--vscode-list-hoverBackground);
      }
      .row.current {
        background: var(--vscode-list-inactiveSelectionBackground);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      [role='listbox']:focus-visible {
        outline: none;
      }
      [role='listbox']:focus-visible .row.current {
        background: var(--vscode-list-activeSelectionBackground);
        color: var(--vscode-list-activeSelectionForeground);
        outline: 1px solid var(--vscode-focusBorder);
      }
      .text {
        font-family: var(--vscode-editor-font-family);
        font-size: var(--vscode-editor-font-size);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .time {
        color: var(--vscode-descriptionForeground);
        font-size: 0.9em;
        font-variant-numeric: tabular-nums;
      }
      .current .time {
        color: inherit;
      }
      .failed {
        color: var(--vscode-errorForeground);
      }
      .current .failed {
        color: inherit;
      }
      .change {
        color: var(--vscode-textLink-foreground);
        font-size: 0.9em;
        grid-column: 2 / 4;
      }
      .change.open {
        color: var(--vscode-descriptionForeground);
      }
      [role='listbox']:focus-visible .current .change {
        color: inherit;
      }
      vscode-icon {
        position: relative;
        top: 3px;
      }
      .allow {
        color: var(--vscode-testing-iconPassed);
      }
      .approve,
      .waiting {
        color: var(--vscode-editorWarning-foreground);
      }
      .deny {
        color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground));
      }
      .prepared {
        font-style: italic;
      }
    `,
  ];
  declare frames: readonly Frame[];
  declare current: number;
  declare again: ReadonlyMap<number, Redecided>;

  constructor() {
    super();
    this.frames = [];
    this.current = -1;
    this.again = new Map();
  }

  override render(): TemplateResult {
    return html`<div
      role="listbox"
      tabindex="0"
      aria-label=${l10n.t('Steps')}
      aria-activedescendant=${this.current < 0 ? nothing : `step-${this.current}`}
    >
      ${this.frames.map((frame, index) => this.#row(frame, index))}
    </div>`;
  }

  #row({ step, seq, realMs }: Frame, index: number): TemplateResult {
    const look = lookOf(step);
    const again = this.again.get(seq);
    const change = changeWords(again);
    const prepared = step.kind === 'request' && step.decided.stage === 'prepare';
    const outcome = step.kind === 'request' ? step.answered?.outcome : undefined;
    const failed = outcome !== undefined && outcome !== 'completed' && outcome !== 'denied';
    const chosen = index === this.current;
    return html`<div
      id="step-${index}"
      class="row ${chosen ? 'current' : ''}"
      role="option"
      aria-selected=${chosen ? 'true' : 'false'}
      aria-label="${lookWord(look)}${failed ? `, ${l10n.t('failed')}` : ''}${prepared ? `, ${l10n.t('prepared')}` : ''}: ${lineOf(step)}${
        change === undefined ? '' : `. ${change}`
      }"
      @click=${() => this.#choose(index)}
    >
      <vscode-icon class=${look} name=${icons[look]} title=${lookWord(look)}></vscode-icon>
      <span class="text ${prepared ? 'prepared' : ''}" title=${prepared ? l10n.t('Prepared, not run') : nothing}
        >${lineOf(step)}</span
      >
      <span class="time"
        >${failed ? html`<span class="failed">${l10n.t('failed')}</span> ` : nothing}${elapsed(realMs)}</span
      >
      ${change === undefined ? nothing : html`<span class="change ${again?.kind}">→ ${change}</span>`}
    </div>`;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('current'))
      this.renderRoot.querySelector('.row.current')?.scrollIntoView({ block: 'nearest' });
  }

  #choose(index: number): void {
    this.dispatchEvent(new CustomEvent<number>('choose', { detail: index }));
  }
}

customElements.define('gh-step-list', StepList);
