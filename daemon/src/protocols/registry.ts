import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { Protocol } from '../core/listener.ts';
import { postgres } from './postgres/listener.ts';

/** Every protocol that a resource may speak. A missing one does not compile. */
export const protocols: Readonly<Record<Resource['protocol'], Protocol>> = {
  postgres,
};
