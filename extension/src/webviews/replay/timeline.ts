import * as l10n from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { baseStyles } from '../kit/styles.ts';
import { elapsed, lineOf, lookOf, lookWord, spanOf } from './told.ts';
import type { Film, Frame } from './film.ts';
import { realAt } from './film.ts';

/** Steps from which their marks are drawn thin. */
const dense = 150;

/**
 * `<gh-timeline>`: the session as a strip, a mark for each step. A press or a drag seeks; keys are the page's. Fires
 * `seek` with the time on the film's clock.
 */
export class Timeline extends LitElement {
  static override properties = {
    film: { attribute: false },
    at: { type: Number },
    current: { type: Number },
    changed: { attribute: false },
  };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        padding: 2px 0;
      }
      .strip {
        background: var(--vscode-editorWidget-background);
        border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent));
        border-radius: 3px;
        cursor: pointer;
        height: 44px;
        overflow: hidden;
        position: relative;
        touch-action: none;
      }
      .strip > * {
        position: absolute;
      }
      .played {
        background: var(--vscode-editor-selectionBackground, var(--vscode-list-hoverBackground));
        bottom: 0;
        left: 0;
        opacity: 0.25;
        top: 0;
      }
      .cut {
        background: repeating-linear-gradient(
          -45deg,
          transparent 0 4px,
          var(--vscode-editorIndentGuide-background1, var(--vscode-descriptionForeground)) 4px 5px
        );
        bottom: 0;
        color: var(--vscode-descriptionForeground);
        font-size: 10px;
        line-height: 44px;
        overflow: hidden;
        text-align: center;
        top: 0;
        white-space: nowrap;
      }
      .cut span {
        background: var(--vscode-editorWidget-background);
        border-radius: 3px;
        padding: 1px 4px;
      }
      .span {
        bottom: 18px;
        height: 8px;
        opacity: 0.45;
      }
      .mark {
        border-radius: 2px;
        bottom: 10px;
        height: 24px;
        margin-left: -2px;
        min-width: 4px;
        width: 4px;
      }
      .dense .mark {
        margin-left: -1px;
        min-width: 2px;
        width: 2px;
      }
      /* What matters stands before what does not. */
      .mark.deny,
      .mark.approve,
      .mark.waiting {
        z-index: 1;
      }
      .mark.current {
        z-index: 2;
        bottom: 6px;
        height: 32px;
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: 1px;
      }
      .allow {
        background: var(--vscode-testing-iconPassed);
      }
      .approve,
      .waiting {
        background: var(--vscode-editorWarning-foreground);
      }
      .deny {
        background: var(--vscode-testing-iconFailed, var(--vscode-errorForeground));
      }
      /* Told by their height, too. */
      .mark.allow:not(.current) {
        bottom: 14px;
        height: 16px;
      }
      .changed {
        border: 5px solid transparent;
        border-top-color: var(--vscode-textLink-foreground);
        height: 0;
        margin-left: -5px;
        top: 0;
        width: 0;
      }
      .head {
        background: var(--vscode-editorCursor-foreground, var(--vscode-foreground));
        bottom: 0;
        margin-left: -1px;
        top: 0;
        width: 2px;
        z-index: 3;
      }
    `,
  ];
  declare film: Film;
  declare at: number;
  /** The index of the frame that is seen. */
  declare current: number;
  /** The `seq`s of steps that would be decided otherwise now. */
  declare changed: ReadonlySet<number>;

  constructor() {
    super();
    this.film = { frames: [], cuts: [], lengthMs: 1 };
    this.at = 0;
    this.current = -1;
    this.changed = new Set();
  }

  override render(): TemplateResult {
    const { film, at } = this;
    const percent = (ms: number) => `${((ms / film.lengthMs) * 100).toFixed(3)}%`;
    const frame = film.frames[this.current];
    return html`<div
      class="strip ${film.frames.length > dense ? 'dense' : ''}"
      role="slider"
      tabindex="0"
      aria-label=${l10n.t('Timeline')}
      aria-valuemin="0"
      aria-valuemax=${film.frames.length}
      aria-valuenow=${this.current + 1}
      aria-valuetext=${this.#valueText(frame)}
      @pointerdown=${this.#grab}
      @pointermove=${this.#drag}
    >
      <div class="played" style="width: ${percent(at)}"></div>
      ${guard([film, this.current, this.changed], () => this.#marks(percent))}
      <div class="head" style="left: ${percent(at)}"></div>
    </div>`;
  }

  /** What stays while the time goes on. */
  #marks(percent: (ms: number) => string): TemplateResult {
    const { film } = this;
    return html`${film.cuts.map(
      ({ fromMs, untilMs, realMs }) =>
        html`<div class="cut" style="left: ${percent(fromMs)}; width: ${percent(untilMs - fromMs)}">
            <span>${spanOf(realMs)}</span>
          </div>`,
    )}
      ${film.frames.map((each) => this.#spanOf(each, percent))}
      ${film.frames.map((each, index) => {
        const look = lookOf(each.step);
        return html`<div
            class="mark ${look} ${index === this.current ? 'current' : ''}"
            style="left: ${percent(each.playMs)}"
            title="${lookWord(look)}: ${lineOf(each.step)}"
          ></div>
          ${
            this.changed.has(each.seq)
              ? html`<div class="changed" style="left: ${percent(each.playMs)}"></div>`
              : nothing
          }`;
      })}`;
  }

  #spanOf(frame: Frame, percent: (ms: number) => string): TemplateResult | typeof nothing {
    const { fromMs, playMs, untilMs, step } = frame;
    if (fromMs === untilMs) return nothing;
    const waited =
      fromMs < playMs
        ? html`<div
            class="span waiting"
            style="left: ${percent(fromMs)}; width: ${percent(playMs - fromMs)}"
          ></div>`
        : nothing;
    const ran =
      playMs < untilMs
        ? html`<div
            class="span ${lookOf(step)}"
            style="left: ${percent(playMs)}; width: ${percent(untilMs - playMs)}"
          ></div>`
        : nothing;
    return html`${waited}${ran}`;
  }

  #valueText(frame: Frame | undefined): string {
    if (frame === undefined) return l10n.t('Before the first step, {0}', elapsed(realAt(this.film, this.at)));
    return l10n.t(
      'Step {0} of {1}, {2}: {3}',
      this.current + 1,
      this.film.frames.length,
      lookWord(lookOf(frame.step)),
      lineOf(frame.step),
    );
  }

  #grab = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#seek(event);
  };

  #drag = (event: PointerEvent): void => {
    if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) this.#seek(event);
  };

  #seek(event: PointerEvent): void {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const x = event.clientX - left;
    // A press near a mark means the mark.
    const perMs = width / this.film.lengthMs;
    const near = this.film.frames
      .map(({ playMs }) => ({ playMs, off: Math.abs(playMs * perMs - x) }))
      .filter(({ off }) => off <= 5)
      .sort((a, b) => a.off - b.off)[0];
    const detail = near?.playMs ?? Math.min(this.film.lengthMs, Math.max(0, x / perMs));
    this.dispatchEvent(new CustomEvent<number>('seek', { detail }));
  }
}

customElements.define('gh-timeline', Timeline);
