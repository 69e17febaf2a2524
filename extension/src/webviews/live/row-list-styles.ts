import { css } from 'lit';

/** Pixels; all rows have it. */
export const rowHeight = 22;

export const rowListStyles = css`
  :host {
    container-type: inline-size;
    display: block;
    min-height: 0;
    min-width: 0;
  }
  .grid {
    display: flex;
    flex-direction: column;
    height: 100%;
  }
  .grid:focus-visible {
    outline: none;
  }
  .scroller {
    contain: strict;
    flex: 1;
    outline: none;
    overflow: hidden auto;
    scrollbar-gutter: stable;
  }
  .space {
    overflow: hidden;
    position: relative;
  }
  .space .line {
    left: 0;
    position: absolute;
    right: 0;
    top: 0;
  }
  .line {
    align-items: center;
    contain: strict;
    cursor: pointer;
    display: grid;
    gap: 12px;
    grid-template-columns: 68px 86px minmax(0, 100px) minmax(0, 76px) minmax(240px, 1fr) minmax(0, 170px) 44px 62px;
    height: 22px;
    padding: 0 14px;
    white-space: nowrap;
  }
  .line > span {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .head {
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    color: var(--vscode-descriptionForeground);
    contain: none;
    cursor: default;
    font-size: 0.92em;
    /* The scroll bar's place, which the rows leave free. */
    padding-right: 24px;
  }
  .line:not(.head):hover {
    background: var(--vscode-list-hoverBackground);
  }
  .line.chosen {
    background: var(--vscode-list-inactiveSelectionBackground);
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .grid:focus-within .line.chosen {
    background: var(--vscode-list-activeSelectionBackground);
    color: var(--vscode-list-activeSelectionForeground);
    outline: 1px solid var(--vscode-focusBorder);
  }
  .grid:focus-within .line.chosen :is(.time, .agent, .resource, .number, .dim, a) {
    color: inherit;
  }
  .time,
  .number {
    color: var(--vscode-descriptionForeground);
    font-variant-numeric: tabular-nums;
  }
  .number {
    text-align: right;
  }
  .look {
    align-items: center;
    display: flex;
    gap: 5px;
  }
  .glyph {
    font: normal 16px / 1 codicon;
  }
  .glyph.allow {
    color: var(--vscode-testing-iconPassed);
  }
  .waiting .word {
    font-weight: 600;
  }
  .glyph.approve,
  .glyph.waiting {
    color: var(--vscode-editorWarning-foreground);
  }
  .glyph.deny {
    color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground));
  }
  .line:not(.head) .text {
    font-family: var(--vscode-editor-font-family);
    font-size: var(--vscode-editor-font-size);
  }
  .prepared {
    font-style: italic;
    opacity: 0.75;
  }
  .wrong {
    color: var(--vscode-errorForeground);
  }
  @container (max-width: 1000px) {
    .line {
      grid-template-columns: 68px 86px minmax(0, 100px) minmax(240px, 1fr) minmax(0, 150px) 44px 62px;
    }
    .resource {
      display: none;
    }
  }
  @container (max-width: 860px) {
    .line {
      grid-template-columns: 68px 86px minmax(0, 92px) minmax(140px, 1fr) minmax(0, 130px) 58px;
    }
    .rows {
      display: none;
    }
  }
  @container (max-width: 560px) {
    .line {
      gap: 8px;
      grid-template-columns: 68px 18px minmax(0, 1fr) minmax(0, 100px);
    }
    .agent,
    .took,
    .word,
    .head .look {
      font-size: 0;
    }
    .agent,
    .took {
      display: none;
    }
  }
`;
