import { css } from 'lit';

export const replayStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto auto auto minmax(0, 1fr);
    height: 100vh;
    overflow: hidden;
  }
  header {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    padding: 12px 16px 6px;
  }
  h1 {
    font-size: 1.15em;
    font-weight: 600;
    margin: 0;
  }
  header .facts {
    flex: 1 1 300px;
  }
  header .actions,
  .transport {
    align-items: center;
    display: flex;
    gap: 4px;
  }
  .strip {
    padding: 0 16px;
  }
  .transport {
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    flex-wrap: wrap;
    min-height: 34px;
    padding: 4px 16px 6px;
  }
  .transport .where {
    font-variant-numeric: tabular-nums;
    padding: 0 8px;
  }
  .transport vscode-single-select {
    width: 76px;
  }
  .summary {
    margin-left: auto;
    text-align: right;
  }
  .summary .count {
    color: var(--vscode-textLink-foreground);
    font-weight: 600;
  }
  .summary.broken {
    color: var(--vscode-errorForeground);
  }
  main {
    display: grid;
    grid-template-columns: minmax(220px, 38%) minmax(0, 1fr);
    min-height: 0;
  }
  .left {
    border-right: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  gh-step-list {
    flex: 1;
    padding: 4px 0;
  }
  .left vscode-button {
    margin: 8px;
  }
  .detail {
    overflow: auto;
    padding: 12px 16px 24px;
  }
  .head {
    align-items: center;
    display: flex;
    justify-content: space-between;
    margin: 0 0 8px;
  }
  h2 {
    align-items: center;
    display: flex;
    font-size: 1em;
    font-weight: 600;
    gap: 10px;
    margin: 0;
  }
  h2 .dim {
    font-weight: normal;
  }
  .statement {
    background: var(--vscode-textCodeBlock-background);
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 4px;
    margin: 0 0 10px;
    max-height: 40vh;
    overflow: auto;
    padding: 10px 12px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .parameters {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    margin: -4px 0 10px;
    overflow-wrap: anywhere;
  }
  .again {
    border-left: 3px solid var(--vscode-textLink-foreground);
    background: var(--vscode-textBlockQuote-background);
    margin: 0 0 12px;
    padding: 8px 12px;
  }
  .again.open {
    border-left-color: var(--vscode-descriptionForeground);
  }
  .again p {
    margin: 4px 0;
  }
  .turn {
    align-items: center;
    display: flex;
    gap: 8px;
    margin: 4px 0;
  }
  dl {
    display: grid;
    gap: 4px 16px;
    grid-template-columns: max-content minmax(0, 1fr);
    margin: 0 0 14px;
  }
  dd gh-effect {
    vertical-align: text-bottom;
  }
  dt {
    color: var(--vscode-descriptionForeground);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .result .scroll {
    border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    border-radius: 4px;
    max-height: 60vh;
    overflow: auto;
    width: fit-content;
    max-width: 100%;
  }
  table {
    border-collapse: collapse;
    font-family: var(--vscode-editor-font-family);
    font-size: var(--vscode-editor-font-size);
  }
  th {
    background: var(--vscode-keybindingTable-headerBackground, var(--vscode-editorWidget-background));
    font-weight: 600;
    position: sticky;
    text-align: left;
    top: 0;
  }
  th,
  td {
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    max-width: 34ch;
    overflow: hidden;
    padding: 3px 12px 3px 10px;
    text-overflow: ellipsis;
    white-space: pre;
  }
  tr:last-child td {
    border-bottom: none;
  }
  .number {
    text-align: right;
  }
  .null {
    color: var(--vscode-descriptionForeground);
    font-style: italic;
  }
  .empty {
    color: var(--vscode-descriptionForeground);
    display: grid;
    height: 100%;
    place-content: center;
    text-align: center;
  }
  @media (max-width: 640px) {
    main {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(120px, 35%) minmax(0, 1fr);
    }
    .left {
      border-bottom: 1px solid var(--vscode-panel-border, transparent);
      border-right: none;
    }
  }
`;
