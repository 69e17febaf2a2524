import { randomBytes } from 'node:crypto';
import { ConfigFault } from '../core/faults.ts';
import { readPrivateFile, writePrivateFile } from '../core/private-file.ts';

const keyBytes = 32;

/**
 * The key of the masks `hash` and `tokenize`: made once for a workspace, so that a masked value stays the same from one
 * day to the next, and a token of yesterday is one today.
 * @throws ConfigFault `secret-unavailable` when there is one that cannot be used: a new one would silently change all
 *   masked values, and one that others could read would not hide them.
 */
export function provideMaskKey(file: string): Buffer {
  const read = readPrivateFile(file, 1024);
  if (read.ok && read.bytes.length === keyBytes) return read.bytes;
  if (!read.ok && read.problem === 'missing') {
    const key = randomBytes(keyBytes);
    writePrivateFile(file, key);
    return key;
  }
  const why = read.ok ? 'damaged' : read.problem;
  throw new ConfigFault(
    'secret-unavailable',
    `The mask key in ${file} is ${why}. Mend it, or remove it and get new hashes and tokens for all values.`,
  );
}
