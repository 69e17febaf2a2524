import type { Adapter, ConnectableName } from './adapter.ts';
import { claudeCode } from './claude-code.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { cursor } from './cursor.ts';

/** Names of files and settings belong to others' products and move: each has one file. */
export const adapters: Readonly<Record<ConnectableName, Adapter>> = {
  'claude-code': claudeCode,
  codex,
  cursor,
  cline,
};

export const connectableNames = Object.keys(adapters) as readonly ConnectableName[];
