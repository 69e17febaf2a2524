import type { DemoAgent } from '../demo/demo-agent.ts';
import { shopResource } from '../demo/shop.ts';
import { statePaths } from '../workspace/state.ts';
import { callDaemon, type Context } from './context.ts';

const tokenMs = 8 * 60 * 60 * 1000;

/** How this program starts the process of the demo's database. */
export function databaseArguments(): readonly string[] {
  return [...process.execArgv, process.argv[1] ?? '', 'demo', 'database'];
}

/** @param folder absolute, without links */
export function demoContext(folder: string): Context {
  return { workspaceFolder: folder, state: statePaths(folder) };
}

/** The agent `demo`, with a token that it gets as any agent does. */
export async function demoAgent(context: Context): Promise<DemoAgent> {
  const { DemoAgent } = await import('../demo/demo-agent.ts');
  return new DemoAgent(async () => {
    const client = await callDaemon(context, 'launcher');
    try {
      return await client.mintToken({ resource: shopResource, agent: 'demo', ttl: tokenMs });
    } finally {
      client.close();
    }
  });
}
