import * as l10n from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { LiveRow } from '../../views/live/messages.ts';
import { highlighted, languageOf } from '../kit/highlight.ts';
import { baseStyles, highlightStyles } from '../kit/styles.ts';
import type { Feed } from './feed.ts';
import { looks, outcomeWords, rowWords, timeOf } from './look.ts';
import { rowHeight, rowListStyles } from './row-list-styles.ts';

/** Rows that are drawn above and below of what is seen. */
const beyond = 8;
/** Colours are left out while rows fly by, in milliseconds after the last of it. */
const calmMs = 90;

const columns = [
  ['time', () => l10n.t('Time')],
  ['look', () => l10n.t('Decision')],
  ['agent', () => l10n.t('Agent')],
  ['resource', () => l10n.t('Resource')],
  ['text', () => l10n.t('Request')],
  ['rule', () => l10n.t('Rule')],
  ['rows number', () => l10n.t('Rows')],
  ['took number', () => l10n.t('Duration')],
] as const;

/**
 * `<gh-row-list>`: a grid of which only what is seen is drawn, as all rows have one height. Fires `choose` with a key,
 * `open` with a key, `rule` with a row, and `follow` with a boolean once somebody has scrolled.
 */
export class RowList extends LitElement {
  static override properties = {
    feed: { attribute: false },
    /** Changes whenever the feed has. */
    version: { type: Number },
    chosen: { type: String },
    follow: { type: Boolean },
    from: { state: true },
    calm: { state: true },
  };
  static override styles = [baseStyles, highlightStyles, rowListStyles];
  declare feed: Feed;
  declare version: number;
  declare chosen: string | undefined;
  declare follow: boolean;
  declare from: number;
  declare calm: boolean;
  #height = 600;
  #calmTimer: ReturnType<typeof setTimeout> | undefined;
  /** The row at the top, and how far above it one looks: it stays where it is while others come and go. */
  #anchor: { readonly key: string; readonly offset: number } | undefined;
  readonly #coloured = new Set<string>();
  readonly #resize = new ResizeObserver(() => {
    this.#height = this.#scroller?.clientHeight ?? this.#height;
    this.#settle();
    this.requestUpdate();
  });

  constructor() {
    super();
    this.version = 0;
    this.follow = true;
    this.from = 0;
    this.calm = true;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    clearTimeout(this.#calmTimer);
  }

  override firstUpdated(): void {
    if (this.#scroller) this.#resize.observe(this.#scroller);
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.grid')?.focus();
  }

  /** Make a row seen. */
  reveal(place: number): void {
    const scroller = this.#scroller;
    if (scroller === null || place < 0) return;
    const top = place * rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + rowHeight > scroller.scrollTop + this.#height)
      scroller.scrollTop = top + rowHeight - this.#height;
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.scroller');
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('version') || changed.has('follow')) this.#settle();
  }

  /** After rows have come or gone: stay at the newest, or at what was looked at. */
  #settle(): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    const end = this.feed.shown.length * rowHeight - this.#height;
    if (this.follow) scroller.scrollTop = Math.max(0, end);
    else if (this.#anchor !== undefined) {
      const place = this.feed.placeOf(this.#anchor.key);
      const top = place * rowHeight + this.#anchor.offset;
      if (place >= 0 && Math.abs(top - scroller.scrollTop) >= 1) scroller.scrollTop = top;
    }
    this.#look();
  }

  #look(): void {
    const top = this.#scroller?.scrollTop ?? 0;
    const first = Math.floor(top / rowHeight);
    const key = this.feed.shown[first]?.key;
    this.#anchor = key === undefined ? undefined : { key, offset: top - first * rowHeight };
    this.from = Math.max(0, first - beyond);
  }

  #scrolled = (): void => {
    const before = this.from;
    this.#look();
    const scroller = this.#scroller;
    if (scroller === null) return;
    if (Math.abs(this.from - before) > beyond) this.#fly();
    const atEnd = scroller.scrollTop + this.#height >= scroller.scrollHeight - rowHeight / 2;
    // A list that grew under one's eyes was not scrolled by anybody.
    if (atEnd !== this.follow && (atEnd || this.#byHand)) this.#tell('follow', atEnd);
  };

  /** Whether a hand is at it: wheels, keys and bars, and not the page itself. */
  #byHand = false;
  #hand = (): void => {
    this.#byHand = true;
    setTimeout(() => {
      this.#byHand = false;
    }, 400);
  };

  #fly(): void {
    this.calm = false;
    clearTimeout(this.#calmTimer);
    this.#calmTimer = setTimeout(() => {
      this.calm = true;
    }, calmMs);
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  override render(): TemplateResult {
    const { shown } = this.feed;
    const count = Math.ceil(this.#height / rowHeight) + 2 * beyond;
    const from = Math.min(this.from, Math.max(0, shown.length - count));
    const drawn = shown.slice(from, from + count);
    const chosen = this.chosen === undefined ? -1 : this.feed.placeOf(this.chosen);
    const active = chosen >= from && chosen < from + drawn.length ? `row-${chosen}` : nothing;
    return html`<div
      class="grid"
      role="grid"
      tabindex="0"
      aria-label=${l10n.t('Requests')}
      aria-rowcount=${shown.length + 1}
      aria-colcount=${columns.length}
      aria-activedescendant=${active}
      @keydown=${this.#hand}
    >
      <div class="line head" role="row" aria-rowindex="1">
        ${columns.map(([name, word]) => html`<span class=${name} role="columnheader">${word()}</span>`)}
      </div>
      <div
        class="scroller"
        role="rowgroup"
        tabindex="-1"
        @scroll=${this.#scrolled}
        @wheel=${this.#hand}
        @pointerdown=${this.#hand}
        @touchmove=${this.#hand}
      >
        <div class="space" role="presentation" style="height:${shown.length * rowHeight}px">
          ${this.#slots(drawn, from, count)}
        </div>
      </div>
    </div>`;
  }

  /** Each row keeps its element for as long as it is seen, and hands it on then: a step of the wheel draws one row anew. */
  #slots(drawn: readonly LiveRow[], from: number, count: number): readonly unknown[] {
    const slots: unknown[] = Array.from({ length: count }, () => nothing);
    drawn.forEach((row, at) => {
      const place = from + at;
      const chosen = row.key === this.chosen;
      const plain = !this.calm && !this.#coloured.has(row.text);
      slots[place % count] =
        html`${guard([row, place, chosen, plain], () => this.#line(row, place, chosen, plain))}`;
    });
    return slots;
  }

  #line(row: LiveRow, place: number, chosen: boolean, plain: boolean): TemplateResult {
    const { glyph, word } = looks[row.look];
    const [rule] = row.rules;
    const words = outcomeWords(row);
    const wrong = row.outcome !== undefined && !['completed', 'denied'].includes(row.outcome);
    return html`<div
      id="row-${place}"
      class="line ${chosen ? 'chosen' : ''} ${row.look}"
      style="transform:translateY(${place * rowHeight}px)"
      role="row"
      aria-rowindex=${place + 2}
      aria-selected=${chosen ? 'true' : 'false'}
      aria-label=${rowWords(row)}
      @click=${() => this.#tell('choose', row.key)}
      @dblclick=${() => this.#tell('open', row.key)}
    >
      <span class="time" role="gridcell">${timeOf(row.at)}</span>
      <span class="look" role="gridcell"
        ><span class="glyph ${row.look}" aria-hidden="true">${glyph}</span><span class="word">${word()}</span></span
      >
      <span class="agent" role="gridcell" title=${row.agent}>${row.agent}</span>
      <span class="resource" role="gridcell" title=${row.resource}>${row.resource}</span>
      <span class="text ${row.prepared ? 'prepared' : ''}" role="gridcell"
        >${this.#text(row, plain)}</span
      >
      <span class="rule" role="gridcell"
        >${
          rule === undefined
            ? html`<span class="dim">${row.look === 'deny' ? l10n.t('no rule') : ''}</span>`
            : html`<a
                href="#"
                tabindex="-1"
                title=${`${rule.policy}/${rule.rule} · ${rule.file}:${rule.line}`}
                @click=${(event: Event) => this.#rule(event, row)}
                >${rule.rule}</a
              >${row.rules.length > 1 ? html`<span class="dim"> +${row.rules.length - 1}</span>` : nothing}`
        }</span
      >
      <span class="rows number" role="gridcell">${row.rows === undefined || wrong ? '' : row.rows.toLocaleString()}</span>
      <span class="took number ${wrong ? 'wrong' : ''}" role="gridcell">${words}</span>
    </div>`;
  }

  /** Colours cost time that is not there while rows fly by. */
  #text({ text, protocol }: LiveRow, plain: boolean): unknown {
    if (plain) return text;
    this.#coloured.add(text);
    return highlighted(text, languageOf(protocol));
  }

  #rule(event: Event, row: LiveRow): void {
    event.preventDefault();
    event.stopPropagation();
    this.#tell('rule', row);
  }
}

customElements.define('gh-row-list', RowList);
