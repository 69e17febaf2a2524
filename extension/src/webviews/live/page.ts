import * as l10n from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FromLive, GateWords, LiveAction, LiveRow, ToLive, Trace } from '../../views/live/messages.ts';
import '../kit/elements.ts';
import { connectHost } from '../kit/host.ts';
import { baseStyles, highlightStyles } from '../kit/styles.ts';
import { detailStyles } from '../replay/detail-styles.ts';
import { Feed } from './feed.ts';
import { type Filters, isFiltered, noFilters } from './filters.ts';
import { rowWords } from './look.ts';
import { rowHeight } from './row-list-styles.ts';
import './row-list.ts';
import type { RowList } from './row-list.ts';
import { liveStyles } from './styles.ts';
import { toolbar } from './toolbar.ts';
import { traceOf } from './trace.ts';

const host = connectHost<FromLive, ToLive>();
/** What is read out at most so often, in milliseconds. */
const saidMs = 3000;

interface Kept {
  readonly filters: Filters;
}

/** `<gh-live>`: each request as it happens, and the trace of one. */
class LivePage extends LitElement {
  static override properties = {
    version: { state: true },
    gate: { state: true },
    chosen: { state: true },
    opened: { state: true },
    trace: { state: true },
    follow: { state: true },
    said: { state: true },
  };
  static override styles = [baseStyles, highlightStyles, detailStyles, liveStyles];
  declare version: number;
  declare gate: GateWords;
  declare chosen: string | undefined;
  /** Whether the trace of the chosen row is shown. */
  declare opened: boolean;
  declare trace: Trace | undefined;
  declare follow: boolean;
  declare said: string;
  readonly #feed = new Feed();
  #saidAt = 0;

  constructor() {
    super();
    this.version = 0;
    this.gate = 'starting';
    this.opened = false;
    this.follow = true;
    this.said = '';
    const kept = host.kept as Kept | undefined;
    if (kept !== undefined) this.#feed.filter({ ...noFilters, ...kept.filters, rule: undefined });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#key);
    host.listen((message) => this.#take(message));
    host.post({ kind: 'ready' });
  }

  #take(message: ToLive): void {
    switch (message.kind) {
      case 'all':
        this.gate = message.gate;
        this.#feed.reset(message.rows);
        this.version++;
        return;
      case 'rows':
        this.#feed.take(message.rows);
        this.version++;
        this.#say(message.rows);
        if (this.opened && message.rows.some(({ key }) => key === this.chosen)) this.#read();
        return;
      case 'gate':
        this.gate = message.gate;
        return;
      case 'trace':
        if (message.trace.key === this.chosen) this.trace = message.trace;
        return;
      case 'only':
        this.#filter({ ...noFilters, rule: message.rule });
        return;
    }
  }

  /** What a person would want to hear of: refusals, and questions to them. */
  #say(rows: readonly LiveRow[]): void {
    const worth = rows.filter(({ look }) => look === 'deny' || look === 'waiting').at(-1);
    if (worth === undefined || Date.now() - this.#saidAt < saidMs) return;
    this.#saidAt = Date.now();
    this.said = rowWords(worth);
  }

  override render(): TemplateResult {
    const feed = this.#feed;
    const open = this.opened ? this.#row() : undefined;
    return html`
      ${toolbar({
        feed,
        follow: this.follow,
        filter: (filters) => this.#filter(filters),
        pause: () => this.#pause(),
        setFollow: (follow) => {
          this.follow = follow;
        },
        clear: () => this.#clear(),
      })}
      <main class=${open === undefined ? '' : 'open'}>
        <div class="list">
          <gh-row-list
            .feed=${feed}
            .version=${this.version}
            .chosen=${this.chosen}
            .follow=${this.follow}
            @choose=${(event: CustomEvent<string>) => this.#choose(event.detail, true)}
            @open=${(event: CustomEvent<string>) => this.#choose(event.detail, true)}
            @rule=${(event: CustomEvent<LiveRow>) => this.#openRule(event.detail)}
            @follow=${(event: CustomEvent<boolean>) => {
              this.follow = event.detail;
            }}
          ></gh-row-list>
          ${feed.shown.length === 0 ? this.#empty() : nothing}
        </div>
        ${
          open === undefined
            ? nothing
            : html`<section class="trace" aria-label=${l10n.t('Trace')}>
                ${traceOf({
                  row: open,
                  trace: this.trace,
                  act: (action) => this.#act(action),
                  openRule: ({ file, line }) =>
                    host.post({ kind: 'openRule', folder: open.folder, file, line }),
                  close: () => this.#close(),
                })}
              </section>`
        }
      </main>
      <div class="hidden-label" role="log" aria-live="polite">${this.said}</div>
    `;
  }

  #empty(): TemplateResult {
    if (this.#feed.total > 0 || (isFiltered(this.#feed.filters) && this.#feed.total > 0)) {
      return html`<p class="empty">
        <span>${l10n.t('No request fits the filter.')}</span>
        <a href="#" @click=${(event: Event) => this.#showAll(event)}>${l10n.t('Show All')}</a>
      </p>`;
    }
    return html`<p class="empty">${emptyWords[this.gate]()}</p>`;
  }

  #showAll(event: Event): void {
    event.preventDefault();
    this.#filter(noFilters);
  }

  #row(): LiveRow | undefined {
    return this.chosen === undefined ? undefined : this.#feed.get(this.chosen);
  }

  get #list(): RowList | null {
    return this.renderRoot.querySelector<RowList>('gh-row-list');
  }

  #filter(filters: Filters): void {
    this.#feed.filter(filters);
    this.version++;
    host.keep({ filters: { ...filters, rule: undefined } } satisfies Kept);
  }

  #pause(): void {
    this.#feed.pause(!this.#feed.paused);
    this.version++;
  }

  #clear(): void {
    this.#feed.clear();
    this.#close();
    this.chosen = undefined;
    this.version++;
  }

  #choose(key: string, open: boolean): void {
    this.chosen = key;
    if (open) this.opened = true;
    // Whoever looks at one does not want it to move away.
    this.follow = false;
    if (this.opened) this.#read();
  }

  #read(): void {
    if (this.chosen !== undefined) host.post({ kind: 'trace', key: this.chosen });
  }

  #close(): void {
    this.opened = false;
    this.trace = undefined;
    this.#list?.focus();
  }

  #act(action: LiveAction): void {
    if (this.chosen !== undefined) host.post({ kind: 'do', action, key: this.chosen });
  }

  #openRule({ folder, rules }: LiveRow): void {
    const [rule] = rules;
    if (rule !== undefined) host.post({ kind: 'openRule', folder, file: rule.file, line: rule.line });
  }

  #key = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
      event.preventDefault();
      this.renderRoot.querySelector<HTMLElement>('vscode-textfield')?.focus();
      return;
    }
    if (event.key === 'Escape' && this.opened) {
      this.#close();
      return;
    }
    if (!(target instanceof HTMLElement) || target.closest('.grid, .scroller') === null) return;
    const step = this.#stepOf(event.key);
    if (step !== undefined) {
      event.preventDefault();
      this.#move(step);
    } else if (event.key === 'Enter' && this.chosen !== undefined) {
      event.preventDefault();
      this.#choose(this.chosen, true);
    }
  };

  #stepOf(key: string): number | undefined {
    const page = Math.max(1, Math.floor((this.#list?.clientHeight ?? 400) / rowHeight) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    };
    return steps[key];
  }

  #move(step: number): void {
    const { shown } = this.#feed;
    if (shown.length === 0) return;
    const from = this.chosen === undefined ? shown.length : this.#feed.placeOf(this.chosen);
    const place = Math.min(shown.length - 1, Math.max(0, from + step));
    const row = shown[place];
    if (row === undefined) return;
    this.#choose(row.key, false);
    this.#list?.reveal(place);
  }
}

const emptyWords: Readonly<Record<GateWords, () => string>> = {
  none: () => l10n.t('No folder of this window has a .gatehouse/gatehouse.yaml.'),
  off: () => l10n.t('The gate is off. Start it to see what agents ask.'),
  starting: () => l10n.t('The gate is starting…'),
  running: () => l10n.t('No request yet. What agents ask shows here as it happens.'),
  failed: () => l10n.t('The gate does not run. “Gatehouse: Doctor” says why.'),
};

customElements.define('gh-live', LivePage);
// The list reaches to the edges, as VS Code's own do.
document.body.style.padding = '0';
document.body.append(document.createElement('gh-live'));
