import path from 'node:path';
import type { SimpleCommand, Word } from './shell-words.ts';

/** A command without the programs that only run another one. */
export interface PeeledCommand {
  /** The program's own name, without its folder, then its arguments. */
  readonly words: readonly [] | readonly [string, ...Word[]];
  /** What it gets in its environment; undefined: taken out. */
  readonly variables: ReadonlyMap<string, string | undefined>;
}

/** Programs that run their arguments, with those of their options that take a value. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  env: ['-u', '--unset', '-C', '--chdir', '-S'],
  sudo: ['-u', '--user', '-g', '--group', '-h', '-p', '-C', '-D'],
  doas: ['-u', '-C'],
  command: [],
  builtin: [],
  exec: ['-a'],
  nohup: [],
  setsid: [],
  nice: ['-n', '--adjustment'],
  ionice: ['-c', '-n'],
  stdbuf: ['-i', '-o', '-e'],
  timeout: ['-k', '-s', '--signal', '--kill-after'],
  xargs: ['-I', '-n', '-P', '-L', '-d', '-a', '-E', '-s'],
  watch: ['-n', '--interval'],
  time: ['-o', '-f'],
  '&': [],
  '.': [],
};
/** `env -i`: nothing of the environment is left. */
const emptied = ['PGHOST', 'PGPORT', 'PGSERVICE', 'PGSERVICEFILE'];

export function peeled(simple: SimpleCommand): PeeledCommand {
  const variables = new Map<string, string | undefined>();
  for (const { name, value } of simple.assignments) variables.set(name, value.text);
  let words = simple.words;
  for (;;) {
    const [first, ...rest] = words;
    if (first === undefined) return { words: [], variables };
    const program = programName(first.text);
    const withValue = wrappers[program];
    if (withValue === undefined || rest.length === 0 || program === '.')
      return { words: [program, ...rest], variables };
    words = afterOptions(program, withValue, rest, variables);
  }
}

function programName(text: string): string {
  return path.posix.basename(text.replaceAll('\\', '/')).replace(/\.(exe|cmd|bat)$/i, '');
}

function afterOptions(
  program: string,
  withValue: readonly string[],
  words: readonly Word[],
  variables: Map<string, string | undefined>,
): readonly Word[] {
  let at = 0;
  for (; at < words.length; at++) {
    const text = words[at]?.text ?? '';
    const assigned = /^([A-Za-z_]\w*)=(.*)$/s.exec(text);
    if (program === 'env' && assigned?.[1] !== undefined) variables.set(assigned[1], assigned[2] ?? '');
    else if (program === 'env' && /^(-i|-|--ignore-environment)$/.test(text))
      for (const name of emptied) variables.set(name, undefined);
    else if (program === 'env' && /^--unset=/.test(text)) variables.set(text.slice(8), undefined);
    else if (withValue.includes(text)) {
      at++;
      const value = words[at]?.text;
      if (program === 'env' && (text === '-u' || text === '--unset') && value !== undefined)
        variables.set(value, undefined);
    } else if (!text.startsWith('-')) break;
  }
  // Its first argument is how long.
  return words.slice(program === 'timeout' ? at + 1 : at);
}
