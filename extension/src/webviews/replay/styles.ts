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
