/** Names by which MCP clients are known to policies, by how their `initialize` begins. */
const known: readonly (readonly [RegExp, string])[] = [
  [/^visual studio code/i, 'copilot'],
  [/^vscode/i, 'copilot'],
  [/^github.?copilot/i, 'copilot'],
  [/^copilot/i, 'copilot'],
  [/^claude.?(code|desktop)/i, 'claude-code'],
  [/^codex/i, 'codex'],
  [/^cursor/i, 'cursor'],
  [/^cline/i, 'cline'],
];

/** The agent's name for a client: a known one, or what its name comes to as letters, digits and dashes; `agent` else. */
export function agentNameOf(client: string | undefined): string {
  const name = client ?? '';
  const found = known.find(([begins]) => begins.test(name))?.[1];
  if (found !== undefined) return found;
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64);
  return plain === '' ? 'agent' : plain;
}
