import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { ConfigFault } from '../core/faults.ts';
import { readPrivateFile, writePrivateFile } from '../core/private-file.ts';
import { SecretText } from './secret-text.ts';

/**
 * The secret that makes a caller of the control socket an operator. Where it is given on standard input, no file holds
 * it; else a new one is made at each start and kept in a file that only this user can read.
 */
export function provideControlSecret(file: string, given: SecretText | undefined): SecretText {
  if (given !== undefined) {
    if (given.reveal().length < 32) {
      throw new ConfigFault('secret-unavailable', 'The control secret must have at least 32 characters.');
    }
    rmSync(file, { force: true });
    return given;
  }
  const secret = `ghc_${randomBytes(32).toString('base64url')}`;
  writePrivateFile(file, `${secret}\n`);
  return new SecretText(secret);
}

/**
 * The secret of those who start agents: made anew at each start, in a file that only this user can read. It is worth a
 * token of an agent and no more, so an agent that reads it has what it was given anyway.
 */
export function provideLaunchSecret(file: string): SecretText {
  const secret = `ghl_${randomBytes(32).toString('base64url')}`;
  writePrivateFile(file, `${secret}\n`);
  return new SecretText(secret);
}

/** The control secret, or the launch secret, for a command on this machine; undefined when no file holds it. */
export function readControlSecret(file: string): SecretText | undefined {
  const read = readPrivateFile(file, 4096);
  if (!read.ok) return undefined;
  return new SecretText(read.bytes.toString('utf8').trim());
}

/** Compare in a time that does not tell how much of a guess was right. */
export function isControlSecret(secret: SecretText, guess: string): boolean {
  return timingSafeEqual(hash('sha256', secret.reveal(), 'buffer'), hash('sha256', guess, 'buffer'));
}
