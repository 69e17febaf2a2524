import type { Redecided, RuleRow, SessionRow } from '@gatehouse/daemon/control/messages.ts';
import * as l10n from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Comparison, FromReplay, KeptReplay, ToReplay } from '../../views/replay/messages.ts';
import '../kit/elements.ts';
import { connectHost } from '../kit/host.ts';
import { baseStyles, highlightStyles } from '../kit/styles.ts';
import { comparisonSummary } from './comparison-summary.ts';
import { type Film, filmOf, frameAt, realAt } from './film.ts';
import { Player } from './player.ts';
import { detailStyles } from './detail-styles.ts';
import { stepDetail } from './step-detail.ts';
import './step-list.ts';
import { replayStyles } from './styles.ts';
import './timeline.ts';
import { changeWords, clockOf, dayOf, elapsed, lineOf, lookOf, lookWord } from './told.ts';

const host = connectHost<FromReplay, ToReplay>();
const speeds = [0.5, 1, 2, 5, 10];

/** `<gh-replay>`: a recorded session, to be looked through and played. */
class ReplayPage extends LitElement {
  static override properties = {
    session: { state: true },
    film: { state: true },
    more: { state: true },
    comparison: { state: true },
    problem: { state: true },
    current: { state: true },
  };
  static override styles = [baseStyles, highlightStyles, detailStyles, replayStyles];
  declare session: SessionRow | undefined;
  declare film: Film;
  declare more: boolean;
  declare comparison: Comparison;
  declare problem: string | undefined;
  /** The index of the frame that is seen; -1 before the first. */
  declare current: number;
  readonly #player = new Player(this, () => this.#follow());
  #again: ReadonlyMap<number, Redecided> = new Map();
  #changed: ReadonlySet<number> = new Set();
  #folder = '';
  #wanted: number | undefined;
  /** The record that was looked at before the page was loaded anew. */
  readonly #kept = host.kept as KeptReplay | undefined;

  constructor() {
    super();
    this.film = { frames: [], cuts: [], lengthMs: 1 };
    this.more = false;
    this.comparison = { kind: 'off' };
    this.current = -1;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#key);
    host.listen((message) => this.#take(message));
    host.post({ kind: 'ready' });
    if (this.#kept?.compares) host.post({ kind: 'compare', on: true });
  }

  override disconnectedCallback(): void {
    removeEventListener('keydown', this.#key);
    super.disconnectedCallback();
  }

  #take(message: ToReplay): void {
    switch (message.kind) {
      case 'session':
        this.#show(message);
        break;
      case 'comparison':
        this.#compared(message.comparison);
        break;
      case 'goTo':
        this.#goTo(message.seq);
        break;
      case 'problem':
        this.problem = message.message;
        break;
    }
  }

  #show({ folder, session, steps, more }: Extract<ToReplay, { kind: 'session' }>): void {
    const isFirst = this.session === undefined;
    const seen = this.#wanted ?? this.film.frames[this.current]?.seq ?? this.#kept?.at;
    this.#folder = folder;
    this.session = session;
    this.more = more;
    this.problem = undefined;
    this.film = filmOf(session.openedAt, steps);
    this.#player.lengthMs = this.film.lengthMs;
    const { frames } = this.film;
    const known = frames.findIndex(({ seq }) => seq === seen);
    const jumps = isFirst || this.#wanted !== undefined;
    if (known >= 0) this.#wanted = undefined;
    if (known >= 0) this.#player.at = jumps ? (frames[known]?.playMs ?? 0) : this.#atOf(known);
    this.current = known >= 0 ? known : frames.length > 0 ? Math.max(0, this.current) : -1;
    if (isFirst) this.#seekTo(this.current);
    this.#keep();
  }

  /** A step that somebody wants to see; it may come only with the next steps. */
  #goTo(seq: number): void {
    const index = this.film.frames.findIndex((frame) => frame.seq === seq);
    if (index >= 0) this.#choose(index);
    else this.#wanted = seq;
  }

  /** Where the film stood within a step, by its new clock. */
  #atOf(index: number): number {
    const from = this.film.frames[index]?.playMs ?? 0;
    const until = this.film.frames[index + 1]?.playMs ?? this.film.lengthMs;
    return Math.min(Math.max(this.#player.at, from), until);
  }

  #compared(comparison: Comparison): void {
    this.comparison = comparison;
    const requests = comparison.kind === 'decided' ? comparison.requests : [];
    if (comparison.kind === 'running') return;
    this.#again = new Map(requests.map((each) => [each.seq, each]));
    this.#changed = new Set(requests.filter(({ kind }) => kind === 'changed').map(({ seq }) => seq));
    this.#keep();
  }

  override render(): TemplateResult {
    const { session, problem } = this;
    if (session === undefined) {
      return html`<p class="empty" role="status" style="grid-row: 1 / -1">${problem ?? l10n.t('Reading the record…')}</p>`;
    }
    return html`
      ${this.#header(session)}
      <div class="strip">
        <gh-timeline
          .film=${this.film}
          .at=${this.#player.at}
          .current=${this.current}
          .changed=${this.#changed}
          @seek=${(event: CustomEvent<number>) => this.#seek(event.detail)}
        ></gh-timeline>
      </div>
      ${this.#transport()}
      <main>
        <div class="left">
          <gh-step-list
            .frames=${this.film.frames}
            .current=${this.current}
            .again=${this.#again}
            @choose=${(event: CustomEvent<number>) => this.#choose(event.detail)}
          ></gh-step-list>
          ${
            this.more
              ? html`<vscode-button secondary @click=${() => host.post({ kind: 'more' })}
                  >${l10n.t('Load More')}</vscode-button
                >`
              : nothing
          }
        </div>
        <section class="detail" aria-label=${l10n.t('Step')}>${this.#detail(session)}</section>
      </main>
      <div class="hidden-label" role="status">${this.#player.playing ? '' : this.#announced()}</div>
    `;
  }

  #header(session: SessionRow): TemplateResult {
    const { agent, resource, person, task, openedAt, requests, denied, state } = session;
    const facts = [
      ...(task === '' ? [] : [l10n.t('task {0}', task)]),
      l10n.t('for {0}', person),
      `${dayOf(openedAt)}, ${clockOf(openedAt)}`,
      requests === 1 ? l10n.t('1 request') : l10n.t('{0} requests', requests),
      ...(denied === 0 ? [] : [l10n.t('{0} denied', denied)]),
      ...(state === 'open'
        ? [l10n.t('open now')]
        : state === 'lost'
          ? [l10n.t('ended with the daemon')]
          : []),
    ];
    const compares = this.comparison.kind !== 'off';
    return html`<header>
      <h1>${l10n.t('{0} on {1}', agent, resource)}</h1>
      <span class="dim facts">${facts.join(' · ')}</span>
      <span class="actions">
        <vscode-button
          ?secondary=${!compares}
          icon="git-compare"
          aria-pressed=${compares ? 'true' : 'false'}
          title=${l10n.t('Decide each request again by the policy files as they are now, also unsaved (C)')}
          @click=${() => this.#compare(!compares)}
          >${l10n.t('Compare with Policy Now')}</vscode-button
        >
        <vscode-button secondary icon="export" @click=${() => host.post({ kind: 'export' })}
          >${l10n.t('Export…')}</vscode-button
        >
      </span>
    </header>`;
  }

  #transport(): TemplateResult {
    const { playing } = this.#player;
    const { frames, lengthMs } = this.film;
    const button = (icon: string, label: string, keys: string, act: () => void) =>
      html`<vscode-toolbar-button
        icon=${icon}
        title="${label} (${keys})"
        label=${label}
        @click=${act}
      ></vscode-toolbar-button>`;
    return html`<div class="transport" role="toolbar" aria-label=${l10n.t('Playback')}>
      ${button('debug-reverse-continue', l10n.t('First Step'), 'Home', () => this.#choose(0))}
      ${button('debug-step-back', l10n.t('Previous Step'), '←', () => this.#step(-1))}
      ${button(
        playing ? 'debug-pause' : 'play',
        playing ? l10n.t('Pause') : l10n.t('Play'),
        l10n.t('Space'),
        () => this.#toggle(),
      )}
      ${button('debug-step-over', l10n.t('Next Step'), '→', () => this.#step(1))}
      ${button('debug-continue', l10n.t('Last Step'), 'End', () => this.#choose(frames.length - 1))}
      <vscode-single-select
        aria-label=${l10n.t('Speed')}
        @change=${(event: Event) => this.#setSpeed(Number((event.target as HTMLSelectElement).value))}
      >
        ${speeds.map(
          (speed) =>
            html`<vscode-option value=${speed} ?selected=${speed === this.#player.speed}>${speed}×</vscode-option>`,
        )}
      </vscode-single-select>
      <span class="where dim"
        >${l10n.t('Step {0} of {1}', this.current + 1, frames.length)} ·
        ${elapsed(realAt(this.film, this.#player.at))} / ${elapsed(realAt(this.film, lengthMs))}</span
      >
      ${comparisonSummary(this.comparison, this.#changed.size, this.#nextChange)}
    </div>`;
  }

  #detail(session: SessionRow): TemplateResult {
    const frame = this.film.frames[this.current];
    if (frame === undefined) {
      return html`<p class="empty">${
        this.film.frames.length === 0
          ? l10n.t('Nothing was asked in this session.')
          : l10n.t('The session was opened.')
      }</p>`;
    }
    return stepDetail({
      step: frame.step,
      protocol: session.protocol,
      isOpen: session.state === 'open',
      again: this.#again.get(frame.seq),
      addAsTest: (request) => host.post({ kind: 'addAsTest', request }),
      makeRule: (which) => host.post({ kind: 'makeRule', ...which }),
      openRule: ({ file, line }: RuleRow) => host.post({ kind: 'openRule', file, line }),
    });
  }

  #announced(): string {
    const frame = this.film.frames[this.current];
    if (frame === undefined) return '';
    const change = changeWords(this.#again.get(frame.seq));
    const words = l10n.t(
      'Step {0} of {1}, {2}: {3}',
      this.current + 1,
      this.film.frames.length,
      lookWord(lookOf(frame.step)),
      lineOf(frame.step),
    );
    return change === undefined ? words : `${words}. ${l10n.t('By the policy as it is now: {0}', change)}`;
  }

  #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    const tag = target instanceof HTMLElement ? target.tagName : '';
    const role = target instanceof HTMLElement ? target.getAttribute('role') : null;
    // A select and a text that scrolls have keys of their own; a button is pressed by Space.
    const own =
      tag === 'VSCODE-SINGLE-SELECT' ||
      role === 'combobox' ||
      (target instanceof HTMLElement &&
        target.closest('pre, .scroll') !== null &&
        event.key.startsWith('Arrow'));
    if (own) return;
    const pressed =
      tag === 'VSCODE-BUTTON' || tag === 'VSCODE-TOOLBAR-BUTTON' || tag === 'BUTTON' || tag === 'A';
    const act = pressed && event.key === ' ' ? undefined : this.#keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  readonly #keys: Readonly<Record<string, () => void>> = {
    ' ': () => this.#toggle(),
    ArrowLeft: () => this.#step(-1),
    ArrowUp: () => this.#step(-1),
    ArrowRight: () => this.#step(1),
    ArrowDown: () => this.#step(1),
    Home: () => this.#choose(0),
    End: () => this.#choose(this.film.frames.length - 1),
    '+': () => this.#faster(1),
    '-': () => this.#faster(-1),
    n: () => this.#nextChange(),
    c: () => this.#compare(this.comparison.kind === 'off'),
  };

  #toggle(): void {
    if (this.#player.playing) this.#player.pause();
    else this.#player.play();
  }

  /** After the clock has moved on. */
  #follow(): void {
    this.current = frameAt(this.film, this.#player.at);
    if (!this.#player.playing) this.#keep();
  }

  #seek(ms: number): void {
    this.#player.at = ms;
    this.#follow();
    this.requestUpdate();
  }

  #seekTo(index: number): void {
    const frame = this.film.frames[index];
    if (frame !== undefined) this.#player.at = frame.playMs;
  }

  #step(by: number): void {
    this.#choose(this.current + by);
  }

  #choose(index: number): void {
    const last = this.film.frames.length - 1;
    const chosen = Math.min(last, Math.max(0, index));
    this.#player.pause();
    this.current = chosen;
    this.#seekTo(chosen);
    this.#keep();
  }

  #nextChange = (event?: Event): void => {
    event?.preventDefault();
    const { frames } = this.film;
    const order = [...frames.keys()].map((offset) => (this.current + 1 + offset) % frames.length);
    const next = order.find((index) => this.#changed.has(frames[index]?.seq ?? -1));
    if (next !== undefined) this.#choose(next);
  };

  #compare(on: boolean): void {
    host.post({ kind: 'compare', on });
  }

  #setSpeed(speed: number): void {
    this.#player.speed = speed;
    this.requestUpdate();
  }

  #faster(by: number): void {
    const next = speeds[speeds.indexOf(this.#player.speed) + by];
    if (next !== undefined) this.#setSpeed(next);
  }

  #keep(): void {
    if (this.session === undefined) return;
    const at = this.film.frames[this.current]?.seq;
    host.keep({
      folder: this.#folder,
      session: this.session.id,
      ...(at === undefined ? {} : { at }),
      compares: this.comparison.kind !== 'off',
    } satisfies KeptReplay);
  }
}

customElements.define('gh-replay', ReplayPage);
document.body.append(document.createElement('gh-replay'));
