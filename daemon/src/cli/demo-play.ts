import { createInterface } from 'node:readline';
import type { DemoAgent, Seen } from '../demo/demo-agent.ts';
import { type DemoStatement, demoStatements } from '../demo/demo-folder.ts';
import { callDaemon, type Context } from './context.ts';
import { demoAgent, demoContext } from './demo-parts.ts';
import { resultTable } from './table.ts';
import { out } from './terminal.ts';

/** Let the person be the agent: statements by their number, or any SQL. Ends with the input, or `q`. */
export async function playDemo(folder: string, quit: () => void): Promise<void> {
  const context = demoContext(folder);
  const agent = await demoAgent(context);
  const statements = demoStatements(folder);
  offer(statements);
  const input = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: out.paint('cyan', 'agent> '),
  });
  const interactive = process.stdin.isTTY === true;
  if (interactive) input.prompt();
  let last: Promise<void> = Promise.resolve();
  // One that is held must not keep the person from answering it.
  input.on('line', async (line) => {
    const typed = line.trim();
    if (typed === 'q') return input.close();
    if (typed === '?') offer(statements);
    else if (/^[ad]$/.test(typed)) await answer(context, typed === 'a' ? 'approve' : 'deny').catch(complain);
    else if (typed !== '') {
      last = attempt(agent, statements[Number(typed) - 1]?.sql ?? typed).catch(complain);
      await last;
    }
    if (interactive) input.prompt();
  });
  input.on('close', () => {
    void last.then(() => agent.end());
    // Without a terminal, the input may have ended from the start.
    if (interactive) quit();
  });
}

function offer(statements: readonly DemoStatement[]): void {
  out.line();
  out.line('Be the agent. Type a number, or SQL of your own:');
  for (const [index, { title }] of statements.entries())
    out.line(`  ${out.paint('cyan', String(index + 1))}  ${title}`);
  out.line(
    `  ${out.paint('dim', 'a or d approves or denies what is held, ? shows this again, q or Ctrl-C ends the demo')}`,
  );
  out.line();
}

async function attempt(agent: DemoAgent, sql: string): Promise<void> {
  out.line(out.paint('dim', sql));
  const slow = setTimeout(
    () => out.line(out.paint('yellow', 'Held: type a to approve it, d to deny it.')),
    700,
  );
  try {
    show(await agent.run(sql));
  } finally {
    clearTimeout(slow);
  }
}

function show(seen: Seen): void {
  switch (seen.kind) {
    case 'rows':
      for (const line of resultTable(out, seen.columns, seen.rows)) out.line(line);
      return;
    case 'done':
      out.line(out.paint('green', seen.tag));
      return;
    case 'error':
      out.line(out.paint('red', `ERROR ${seen.code}: ${seen.message}`));
      for (const line of [seen.detail, seen.hint]) if (line !== undefined) out.line(`  ${line}`);
  }
}

async function answer(context: Context, given: 'approve' | 'deny'): Promise<void> {
  const client = await callDaemon(context);
  try {
    const [held] = await client.approvals();
    if (held === undefined) out.line('Nothing is held.');
    else await client.answer({ id: held.id, answer: given });
  } finally {
    client.close();
  }
}

function complain(error: unknown): void {
  out.line(out.paint('red', error instanceof Error ? error.message : String(error)));
}
