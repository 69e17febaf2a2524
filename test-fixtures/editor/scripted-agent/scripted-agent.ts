/** Copilot's agent mode in a real VS Code, with a model that does what the test says and without anybody signed in. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { actions, patience, type VscodeOptions } from '../vscode.ts';

/** A tool call of the model. The name may be only the end of the tool's: VS Code puts a prefix before those of MCP servers. */
export interface Step {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model was given and did, in order. */
export type ModelEvent =
  | { readonly kind: 'asked'; readonly tools: readonly string[]; readonly results: readonly ToolResult[] }
  | { readonly kind: 'calls'; readonly tool: string; readonly input: unknown }
  | { readonly kind: 'missing'; readonly tool: string; readonly tools: readonly string[] }
  | { readonly kind: 'finished'; readonly results: readonly ToolResult[] };

export interface ToolResult {
  readonly call: string;
  /** As the model reads it. */
  readonly text: string;
}

export interface ScriptedAgent {
  /** What `startVscode` is to be given. */
  readonly options: Pick<VscodeOptions, 'settings' | 'env' | 'extensions' | 'userFiles'>;
  events(): readonly ModelEvent[];
  /** Open the chat with agent mode ready. Once for a window. */
  ready(page: Page): Promise<void>;
  /** Have the agent take these steps, in one request of the person; it does not wait for their end. */
  ask(page: Page, steps: readonly Step[]): Promise<void>;
  /** The tools' results, once the agent has taken all steps of what it was asked last. */
  finished(count: number): Promise<readonly ToolResult[]>;
  stop(): void;
}

const input = '.interactive-input-part .monaco-editor';

export function scriptedAgent(): ScriptedAgent {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gh-scripted-'));
  const log = path.join(folder, 'model.jsonl');
  const events = (): readonly ModelEvent[] => {
    try {
      const lines = readFileSync(log, 'utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ModelEvent);
    } catch {
      // Nobody asked it yet.
      return [];
    }
  };
  /** What the model did before it was asked last. */
  let asked = 0;
  return {
    options: {
      settings: {
        'chat.disableAIFeatures': false,
        'chat.byokUtilityModelDefault': 'mainAgent',
        'workbench.secondarySideBar.defaultVisibility': 'visible',
      },
      env: { SCRIPTED_MODEL_LOG: log },
      extensions: [fileURLToPath(new URL('model', import.meta.url))],
      // A model of one's own makes that nobody has to sign in.
      userFiles: { 'chatLanguageModels.json': '[{"name":"Scripted","vendor":"scripted"}]' },
    },
    events,
    ready: async (page) => {
      // Copilot's extension comes switched off; this command switches it on.
      await actions(page).command('Chat: Manage Language Models');
      await page.getByText('Scripted').first().waitFor();
      await page.keyboard.press('Escape');
      await page.locator(input).first().waitFor();
    },
    ask: async (page, steps) => {
      asked = events().length;
      await page.locator(input).first().click();
      await page.keyboard.insertText(`SCRIPT:${JSON.stringify(steps)}ENDSCRIPT`);
      await page.keyboard.press('Enter');
    },
    finished: async (count) => {
      const until = Date.now() + patience;
      while (Date.now() < until) {
        const last = events().slice(asked).at(-1);
        if (last?.kind === 'finished' && last.results.length === count) return last.results;
        if (last?.kind === 'missing') throw new Error(`No tool ${last.tool} among ${last.tools.join(', ')}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`The agent did not finish: ${JSON.stringify(events().at(-1))}`);
    },
    stop: () => rmSync(folder, { recursive: true, force: true }),
  };
}
