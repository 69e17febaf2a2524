import { execFile } from 'node:child_process';
import path from 'node:path';
import type { SecretSource } from '@gatehouse/policy-schema/model/workspace.ts';
import { ConfigFault } from '../core/faults.ts';
import { type PrivateFileProblem, readPrivateFile } from '../core/private-file.ts';
import type { SecretText } from './secret-text.ts';

export interface SecretOptions {
  /** Relative files and programs are found from here. */
  readonly workspaceFolder: string;
  /** What the daemon read from its standard input at start, by name. */
  readonly stdin: ReadonlyMap<string, SecretText>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long a command may take, in milliseconds; 10 s unless told. */
  readonly timeout?: number;
}

const maxSecretBytes = 64 * 1024;
const commandTimeout = 10_000;

/**
 * Fetch a real credential from where the workspace says it is. Nothing is kept, and no error holds any of it.
 * @throws ConfigFault `secret-unavailable`, in words that say what to do
 */
export async function fetchSecret(source: SecretSource, options: SecretOptions): Promise<string> {
  if ('command' in source)
    return clean(decode(await runCommand(source.command, options)), `The command ${shown(source.command)}`);
  if ('file' in source) return clean(readSecretFile(source.file, options), `The file ${source.file}`);
  if ('env' in source) {
    const value = (options.env ?? process.env)[source.env];
    if (value === undefined) throw unavailable(`The daemon's environment has no variable ${source.env}.`);
    return clean(value, `The variable ${source.env}`);
  }
  const value = options.stdin.get(source.stdin);
  if (value === undefined) {
    throw unavailable(
      `The daemon was given no secret named ${source.stdin}. Start it with \`gatehouse up --secrets-stdin\` and a JSON object with that name on standard input.`,
    );
  }
  return clean(value.reveal(), `The secret ${source.stdin}`);
}

/** Only the program's name: an argument may be more private than its author thought. */
function shown(argv: readonly string[]): string {
  return path.basename(argv[0] ?? '');
}

function runCommand(argv: readonly string[], options: SecretOptions): Promise<Buffer> {
  const [program, ...rest] = argv;
  if (program === undefined || argv.some((argument) => argument.includes('\0'))) {
    throw unavailable('The command is empty or holds a NUL.');
  }
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      rest,
      {
        cwd: options.workspaceFolder,
        timeout: options.timeout ?? commandTimeout,
        killSignal: 'SIGKILL',
        maxBuffer: maxSecretBytes,
        encoding: 'buffer',
        windowsHide: true,
        shell: false,
      },
      // What the command printed stays out of every message: it may hold the secret, on either stream.
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else
          reject(unavailable(`The command ${shown(argv)} ${failureOf(error)}. Run it by hand to see why.`));
      },
    );
    child.stdin?.end();
  });
}

function failureOf(
  error: Error & { code?: string | number | null; killed?: boolean; signal?: NodeJS.Signals | null },
): string {
  if (error.code === 'ENOENT') return 'was not found';
  if (error.code === 'EACCES') return 'may not be run';
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `printed more than ${maxSecretBytes} bytes`;
  if (error.killed === true) return 'took too long';
  if (error.signal) return `was ended by ${error.signal}`;
  return `ended with status ${error.code ?? 'unknown'}`;
}

const fileProblems: Readonly<Record<PrivateFileProblem, string>> = {
  missing: 'is not there',
  unreadable: 'cannot be read',
  'not-a-file': 'is not a file',
  foreign: 'belongs to another user',
  exposed: 'can be read or changed by others; run `chmod 600` on it',
  oversized: `is larger than ${maxSecretBytes} bytes`,
};

function readSecretFile(file: string, options: SecretOptions): string {
  const read = readPrivateFile(path.resolve(options.workspaceFolder, file), maxSecretBytes);
  if (!read.ok) throw unavailable(`The secret file ${file} ${fileProblems[read.problem]}.`);
  return decode(read.bytes);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unavailable('A secret is not UTF-8 text.');
  }
}

/** One trailing newline is the tool's, everything else is the secret's; a secret is one line. */
function clean(value: string, where: string): string {
  const secret = value.replace(/\r?\n$/, '');
  if (secret === '') throw unavailable(`${where} gives an empty secret.`);
  if (/[\n\r\0]/.test(secret)) throw unavailable(`${where} gives more than one line; a secret is one line.`);
  return secret;
}

function unavailable(message: string): ConfigFault {
  return new ConfigFault('secret-unavailable', message);
}
