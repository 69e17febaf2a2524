import * as l10n from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type {
  AccessCard,
  FromApprovals,
  HeldCard,
  PolicyCard,
  ToApprovals,
} from '../../views/approvals/messages.ts';
import '../kit/elements.ts';
import { connectHost } from '../kit/host.ts';
import { baseStyles } from '../kit/styles.ts';
import './access-card.ts';
import type { AccessElement } from './access-card.ts';
import { HeldElement } from './held-card.ts';
import './policy-card.ts';
import type { PolicyElement } from './policy-card.ts';
import { approvalStyles } from './styles.ts';

const host = connectHost<FromApprovals, ToApprovals>();

type Card = HeldElement | PolicyElement | AccessElement;

/** `<gh-approvals>`: what waits for the person, the oldest first. */
class ApprovalsPage extends LitElement {
  static override properties = {
    held: { state: true },
    policies: { state: true },
    access: { state: true },
    now: { state: true },
    news: { state: true },
  };
  static override styles = [baseStyles, approvalStyles];
  declare held: readonly HeldCard[];
  declare policies: readonly PolicyCard[];
  declare access: readonly AccessCard[];
  declare now: number;
  /** Read out by screen readers. */
  declare news: string;
  readonly #refused = new Map<string, string>();
  #clock: ReturnType<typeof setInterval> | undefined;
  /** The card to put the cursor on once it is there. */
  #wanted: string | undefined;

  constructor() {
    super();
    this.held = [];
    this.policies = [];
    this.access = [];
    this.now = Date.now();
    this.news = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    host.listen((message) => this.#take(message));
    host.post({ kind: 'ready' });
    this.#clock = setInterval(() => {
      if (this.held.length > 0) this.now = Date.now();
    }, 1000);
    this.addEventListener('tell', (event) => host.post((event as CustomEvent<FromApprovals>).detail));
    this.addEventListener('keydown', (event) => this.#key(event));
  }

  override disconnectedCallback(): void {
    clearInterval(this.#clock);
    super.disconnectedCallback();
  }

  override updated(): void {
    if (this.#wanted === undefined) return;
    const card = this.#cards().find(
      (each) => this.#wanted === '' || (each instanceof HeldElement && each.held.id === this.#wanted),
    );
    if (card === undefined) return;
    this.#wanted = undefined;
    card.focus();
    card.scrollIntoView({ block: 'nearest' });
  }

  override render(): TemplateResult {
    const nothingWaits = this.held.length + this.policies.length + this.access.length === 0;
    return html`<div role="feed" aria-label=${l10n.t('Waiting for you')}>
        ${repeat(
          this.held,
          ({ held }) => held.id,
          ({ held, folder, folderName }) =>
            html`<gh-held
              .held=${held}
              .folder=${folder}
              .folderName=${folderName}
              .now=${this.now}
              .refused=${this.#refused.get(held.id)}
            ></gh-held>`,
        )}
        ${this.policies.map((card) => html`<gh-policy-change .card=${card}></gh-policy-change>`)}
        ${this.access.map((card) => html`<gh-access .card=${card}></gh-access>`)}
      </div>
      ${this.held.length === 0 ? nothing : keys()}
      ${nothingWaits ? html`<p class="empty"><vscode-icon name="pass" size="24"></vscode-icon>${l10n.t('Nothing waits for you.')}</p>` : nothing}
      <div class="hidden-label" role="status" aria-live="assertive">${this.news}</div>`;
  }

  #take(message: ToApprovals): void {
    switch (message.kind) {
      case 'show': {
        const known = new Set(this.held.map(({ held }) => held.id));
        const fresh = message.held.filter(({ held }) => !known.has(held.id));
        const [first] = fresh;
        if (first !== undefined)
          this.news = l10n.t('{0} asks on {1}: {2}', first.held.agent, first.held.resource, first.held.text);
        this.now = Date.now();
        this.held = message.held;
        this.policies = message.policies;
        this.access = message.access;
        return;
      }
      case 'refused':
        this.#refused.set(message.id, message.words);
        this.requestUpdate();
        return;
      case 'focus':
        this.#wanted = message.id ?? '';
        this.requestUpdate();
    }
  }

  #cards(): readonly Card[] {
    return [...this.renderRoot.querySelectorAll<Card>('gh-held, gh-policy-change, gh-access')];
  }

  /** Arrows go from card to card; answers need a chord, so that no stray key lets anything pass. */
  #key(event: KeyboardEvent): void {
    const cards = this.#cards();
    const active = this.shadowRoot?.activeElement;
    const at = cards.indexOf(active as HeldElement);
    const card = cards[at];
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = cards[at + (event.key === 'ArrowDown' ? 1 : -1)] ?? (at === -1 ? cards[0] : undefined);
      next?.focus();
      next?.scrollIntoView({ block: 'nearest' });
    } else if (command && event.key === 'Enter' && card instanceof HeldElement) {
      card.approve(event.shiftKey && card.held.shape !== undefined ? 'shape' : 'once');
    } else if (
      command &&
      (event.key === 'Backspace' || event.key === 'Delete') &&
      card instanceof HeldElement
    ) {
      void card.deny();
    } else return;
    event.preventDefault();
  }
}

customElements.define('gh-approvals', ApprovalsPage);
// In a side bar every pixel counts.
document.body.style.padding = '0';
document.body.append(document.createElement('gh-approvals'));

function keys(): TemplateResult {
  const control = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';
  return html`<p class="keys">
    <kbd>↑</kbd> <kbd>↓</kbd> ${l10n.t('card')} · <kbd>${control}+Enter</kbd> ${l10n.t('approve once')} ·
    <kbd>${control}+Backspace</kbd> ${l10n.t('deny')}
  </p>`;
}
