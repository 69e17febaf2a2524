import { css } from 'lit';

export const approvalStyles = css`
  :host {
    display: block;
    padding: 4px 8px 12px;
  }
  .empty {
    color: var(--vscode-descriptionForeground);
    margin: 16px 4px;
    text-align: center;
  }
  .empty vscode-icon {
    display: flex;
    justify-content: center;
    margin-bottom: 8px;
  }
  article {
    background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
    border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent));
    border-radius: 6px;
    margin-bottom: 12px;
    overflow: clip;
    padding: 10px 12px 0;
  }
  article:focus-visible {
    outline-offset: 0;
  }
  header {
    align-items: baseline;
    display: flex;
    gap: 2px 6px;
  }
  h2 {
    flex: 1;
    min-width: 0;
    font-size: 1em;
    font-weight: 600;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .left {
    color: var(--vscode-descriptionForeground);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .left.soon {
    color: var(--vscode-editorWarning-foreground);
  }
  .bar {
    background: var(--vscode-progressBar-background);
    border-radius: 1px;
    height: 2px;
    margin: 6px 0 8px;
    opacity: 0.85;
    transform-origin: left;
  }
  .soon.bar {
    background: var(--vscode-editorWarning-foreground);
  }
  pre {
    background: var(--vscode-textCodeBlock-background);
    border-radius: 4px;
    margin: 8px 0;
    max-height: 14em;
    overflow: auto;
    padding: 8px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    gap: 3px 10px;
    grid-template-columns: max-content 1fr;
    margin: 8px 0 10px;
  }
  dt {
    color: var(--vscode-descriptionForeground);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .strong {
    font-weight: 600;
  }
  ul {
    margin: 6px 0 10px;
    padding-left: 18px;
  }
  li {
    overflow-wrap: anywhere;
  }
  article > .buttons {
    /* Within reach also of a card that is higher than the view. */
    background: inherit;
    bottom: 0;
    margin: 0 -12px;
    padding: 8px 12px 12px;
    position: sticky;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .deny {
    display: flex;
    flex-direction: column;
    gap: 6px;
    padding-bottom: 12px;
  }
  .deny vscode-textfield {
    width: 100%;
  }
  .refused {
    color: var(--vscode-errorForeground);
    margin: 0;
    padding-bottom: 12px;
  }
  .keys {
    color: var(--vscode-descriptionForeground);
    font-size: 0.9em;
    margin: 8px 0 0;
  }
  kbd {
    background: var(--vscode-keybindingLabel-background);
    border: 1px solid var(--vscode-keybindingLabel-border);
    border-radius: 3px;
    color: var(--vscode-keybindingLabel-foreground);
    font: inherit;
    padding: 0 4px;
  }
`;
