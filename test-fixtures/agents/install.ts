/** Real coding agents of the command line, each some 370 MB, installed once. */
import path from 'node:path';
import { cachedInstall } from '../cached-install.ts';

const versions = { claude: '2.1.330', codex: '0.169.0' } as const;

/** The program of Claude Code for this machine. */
export function claudeCode(): string {
  const home = cachedInstall({
    name: `claude-code-${versions.claude}`,
    packages: [`@anthropic-ai/claude-code@${versions.claude}`],
  });
  return path.join(
    home,
    `node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}`,
    'claude',
  );
}

/** The program of Codex, as Node runs it. */
export function codex(): string {
  const home = cachedInstall({
    name: `codex-${versions.codex}`,
    packages: [`@openai/codex@${versions.codex}`],
  });
  return path.join(home, 'node_modules/@openai/codex/bin/codex.js');
}
