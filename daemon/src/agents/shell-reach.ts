import path from 'node:path';
import { objectionToReading, objectionToWriting, resolveFile } from './files-reached.ts';
import { peeled } from './peeled.ts';
import { type Objection, objections, type Surroundings } from './reach.ts';
import { type Dialect, type SimpleCommand, simpleCommands, type Word } from './shell-words.ts';
import { type ClientHabits, clientHabits, isLocal, upstreamAt, upstreamNamedIn } from './upstreams.ts';

/** Programs that run the words that they are given. */
const shells = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'fish', 'su', 'pwsh', 'powershell']);
/** What they print or look for may name anything. */
const talkers = new Set([
  'echo',
  'printf',
  'grep',
  'rg',
  'egrep',
  'fgrep',
  'ag',
  'git',
  'gh',
  'ls',
  'wc',
  'Write-Output',
  'Select-String',
]);
const writers = new Set([
  'tee',
  'cp',
  'mv',
  'rm',
  'ln',
  'touch',
  'truncate',
  'install',
  'Set-Content',
  'Add-Content',
  'Out-File',
]);
/** They run a program where the resource is at home. */
const containers = new Set(['docker', 'podman', 'nerdctl', 'kubectl', 'docker-compose']);
const forPeople = new Set(['approve', 'deny', 'accept', 'down', 'connect', 'credentials']);

/** Variables as earlier commands of the same text left them; undefined: unset. */
type Variables = Map<string, string | undefined>;

/** What is wrong with a shell text, the first objection of its commands, denials before questions. */
export function objectionToShell(
  command: string,
  dialect: Dialect,
  around: Surroundings,
): Objection | undefined {
  if (/GATEHOUSE_CONTROL_SECRET/.test(command)) return objections.state();
  const found = [...objectionsTo(command, dialect, around, new Map(), 0)];
  return found.find(({ kind }) => kind === 'deny') ?? found[0];
}

function* objectionsTo(
  text: string,
  dialect: Dialect,
  around: Surroundings,
  variables: Variables,
  depth: number,
): Generator<Objection> {
  if (depth > 5) return;
  let here = around;
  for (const simple of simpleCommands(text, dialect)) {
    const run = peeled(simple);
    const scope: Variables = new Map([...variables, ...run.variables]);
    const [program, ...rest] = run.words;
    yield* filesOf(simple, program, rest, here);
    if (program === undefined) {
      for (const [name, value] of run.variables) variables.set(name, value);
      continue;
    }
    yield* programObjections(program, rest, simple, here, scope);
    for (const inner of innerTexts(program, rest, simple))
      yield* objectionsTo(inner, dialect, here, new Map(scope), depth + 1);
    remember(program, rest, variables);
    const folder = rest[0];
    if ((program === 'cd' || program === 'pushd' || program === 'Set-Location') && folder !== undefined)
      here = { ...here, cwd: resolveFile(folder.text, here) };
  }
}

/** Files that words and redirects name, whatever the program does with them. */
function* filesOf(
  { redirects, assignments }: SimpleCommand,
  program: string | undefined,
  rest: readonly Word[],
  around: Surroundings,
): Generator<Objection> {
  const writes =
    program !== undefined &&
    (writers.has(program) || (program === 'sed' && rest.some(({ text }) => /^-\w*i/.test(text))));
  for (const { text } of [...rest, ...assignments.map(({ value }) => value)]) {
    if (/\s/.test(text)) continue;
    // `--file=NAME`, `passfile=NAME`, `@NAME`
    for (const candidate of new Set([text, text.replace(/^[^=]*=/, ''), text.replace(/^@/, '')])) {
      const objection = objectionToReading(candidate, around);
      if (objection !== undefined) yield objection;
      const writing = writes ? objectionToWriting(candidate, around) : undefined;
      if (writing !== undefined) yield writing;
    }
  }
  for (const { operator, target } of redirects) {
    if (operator.startsWith('<<') || operator.endsWith('&')) continue;
    const judge = operator.startsWith('>') ? objectionToWriting : objectionToReading;
    const objection = judge(target.text, around);
    if (objection !== undefined) yield objection;
  }
}

function* programObjections(
  program: string,
  rest: readonly Word[],
  { redirects }: SimpleCommand,
  around: Surroundings,
  scope: Variables,
): Generator<Objection> {
  const answering = answeringCommand(program, rest);
  if (answering !== undefined) yield objections.answering(answering);

  const habits = habitsOf(program);
  if (habits !== undefined) {
    const place = placeOf(habits, rest, scope, around);
    const upstream = place === undefined ? undefined : upstreamAt(around.upstreams, place.host, place.port);
    if (upstream !== undefined) yield objections.direct(upstream);
    // Without the gate a bare client would try whatever is at its default place.
    else if (around.gate === 'down' && place === undefined && around.upstreams.length > 0)
      yield objections.gateDown(program);
  }
  if (talkers.has(program)) return;
  if (containers.has(program)) {
    const inside = rest.some(({ text }) => habitsOf(path.basename(text)) !== undefined);
    const local = around.upstreams.find(({ host }) => isLocal(host));
    if (inside && local !== undefined && rest.some(({ text }) => text === 'exec'))
      yield objections.direct(local);
  }
  const texts = [...rest.map(({ text }) => text), rest.map(({ text }) => text).join(':')];
  const documents = redirects
    .filter(({ operator }) => operator.startsWith('<<'))
    .map(({ target }) => target.text);
  const values = [...scope.values()].filter((value) => value !== undefined);
  for (const text of [...texts, ...(habits === undefined ? documents : []), ...values]) {
    const upstream = upstreamNamedIn(around.upstreams, text);
    if (upstream !== undefined) yield objections.direct(upstream);
  }
}

function habitsOf(program: string): ClientHabits | undefined {
  return Object.values(clientHabits).find(({ programs }) => programs.has(program));
}

/** `gatehouse -C folder approve …`, also by its path, by npx, or as a script of node. */
function answeringCommand(program: string, rest: readonly Word[]): string | undefined {
  const words = [program, ...rest.map(({ text }) => text)];
  const at = words.findIndex((text) => /(^|[/\\@])gatehouse(\.c?js|\.cmd|\.exe|@[\w.-]+)?$/.test(text));
  const runsIt = at === 0 || (at > 0 && /^(npx|npm|pnpm|yarn|bunx|bun|node|nodejs)$/.test(program));
  return runsIt ? words.slice(at + 1, at + 6).find((text) => forPeople.has(text)) : undefined;
}

/** Where a client would connect to, or undefined where its environment says so and that is the gate's. */
function placeOf(
  habits: ClientHabits,
  rest: readonly Word[],
  scope: Variables,
  { served, upstreams }: Surroundings,
): { readonly host: string; readonly port: number } | undefined {
  const said = (of: ClientHabits['host']): string | undefined => {
    const words = rest.map(({ text }) => text);
    for (const [index, word] of words.entries()) {
      const option = of.options.find(
        (each) => word === each || word.startsWith(each.startsWith('--') ? `${each}=` : each),
      );
      if (option !== undefined)
        return word === option ? words[index + 1] : word.slice(option.length).replace(/^=/, '');
      const key = of.keys.map((each) => new RegExp(`(?:^|\\s)${each}\\s*=\\s*'?([^'\\s]*)`).exec(word)?.[1]);
      const found = key.find((value) => value !== undefined);
      if (found !== undefined) return found;
    }
    const variable = of.variables.find((name) => scope.has(name));
    return variable === undefined ? undefined : (scope.get(variable) ?? '');
  };
  const host = said(habits.host);
  const port = said(habits.port);
  const named = upstreamNamedIn(upstreams, rest.map(({ text }) => text).join(' '));
  if (named !== undefined) return named;
  if (host === undefined && port === undefined) return undefined;
  // What is not said is what the environment says, which is the gate's where there is one resource.
  const usual = served.size === 1 ? [...served.values()][0] : undefined;
  const isSocket = host === '' || /^[/@]/.test(host ?? '');
  return { host: host ?? '', port: Number(port || (isSocket ? undefined : usual) || habits.defaultPort) };
}

/** Texts that a program runs in turn: `bash -c TEXT`, `eval WORDS`, a here-document to a shell. */
function* innerTexts(
  program: string,
  rest: readonly Word[],
  { redirects }: SimpleCommand,
): Generator<string> {
  const words = rest.map(({ text }) => text);
  if (program === 'eval' || program === 'Invoke-Expression' || program === 'iex') yield words.join(' ');
  if (!shells.has(program)) return;
  const option = words.findIndex((text) => /^-\w*c(ommand)?$/i.test(text));
  const inner = words[option + 1];
  if (option !== -1 && inner !== undefined) yield inner;
  for (const { operator, target } of redirects) if (operator.startsWith('<<')) yield target.text;
}

/** `export NAME=value` and `unset NAME` hold for the commands that follow. */
function remember(program: string, rest: readonly Word[], variables: Variables): void {
  if (program === 'unset') for (const { text } of rest) variables.set(text, undefined);
  if (!['export', 'declare', 'set', 'setenv'].includes(program)) return;
  for (const { text } of rest) {
    const found = /^([A-Za-z_]\w*)=(.*)$/s.exec(text);
    if (found?.[1] !== undefined) variables.set(found[1], found[2] ?? '');
  }
}
