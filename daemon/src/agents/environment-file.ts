import type { TokenResult } from '../control/messages.ts';
import { clientEnvironments, type Variables } from './environment.ts';
import type { Dialect } from './shell-words.ts';
import { isLocal, type Upstream } from './upstreams.ts';

/** A resource with the token that an agent has for it. */
export interface RoutedResource {
  readonly upstream: Upstream;
  readonly token: TokenResult;
}

export interface EnvironmentFiles {
  /** By the name of the file. */
  readonly files: ReadonlyMap<string, string>;
  /** What a shell reads, in the dialect of each. */
  readonly entry: Readonly<Record<Dialect, string>>;
  readonly variables: Variables;
}

export interface EnvironmentOf {
  readonly agent: string;
  readonly session: string;
  /** Part of the names of files: letters, digits and `-`. */
  readonly key: string;
  /** Where the files will lie. */
  readonly folder: string;
  /** Goes to the end of PATH. */
  readonly programs: string;
  readonly join: (...parts: readonly string[]) => string;
  readonly resources: readonly RoutedResource[];
}

/** The files that set an agent's environment. Pure: nothing is written. */
export function environmentFiles(of: EnvironmentOf): EnvironmentFiles {
  const { agent, session, key, folder, programs, join, resources } = of;
  const files = new Map<string, string>();
  const variables: Record<string, string> = { GATEHOUSE_AGENT: agent, GATEHOUSE_SESSION: session };
  for (const [protocol, environment] of Object.entries(clientEnvironments)) {
    const mine = resources.filter(({ upstream }) => upstream.protocol === protocol);
    const [only] = mine;
    if (only === undefined) continue;
    if (mine.length === 1) Object.assign(variables, environment.variables(only.token, false));
    const { catalogue } = environment;
    if (catalogue === undefined) continue;
    const name = `${catalogue.file}-${key}.conf`;
    files.set(name, catalogue.text(new Map(mine.map(({ upstream, token }) => [upstream.resource, token]))));
    variables[catalogue.variable] = join(folder, name);
  }
  const entry = { sh: `env-${key}.sh`, powershell: `env-${key}.ps1` };
  files.set(entry.sh, posixText(variables, resources, programs));
  files.set(entry.powershell, powershellText(variables, resources, programs));
  return {
    files,
    entry: { sh: join(folder, entry.sh), powershell: join(folder, entry.powershell) },
    variables,
  };
}

const heading = '# Written by Gatehouse for one session of an agent; the tokens in it soon expire.';

/** Variables that programs read a URL from. It is changed only where it leads to a resource of the workspace. */
const urlVariables = ['DATABASE_URL'];

function posixText(variables: Variables, resources: readonly RoutedResource[], programs: string): string {
  const lines = [heading];
  for (const [name, value] of Object.entries(variables)) lines.push(`export ${name}=${posixQuoted(value)}`);
  // In one word for eval, as fish reads a whole file before it runs any of it and knows no such `case`.
  const unlessFish = (text: string) => `type -q psub >/dev/null 2>&1 || eval ${posixQuoted(text)}`;
  const place = posixQuoted(programs);
  lines.push(unlessFish(`case ":$PATH:" in *:${place}:*) ;; *) export PATH="$PATH:"${place} ;; esac`));
  for (const name of urlVariables) {
    const arms = resources.map(
      ({ upstream, token }) =>
        `${urlPatterns(upstream).join('|')}) export ${name}=${posixQuoted(clientEnvironments[upstream.protocol].url(token))} ;;`,
    );
    if (arms.length === 0) continue;
    lines.push(unlessFish(`case "\${${name}-}" in ${arms.join(' ')} esac`));
  }
  return `${lines.join('\n')}\n`;
}

/** Shell patterns for the URLs of an upstream: with a user and without, with parameters and without. */
function urlPatterns({ host, port, database }: Upstream): readonly string[] {
  const hosts = isLocal(host) ? ['localhost', '127.0.0.1', '[::1]'] : [host];
  const places = hosts.flatMap((each) => [`${each}:${port}`, ...(port === 5432 ? [each] : [])]);
  return places.flatMap((place) => {
    const [bare, named] = [posixQuoted(`${place}/${database}`), posixQuoted(`@${place}/${database}`)];
    return [`postgres*://${bare}`, `postgres*://*${named}`].flatMap((url) => [url, `${url}\\?*`]);
  });
}

function posixQuoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function powershellText(
  variables: Variables,
  resources: readonly RoutedResource[],
  programs: string,
): string {
  const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const lines = [heading];
  for (const [name, value] of Object.entries(variables)) lines.push(`$env:${name} = ${quoted(value)}`);
  const place = quoted(programs);
  lines.push(`if (($env:PATH -split ';') -notcontains ${place}) { $env:PATH += ';' + ${place} }`);
  for (const name of urlVariables) {
    for (const { upstream, token } of resources) {
      const hosts = isLocal(upstream.host) ? ['localhost', '127.0.0.1', '[::1]'] : [upstream.host];
      const escaped = hosts.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
      const port = upstream.port === 5432 ? '(:5432)?' : `:${upstream.port}`;
      const pattern = `^postgres(ql)?://([^@/]*@)?(${escaped})${port}/`;
      const url = clientEnvironments[upstream.protocol].url(token);
      lines.push(`if ($env:${name} -match ${quoted(pattern)}) { $env:${name} = ${quoted(url)} }`);
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** The command with the environment before it. */
export function withEnvironment(command: string, file: string, dialect: Dialect): string {
  return dialect === 'sh'
    ? `. ${posixQuoted(file)}; ${command}`
    : `. '${file.replaceAll("'", "''")}'; ${command}`;
}

/** A command as the agent meant it, where it repeats what an earlier one was made into. */
export function withoutEnvironment(command: string, file: string, dialect: Dialect): string {
  const prefix = withEnvironment('', file, dialect);
  return command.startsWith(prefix) ? command.slice(prefix.length) : command;
}
