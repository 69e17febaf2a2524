/**
 * `npm start`: a real PostgreSQL with a small shop, the daemon on the sample workspace, and an unattended agent that
 * does well and badly. Stays up afterwards, for trying by hand; with `--once` it ends, with status 1 when anything went
 * otherwise than told.
 */
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LogJoiner } from '@gatehouse/daemon/cli/log-events.ts';
import { LogPrinter } from '@gatehouse/daemon/cli/log-lines.ts';
import { type ControlClient, connectControl } from '@gatehouse/daemon/control/client.ts';
import type { RecordLine, RequestDecided } from '@gatehouse/daemon/recordings/entry.ts';
import { statePaths } from '@gatehouse/daemon/workspace/state.ts';
import { compilePatterns } from '@gatehouse/policy-schema/model/pattern.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopDatabase, shopRole } from '../servers/shop.ts';
import {
  type Agent,
  type DaemonProcess,
  gatehouse,
  runGatehouse,
  startAgent,
  startDaemonProcess,
} from './processes.ts';
import { RecordLines } from './record-lines.ts';
import { type Step, story } from './story.ts';
import * as terminal from './terminal.ts';

const once = process.argv.includes('--once');
/** How long the person takes to answer. */
const thinking = once ? 300 : 2500;

const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gatehouse-demo-')));
const workspace = path.join(root, 'shop');
const env = { ...process.env, GATEHOUSE_STATE: path.join(root, 'state') };

let server: RunningPostgres | undefined;
let daemon: DaemonProcess | undefined;
let control: ControlClient | undefined;
let agent: Agent | undefined;
let ending: Promise<void> | undefined;

function end(): Promise<void> {
  ending ??= (async () => {
    agent?.stop();
    control?.close();
    await daemon?.stop();
    await server?.stop();
    rmSync(root, { recursive: true, force: true });
  })();
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    console.log('\nEnding: the daemon, then the database.');
    void end().then(() => process.exit(0));
  });
}

try {
  const failures = await tell();
  if (once) {
    await end();
    process.exitCode = failures === 0 ? 0 : 1;
  }
} catch (error) {
  if (ending === undefined) {
    console.error(error instanceof Error ? error.message : error);
    if (daemon !== undefined) console.error(daemon.log());
    await end();
    process.exitCode = 1;
  }
}

/** Set the stage and play the story. Returns how many steps went otherwise than told. */
async function tell(): Promise<number> {
  terminal.title('Gatehouse: a coding agent meets a real database');
  server = await startPostgres({ database: shopDatabase });
  await createShop(server);
  terminal.entry('database', [`PostgreSQL ${server.version} with a small shop, on 127.0.0.1:${server.port}`]);

  layWorkspace(server.port);
  daemon = startDaemonProcess(workspace, env, { 'shop-db': shopRole.password });
  control = await reachDaemon(daemon);
  const { policy, resources } = await control.status();
  const gate = resources[0]?.listen;
  terminal.entry('gate', [
    `resource shop-db, on ${gate?.host}:${gate?.port}`,
    `${policy.accepted.policies} policies with ${policy.accepted.rules} rules, in .gatehouse/policies/`,
  ]);
  const token = await control.mintToken({ resource: 'shop-db', agent: 'demo-agent', ttl: 3_600_000 });
  const lines = new RecordLines();
  const log = new LogPrinter(terminal.log);
  const joiner = new LogJoiner(
    () => undefined,
    (event) => log.print(event),
  );
  const take = (line: RecordLine) => {
    joiner.push(line);
    lines.add(line);
  };
  await control.follow(0, take, () => {});
  agent = await startAgent(token, (notice) => terminal.entry('notice', terminal.wrap(notice), 'yellow'));
  terminal.entry('agent', ['an ordinary PostgreSQL client; it has a token for an hour and no password']);

  let failures = 0;
  for (const [index, step] of story.entries()) {
    const problem = await play(index, step, agent, lines);
    if (problem === undefined) continue;
    failures++;
    terminal.entry('WRONG', [problem], 'red');
  }
  terminal.title(
    failures === 0
      ? `All ${story.length} steps went as the policy says.`
      : `${failures} of ${story.length} steps went otherwise than told.`,
  );
  if (!once) invite(token);
  return failures;
}

async function play(
  index: number,
  step: Step,
  actor: Agent,
  lines: RecordLines,
): Promise<string | undefined> {
  terminal.chapter(index + 1, step.title);
  terminal.asks(step.shown ?? step.sql);
  lines.forget();
  const attempt = actor.attempt(index);
  if (step.effect === 'approve') {
    const asked = await lines.first('approval.asked');
    await sleep(thinking);
    terminal.entry('person', [`gatehouse approve ${asked.approval}`], 'yellow');
    await runGatehouse(['approve', asked.approval], workspace, env);
  }
  const seen = await attempt;
  const decided = await lines.first('request.decided');
  await lines.first(decided.effect === 'deny' ? 'request.decided' : 'request.answered');
  terminal.entry('rule', describe(decided));
  terminal.sees(seen);
  return step.wrong(seen) ?? wrongDecision(step, decided);
}

/** Each rule that decided, with its place; then what is masked. */
function describe(decided: RequestDecided): string[] {
  const rules = decided.actions.flatMap((action) =>
    action.effect === decided.effect
      ? action.rules.map((rule) => `${rule.location.file}:${rule.location.line}  ${rule.rule}`)
      : [],
  );
  const masks = decided.effect === 'allow' ? masksOf(decided) : [];
  return [
    ...(rules.length === 0 ? [`none: ${decided.reason}`] : new Set(rules)),
    ...(masks.length === 0 ? [] : terminal.wrap(`masks: ${masks.join(' · ')}`)),
  ];
}

/** The masks that speak of a column which the statement names. */
function masksOf(decided: RequestDecided): string[] {
  const named = decided.actions.flatMap(({ facts: { table, columns } }) =>
    Array.isArray(columns) ? columns.map((column: string) => `${table}.${column}`) : [],
  );
  return decided.masks.flatMap((mask) => {
    const hidden = named.filter(compilePatterns(mask.columns));
    return hidden.length === 0 ? [] : [`${mask.with} ${hidden.join(', ')}`];
  });
}

function wrongDecision(step: Step, decided: RequestDecided): string | undefined {
  if (decided.effect !== step.effect)
    return `expected ${step.effect}, decided ${decided.effect}: ${decided.reason}`;
  const rules = decided.actions.flatMap((action) => action.rules.map((rule) => rule.rule));
  if (step.rule !== undefined && !rules.includes(step.rule))
    return `expected the rule ${step.rule}, not ${rules.join(', ')}`;
  return undefined;
}

/** The sample workspace, with the port that the database has this time. */
function layWorkspace(port: number): void {
  cpSync(fileURLToPath(new URL('../workspaces/shop', import.meta.url)), workspace, { recursive: true });
  const file = path.join(workspace, '.gatehouse', 'gatehouse.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('port: 5432', `port: ${port}`));
}

async function reachDaemon(running: DaemonProcess): Promise<ControlClient> {
  let gone = false;
  void running.ended.then(() => {
    gone = true;
  });
  const state = statePaths(workspace, env);
  for (;;) {
    try {
      return await connectControl({ state, client: 'demo' });
    } catch (error) {
      if (gone) throw error;
      await sleep(50);
    }
  }
}

function invite(token: { host: string; port: number; user: string; token: string; database: string }): void {
  const { host, port, user, database } = token;
  console.log('Everything stays up. Be the agent yourself, in another terminal:\n');
  console.log(`  PGPASSWORD=${token.token} psql -h ${host} -p ${port} -U ${user} ${database}\n`);
  console.log('And be the person who watches and answers, in a third:\n');
  console.log(`  cd ${workspace}`);
  console.log(`  export GATEHOUSE_STATE=${env.GATEHOUSE_STATE}`);
  console.log(`  alias gatehouse='${process.execPath} ${gatehouse}'`);
  console.log('  gatehouse log --follow');
  console.log('  gatehouse approvals');
  console.log('\nCtrl-C ends it all and leaves nothing behind.');
}
