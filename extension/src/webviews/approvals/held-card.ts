import type { HeldApproval } from '@gatehouse/daemon/control/messages.ts';
import { visible } from '@gatehouse/policy-schema/text/visible.ts';
import * as l10n from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Answer, FromApprovals } from '../../views/approvals/messages.ts';
import { highlighted, languageOf } from '../kit/highlight.ts';
import { baseStyles, highlightStyles } from '../kit/styles.ts';
import { approvalStyles } from './styles.ts';

/** Less than this, in milliseconds, is worth a warning. */
const soonMs = 60_000;

/** `<gh-held>`: one request that waits, with all that the person needs in order to answer. */
export class HeldElement extends LitElement {
  static override properties = {
    folder: { type: String },
    folderName: { type: String },
    held: { attribute: false },
    refused: { type: String },
    now: { type: Number },
    denies: { state: true },
    sent: { state: true },
  };
  static override styles = [baseStyles, highlightStyles, approvalStyles];
  declare folder: string;
  declare folderName: string | undefined;
  declare held: HeldApproval;
  /** Why an answer was not taken. */
  declare refused: string | undefined;
  /** Unix milliseconds. */
  declare now: number;
  /** The reason is being written. */
  declare denies: boolean;
  /** An answer is on its way. */
  declare sent: boolean;

  constructor() {
    super();
    this.denies = false;
    this.sent = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('refused') && this.refused !== undefined) this.sent = false;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('article')?.focus();
  }

  approve(scope: 'once' | 'shape'): void {
    this.#answer({ answer: 'approve', scope });
  }

  async deny(): Promise<void> {
    this.denies = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('vscode-textfield')?.focus();
  }

  override render(): TemplateResult {
    const { agent, resource, text, protocol, asked, expires } = this.held;
    const left = Math.max(0, Date.parse(expires) - this.now);
    const share = left / Math.max(1, Date.parse(expires) - Date.parse(asked));
    const soon = left < soonMs ? 'soon' : '';
    return html`<article tabindex="0" aria-labelledby="title" aria-describedby="text">
      <header>
        <vscode-icon name="account" aria-hidden="true"></vscode-icon>
        <h2 id="title">${l10n.t('{0} asks on {1}', visible(agent), resource)}</h2>
        <span class="left ${soon}" role="timer">${l10n.t('{0} left', duration(left))}</span>
      </header>
      <div class="bar ${soon}" style="transform: scaleX(${share.toFixed(3)})" aria-hidden="true"></div>
      <pre id="text" tabindex="0" aria-label=${l10n.t('The request')}><code>${highlighted(text, languageOf(protocol))}</code></pre>
      ${this.#facts()} ${this.denies ? this.#reason() : this.#buttons()}
      ${this.refused === undefined ? nothing : html`<p class="refused" role="alert">${this.refused}</p>`}
    </article>`;
  }

  #facts(): TemplateResult {
    const { held } = this;
    const row = (name: string, value: TemplateResult | string | typeof nothing) =>
      value === nothing ? nothing : html`<dt>${name}</dt><dd>${value}</dd>`;
    return html`<dl>
      ${row(l10n.t('With'), held.parameters?.length ? parametersOf(held.parameters) : nothing)}
      ${row(l10n.t('Does'), held.actions.join('; '))}
      ${row(l10n.t('Expects'), planOf(held.plan))}
      ${row(l10n.t('Changes'), held.count === undefined ? nothing : countOf(held.count))}
      ${row(l10n.t('Because'), held.reason)}
      ${row(l10n.t('Rule'), this.#rules())}
      ${row(l10n.t('For'), html`${held.person}${held.task === '' ? nothing : html` · ${visible(held.task)}`} · ${this.#session()}`)}
      ${row(l10n.t('May answer'), held.by.map((names) => names.map(nameOf).join(l10n.t(' or '))).join(l10n.t(', and ')))}
      ${row(l10n.t('Workspace'), this.folderName ?? nothing)}
    </dl>`;
  }

  #rules(): TemplateResult | typeof nothing {
    if (this.held.sources.length === 0) return nothing;
    return html`${this.held.sources.map(({ policy, rule, location: { file, line } }, index) => {
      const open = () => this.#tell({ kind: 'openRule', folder: this.folder, file, line });
      return html`${index === 0 ? nothing : ', '}<a href="#" title="${file}:${line}" @click=${still(open)}>${policy}/${rule}</a>`;
    })}`;
  }

  #session(): TemplateResult {
    const { session } = this.held;
    const open = () => this.#tell({ kind: 'openSession', folder: this.folder, session });
    return html`<a href="#" @click=${still(open)}>${l10n.t('session {0}', session.slice(0, 8))}</a>`;
  }

  #buttons(): TemplateResult {
    const { shape } = this.held;
    const like =
      shape === undefined
        ? nothing
        : html`<vscode-button
            secondary
            ?disabled=${this.sent}
            title=${l10n.t(
              'Also lets pass what differs from this in nothing but values and comes to no more rows and cost than shown here, until the session ends, for an hour at the most:\n{0}',
              readable(shape),
            )}
            @click=${() => this.approve('shape')}
            >${l10n.t('Approve Shape for Session')}</vscode-button
          >`;
    return html`<div class="buttons">
      <vscode-button ?disabled=${this.sent} @click=${() => this.approve('once')}
        >${l10n.t('Approve Once')}</vscode-button
      >
      ${like}
      <vscode-button secondary ?disabled=${this.sent} @click=${() => void this.deny()}
        >${l10n.t('Deny…')}</vscode-button
      >
      <vscode-toolbar-button
        icon="wand"
        label=${l10n.t('Make a Rule from This…')}
        title=${l10n.t('Make a Rule from This…')}
        @click=${() => this.#tell({ kind: 'makeRule', folder: this.folder, approval: this.held.id })}
      ></vscode-toolbar-button>
    </div>`;
  }

  #reason(): TemplateResult {
    const deny = () => {
      const field = this.renderRoot.querySelector('vscode-textfield');
      this.#answer({ answer: 'deny', reason: field?.value ?? '' });
    };
    const back = () => {
      this.denies = false;
      void this.updateComplete.then(() => this.focus());
    };
    const key = (event: KeyboardEvent) => {
      event.stopPropagation();
      if (event.key === 'Enter') deny();
      else if (event.key === 'Escape') back();
    };
    return html`<div class="deny">
      <vscode-textfield
        label=${l10n.t('Reason, which the agent is told')}
        placeholder=${l10n.t('Why not, and what to do instead; the agent is told')}
        maxlength="1000"
        @keydown=${key}
      ></vscode-textfield>
      <div class="buttons">
        <vscode-button ?disabled=${this.sent} @click=${deny}>${l10n.t('Deny')}</vscode-button>
        <vscode-button secondary @click=${back}>${l10n.t('Back')}</vscode-button>
      </div>
    </div>`;
  }

  #answer(given: Answer): void {
    if (this.sent) return;
    this.sent = true;
    this.refused = undefined;
    this.#tell({ kind: 'answer', folder: this.folder, id: this.held.id, ...given });
  }

  #tell(message: FromApprovals): void {
    this.dispatchEvent(
      new CustomEvent<FromApprovals>('tell', { detail: message, bubbles: true, composed: true }),
    );
  }
}

customElements.define('gh-held', HeldElement);

/** A link that goes nowhere itself. */
export function still(act: () => void): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    act();
  };
}

/** The marks of a shape as people write a place for a value. */
function readable(shape: string): string {
  return [...shape].map((character) => ('\u0001\u0002\u0003'.includes(character) ? '…' : character)).join('');
}

function nameOf(entry: string): string {
  if (entry === '*') return l10n.t('anybody');
  return entry.replace(/^(group|person):/, '');
}

function parametersOf(values: readonly (string | null)[]): TemplateResult {
  return html`${values.map((value, index) => html`${index === 0 ? nothing : ', '}<span class="code">$${index + 1} = ${visible(value ?? 'NULL')}</span>`)}`;
}

function planOf(plan: HeldApproval['plan']): TemplateResult | string {
  if ('unknown' in plan) return l10n.t('not known: {0}', plan.unknown);
  const [rows, cost] = [plan.rows, plan.cost].map((value) => Math.round(value).toLocaleString());
  return html`<span class="strong">${rows === '1' ? l10n.t('about 1 row') : l10n.t('about {0} rows', rows ?? '')}</span>, ${l10n.t('cost {0}', cost ?? '')}
    <span class="dim">${l10n.t("by the planner's estimate")}</span>`;
}

function countOf(count: NonNullable<HeldApproval['count']>): TemplateResult | string {
  if (count.kind === 'uncounted') return l10n.t('not counted: {0}', count.why);
  return html`<span class="strong">${l10n.t('{0} rows', count.rows.toLocaleString())}</span>
    <span class="dim">${l10n.t('counted, and rolled back')}</span>`;
}

/** Minutes and seconds, or hours and minutes. */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}
