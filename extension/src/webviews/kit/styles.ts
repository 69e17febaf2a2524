import { css } from 'lit';

/** What every page shares. Colours are the theme's own, so that light, dark and high contrast all fit. */
export const baseStyles = css`
  :host {
    box-sizing: border-box;
    color: var(--vscode-foreground);
    font: var(--vscode-font-weight) var(--vscode-font-size) / 1.4 var(--vscode-font-family);
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  a {
    color: var(--vscode-textLink-foreground);
    cursor: pointer;
    text-decoration: none;
  }
  a:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  code,
  pre,
  .code {
    font-family: var(--vscode-editor-font-family);
    font-size: var(--vscode-editor-font-size);
    font-weight: var(--vscode-editor-font-weight);
  }
  .dim {
    color: var(--vscode-descriptionForeground);
  }
  .hidden-label {
    clip-path: inset(50%);
    height: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
    width: 1px;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** For {@link highlighted} texts. VS Code gives pages no syntax colours; these are theme colours that stand apart. */
export const highlightStyles = css`
  .hljs-keyword,
  .hljs-built_in,
  .hljs-type,
  .hljs-attr {
    color: var(--vscode-symbolIcon-keywordForeground, var(--vscode-debugTokenExpression-name));
  }
  .hljs-keyword {
    color: var(--vscode-debugTokenExpression-name);
    font-weight: 600;
  }
  .hljs-string {
    color: var(--vscode-debugTokenExpression-string);
  }
  .hljs-number,
  .hljs-literal {
    color: var(--vscode-debugTokenExpression-number);
  }
  .hljs-comment {
    color: var(--vscode-descriptionForeground);
    font-style: italic;
  }
`;
