import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { LiveLook } from '../../views/live/messages.ts';
import type { Feed } from './feed.ts';
import { type Filters, isFiltered } from './filters.ts';
import { looks } from './look.ts';

export interface ToolbarParts {
  readonly feed: Feed;
  readonly follow: boolean;
  readonly filter: (filters: Filters) => void;
  readonly pause: () => void;
  readonly setFollow: (follow: boolean) => void;
  readonly clear: () => void;
}

/** What is shown of the requests, and how they flow. */
export function toolbar({ feed, follow, filter, pause, setFollow, clear }: ToolbarParts): TemplateResult {
  const { filters, paused } = feed;
  const set = (more: Partial<Filters>) => filter({ ...filters, ...more });
  return html`<div class="tools" role="toolbar" aria-label=${l10n.t('Filter and flow')}>
    <vscode-textfield
      placeholder=${l10n.t('Search requests')}
      label=${l10n.t('Search requests')}
      .value=${filters.text}
      @input=${(event: Event) => set({ text: (event.target as HTMLInputElement).value })}
      ><vscode-icon slot="content-before" name="search"></vscode-icon
    ></vscode-textfield>
    ${select(
      l10n.t('Decision'),
      l10n.t('All decisions'),
      filters.look,
      (Object.keys(looks) as LiveLook[]).map((look) => [look, looks[look].word()]),
      (look) => set({ look: look as Filters['look'] }),
    )}
    ${select(l10n.t('Agent'), l10n.t('All agents'), filters.agent, feed.agents.map(same), (agent) => set({ agent }))}
    ${select(
      l10n.t('Resource'),
      l10n.t('All resources'),
      filters.resource,
      feed.resources.map(same),
      (resource) => set({ resource }),
    )}
    ${
      filters.rule === undefined
        ? nothing
        : html`<span class="chip"
            ><span title=${`${filters.rule.policy}/${filters.rule.rule}`}>${l10n.t('Rule {0}', filters.rule.rule)}</span
            ><button
              type="button"
              aria-label=${l10n.t('Show requests of all rules')}
              @click=${() => set({ rule: undefined })}
            >
              <vscode-icon name="close" size="14"></vscode-icon></button
          ></span>`
    }
    <span class="counts" role="status">${counts(feed, pause)}</span>
    ${toggle(
      paused ? 'debug-continue' : 'debug-pause',
      paused ? l10n.t('Go On') : l10n.t('Pause'),
      paused,
      pause,
      'pause',
    )}
    ${toggle('arrow-down', l10n.t('Follow the newest'), follow, () => setFollow(!follow), 'follow')}
    <vscode-toolbar-button
      icon="clear-all"
      data-tool="clear"
      label=${l10n.t('Clear')}
      title=${l10n.t('Clear the list; the record keeps all')}
      @click=${clear}
    ></vscode-toolbar-button>
  </div>`;
}

const same = (value: string): readonly [string, string] => [value, value];

function toggle(icon: string, label: string, on: boolean, act: () => void, tool: string): TemplateResult {
  return html`<vscode-toolbar-button
    toggleable
    icon=${icon}
    data-tool=${tool}
    label=${label}
    title=${label}
    ?checked=${on}
    .checked=${on}
    @click=${act}
  ></vscode-toolbar-button>`;
}

function counts(feed: Feed, go: () => void): unknown {
  const shown = feed.shown.length.toLocaleString();
  const words = isFiltered(feed.filters)
    ? l10n.t('{0} of {1} requests', shown, feed.total.toLocaleString())
    : feed.total === 1
      ? l10n.t('1 request')
      : l10n.t('{0} requests', shown);
  if (!feed.paused) return words;
  const resume = (event: Event) => {
    event.preventDefault();
    go();
  };
  return html`${words} ·
    <a href="#" class="missed" @click=${resume}
      >${feed.missed === 0 ? l10n.t('paused') : l10n.t('paused, {0} more', feed.missed.toLocaleString())}</a
    >`;
}

function select(
  name: string,
  all: string,
  value: string,
  options: readonly (readonly [string, string])[],
  choose: (value: string) => void,
): TemplateResult {
  const known = options.some(([option]) => option === value) || value === '';
  const shown = known ? options : [...options, same(value)];
  return html`<vscode-single-select
    label=${name}
    aria-label=${name}
    data-filter=${name}
    .value=${value}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
  >
    <vscode-option value="" ?selected=${value === ''}>${all}</vscode-option>
    ${shown.map(([option, word]) => html`<vscode-option value=${option} ?selected=${option === value}>${word}</vscode-option>`)}
  </vscode-single-select>`;
}
