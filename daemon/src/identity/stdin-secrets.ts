import type { Readable } from 'node:stream';
import { ConfigFault } from '../core/faults.ts';
import { SecretText } from './secret-text.ts';

const maxBytes = 1024 * 1024;

/** The name under which the secret of the control socket may be given, so that no file holds it. */
export const controlSecretName = 'gatehouse.control';

/**
 * Read the secrets of `gatehouse up --secrets-stdin`: one JSON object of strings, up to the end of the input.
 * @throws ConfigFault `secret-unavailable`, without a word of what was read
 */
export async function readStdinSecrets(input: Readable): Promise<ReadonlyMap<string, SecretText>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk as Uint8Array | string);
    size += bytes.length;
    if (size > maxBytes) throw refused(`is larger than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  const value = parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused('is not one JSON object');
  const secrets = new Map<string, SecretText>();
  for (const [name, secret] of Object.entries(value)) {
    if (typeof secret !== 'string') throw refused(`holds something else than a string under "${name}"`);
    secrets.set(name, new SecretText(secret));
  }
  return secrets;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes what it read.
    return undefined;
  }
}

function refused(why: string): ConfigFault {
  return new ConfigFault(
    'secret-unavailable',
    `What --secrets-stdin read ${why}. It takes one JSON object of strings, such as {"shop-db": "…"}.`,
  );
}
