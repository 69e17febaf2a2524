import { spawn } from 'node:child_process';
import type { SimulateResult } from '@gatehouse/daemon/control/messages.ts';
import type { Traffic } from '../desk.ts';

/** A million requests are decided in seconds. */
const timeoutMs = 60_000;
const maxOutput = 32 * 1024 * 1024;

export const trafficSpan = '7 days';

/**
 * What texts would make of the recorded requests, by `gatehouse simulate`. Undefined where nothing is recorded, the
 * texts have errors, or the command is not there: nobody is bothered then.
 * @param command Program and arguments that stand for `gatehouse`
 */
export async function askTraffic(
  command: readonly string[],
  asked: {
    readonly folder: string;
    readonly texts: ReadonlyMap<string, string>;
    readonly signal: AbortSignal;
  },
): Promise<Traffic | undefined> {
  const [program, ...args] = command;
  if (program === undefined) return undefined;
  const output = await run(program, [...args, '-C', asked.folder, 'simulate', '--texts', '--json'], asked);
  try {
    return trafficOf({ kind: 'simulated', ...JSON.parse(output) });
  } catch {
    return undefined;
  }
}

/** Of what the daemon or the command told. @throws where it is nothing of the kind */
export function trafficOf(told: SimulateResult | null | undefined): Traffic | undefined {
  if (told?.kind !== 'simulated') return undefined;
  const rules = told.rules.map(({ policy, rule, hits, changes, examples }) => ({
    ...{ policy, rule, hits, changes },
    examples: examples.map(({ text, agent, resource, at, before, after, times }) => ({
      ...{ text, agent, resource, at, before, times },
      ...(after !== undefined && { after }),
    })),
  }));
  return { span: trafficSpan, requests: told.requests, rules };
}

function run(
  program: string,
  args: readonly string[],
  { texts, signal }: { readonly texts: ReadonlyMap<string, string>; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: timeoutMs,
      signal,
      // In VS Code the running program is the editor itself, which is Node when it is asked to be.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > maxOutput) child.kill();
    });
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(output));
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(Object.fromEntries(texts)));
  });
}
