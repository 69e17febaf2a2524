import { hkdfSync } from 'node:crypto';
import { ConfigFault } from '../../../core/faults.ts';

const maskKeyBytes = 32;

/** @throws ConfigFault `secret-unavailable` when the mask key has not 32 bytes. */
export function checkMaskKey(key: Buffer): void {
  if (key.length === maskKeyBytes) return;
  throw new ConfigFault('secret-unavailable', `The mask key has ${key.length} bytes, not 32.`);
}

/** A key of its own for each purpose, by HKDF-SHA-256 (RFC 5869), so that no use of one tells anything of another. */
export function subKey(key: Buffer, purpose: string, bytes: 32 | 64): Buffer {
  return Buffer.from(hkdfSync('sha256', key, 'gatehouse mask key', purpose, bytes));
}
