import { css } from 'lit';

const line = css`var(--vscode-panel-border, var(--vscode-contrastBorder, transparent))`;

export const liveStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100vh;
    overflow: hidden;
  }
  .tools {
    align-items: center;
    border-bottom: 1px solid ${line};
    display: flex;
    flex-wrap: wrap;
    gap: 4px 6px;
    padding: 4px 14px 5px;
  }
  .tools vscode-textfield {
    flex: 0 1 220px;
    min-width: 110px;
  }
  .tools vscode-single-select {
    width: 128px;
  }
  .chip {
    align-items: center;
    background: var(--vscode-badge-background);
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 10px;
    color: var(--vscode-badge-foreground);
    display: inline-flex;
    gap: 2px;
    height: 22px;
    max-width: 240px;
    padding: 0 2px 0 10px;
  }
  .chip span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .chip button {
    background: none;
    border: none;
    border-radius: 50%;
    color: inherit;
    cursor: pointer;
    display: grid;
    padding: 1px;
  }
  .counts {
    color: var(--vscode-descriptionForeground);
    font-variant-numeric: tabular-nums;
    margin-left: auto;
    white-space: nowrap;
  }
  .counts .missed {
    color: var(--vscode-textLink-foreground);
    font-weight: 600;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-height: 0;
  }
  main.open {
    grid-template-columns: minmax(0, 1fr) minmax(320px, 42%);
  }
  .list {
    display: grid;
    min-height: 0;
    min-width: 0;
    position: relative;
  }
  .list .empty {
    align-content: center;
    inset: 24px 0 0;
    color: var(--vscode-descriptionForeground);
    display: grid;
    gap: 6px;
    justify-items: center;
    pointer-events: none;
    position: absolute;
    text-align: center;
  }
  .list .empty a {
    pointer-events: auto;
  }
  .trace {
    border-left: 1px solid ${line};
    display: flex;
    flex-direction: column;
    min-height: 0;
    min-width: 0;
  }
  .buttons {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    min-height: 38px;
    padding: 4px 8px 4px 14px;
  }
  .tools-right {
    display: flex;
    gap: 2px;
    margin-left: auto;
  }
  .told {
    flex: 1;
    outline: none;
    overflow: auto;
    padding: 4px 14px 16px;
  }
  .id {
    font-size: 0.92em;
    user-select: all;
  }
  @media (max-width: 760px) {
    main.open {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(80px, 40%) minmax(0, 1fr);
    }
    .trace {
      border-left: none;
      border-top: 1px solid ${line};
    }
  }
`;
