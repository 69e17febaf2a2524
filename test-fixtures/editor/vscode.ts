/** A real VS Code in a real browser: its server as a process of the test, its workbench in headless Chromium. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { chromium as systemChromium } from '../system-needs.ts';
import { packedExtension } from '../packed.ts';
import { vscodeServer } from './install.ts';

/** Long, because other tests share the machine; nothing here waits for a fixed time. */
export const patience = 90_000;

/** Toasts that fade, welcome pages and offers of others would stand in pictures and in the way. */
const settings = {
  'workbench.reduceMotion': 'on',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'terminal.integrated.gpuAcceleration': 'off',
  'editor.accessibilitySupport': 'off',
  'files.autoSave': 'off',
};

/** Another theme, to look at pictures in it: THEME='Default High Contrast' PICTURES=folder. Those of a dark one end in `-dark`. */
function theme(): Readonly<Record<string, string>> {
  return process.env.THEME === undefined ? {} : { 'workbench.colorTheme': process.env.THEME };
}

export interface VscodeOptions {
  /** Files of the workspace, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables of VS Code's server, and of all that its extensions start. */
  readonly env?: Readonly<Record<string, string>>;
  /** Nobody has trusted the folder yet. */
  readonly restricted?: boolean;
  /** Folders of further extensions, as they are. */
  readonly extensions?: readonly string[];
  /** Files beside the person's settings, by name. */
  readonly userFiles?: Readonly<Record<string, string>>;
}

export interface Vscode {
  readonly page: Page;
  /** The workspace folder, absolute. */
  readonly folder: string;
  /** Where the daemon that the extension starts keeps its state: `GATEHOUSE_STATE`. */
  readonly stateRoot: string;
  /** Another window on the same folder, as a page of the same browser; `close` it by itself. */
  window(): Promise<Page>;
  /** Open a file by its name in the workspace. */
  open(file: string): Promise<Locator>;
  /** Run a command of the palette by its exact title. */
  command(title: string): Promise<void>;
  /** Put the cursor behind the first place of a text in the open editor. */
  cursorBehind(text: string): Promise<void>;
  /** Keep a picture, where the environment variable PICTURES names a folder for them. */
  picture(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Install the extension as people do, from its package. */
function installExtension(home: string, userData: string, extensions: string): void {
  execFileSync(
    process.execPath,
    [
      path.join(vscodeServer(), 'out/server-main.js'),
      `--install-extension=${packedExtension()}`,
      `--user-data-dir=${userData}`,
      `--extensions-dir=${extensions}`,
      `--server-data-dir=${path.join(home, 'server-data')}`,
    ],
    { stdio: 'ignore' },
  );
}

/** Start VS Code on a new folder with these files and the extension as it is built now. */
export async function startVscode(options: VscodeOptions): Promise<Vscode> {
  const { files, settings: more = {} } = options;
  const home = mkdtempSync(path.join(os.tmpdir(), 'gh-vscode-'));
  const folder = path.join(home, 'shop');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const [userData, extensions] = [path.join(home, 'user-data'), path.join(home, 'extensions')];
  mkdirSync(path.join(userData, 'User'), { recursive: true });
  writeFileSync(
    path.join(userData, 'User/settings.json'),
    JSON.stringify({ ...settings, ...theme(), ...more }),
  );
  for (const [name, text] of Object.entries(options.userFiles ?? {}))
    writeFileSync(path.join(userData, 'User', name), text);
  // Ahead of what is installed: VS Code takes folders that it finds into its list once, when it makes that.
  for (const each of options.extensions ?? [])
    cpSync(each, path.join(extensions, `test.${path.basename(each)}-0.0.1`), { recursive: true });
  installExtension(home, userData, extensions);
  const port = await freePort();
  const stateRoot = path.join(home, 'state');
  const server = startServer({ home, userData, extensions, port, stateRoot }, options);
  let browser: Browser | undefined;
  const stop = async (): Promise<void> => {
    await browser?.close();
    await end(server);
    await endDaemon(stateRoot);
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await ready(server, port);
    browser = await chromium.launch({
      executablePath: systemChromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const window = async (): Promise<Page> => {
      const page = await context.newPage();
      page.setDefaultTimeout(patience);
      await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`);
      await page.locator('.monaco-workbench').waitFor();
      return page;
    };
    const page = await window();
    return { page, folder, stateRoot, window, stop, ...actions(page) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a person does in one window. */
export function actions(page: Page): Pick<Vscode, 'open' | 'command' | 'cursorBehind' | 'picture'> {
  const pick = async (typed: string, row: string): Promise<void> => {
    const input = page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(typed);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().waitFor();
    await page.keyboard.press('Enter');
    // A command may put a list of its own in the place.
    while ((await input.isVisible()) && (await input.inputValue().catch(() => '')) === typed)
      await page.waitForTimeout(50);
  };
  return {
    open: async (file) => {
      await page.keyboard.press('Control+P');
      await pick(file, path.basename(file));
      const editor = page.locator('.editor-instance .monaco-editor').first();
      await page.locator('.tab.active', { hasText: path.basename(file) }).waitFor();
      await editor.locator('.view-line').first().waitFor();
      return editor;
    },
    command: async (title) => {
      await page.keyboard.press('F1');
      await pick(`>${title}`, title);
    },
    cursorBehind: async (text) => {
      await page.keyboard.press('Control+F');
      const find = page.locator('.find-widget.visible textarea').first();
      await find.fill(text);
      await page.keyboard.press('Enter');
      await page
        .locator('.find-widget.visible .matchesCount', { hasText: / of \d/ })
        .first()
        .waitFor();
      // The first one may close a hover.
      while (await page.locator('.find-widget.visible').first().isVisible()) {
        await page.keyboard.press('Escape');
        await page.waitForTimeout(100);
      }
      await page.keyboard.press('ArrowRight');
    },
    picture: async (name) => {
      const pictures = process.env.PICTURES;
      if (pictures !== undefined) {
        const suffix = process.env.THEME?.includes('Dark') ? '-dark' : '';
        // A notification is what the one is about, and lies upon what the others are.
        const style = name === 'approvals' ? '' : '.notifications-toasts { visibility: hidden }';
        await page.screenshot({ path: path.join(pictures, `${name}${suffix}.png`), style });
      }
    },
  };
}

interface ServerPlaces {
  readonly home: string;
  readonly userData: string;
  readonly extensions: string;
  readonly port: number;
  readonly stateRoot: string;
}

function startServer(
  { home, userData, extensions, port, stateRoot }: ServerPlaces,
  { env = {}, restricted = false }: VscodeOptions,
): ChildProcess {
  const entry = path.join(vscodeServer(), 'out/server-main.js');
  return spawn(
    process.execPath,
    [
      entry,
      '--host=127.0.0.1',
      `--port=${port}`,
      '--without-connection-token',
      '--accept-server-license-terms',
      '--disable-telemetry',
      ...(restricted ? [] : ['--disable-workspace-trust']),
      `--user-data-dir=${userData}`,
      `--extensions-dir=${extensions}`,
      `--server-data-dir=${path.join(home, 'server-data')}`,
    ],
    // A group of its own: extensions start processes too, and all of them end with it.
    {
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, GATEHOUSE_STATE: stateRoot, ...env },
    },
  );
}

/** The daemon is no child of VS Code's server, as it outlives windows. */
async function endDaemon(stateRoot: string): Promise<void> {
  const pid = daemonPid(stateRoot);
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
    while (true) {
      process.kill(pid, 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } catch {
    // It is gone.
  }
}

/** The process of the daemon that runs on this state, or last ran. */
export function daemonPid(stateRoot: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(path.join(stateRoot, 'host/host.json'), 'utf8')) as {
      pid: number;
    };
    return pid;
  } catch {
    return undefined;
  }
}

async function ready(server: ChildProcess, port: number): Promise<void> {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`VS Code's server ended with ${server.exitCode}.`);
    const answer = await fetch(`http://127.0.0.1:${port}/version`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("VS Code's server did not answer.");
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const gone = once(server, 'exit');
  process.kill(-server.pid, 'SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
