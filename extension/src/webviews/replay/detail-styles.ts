import { css } from 'lit';

/** For what `stepDetail` makes. */
export const detailStyles = css`
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
`;
