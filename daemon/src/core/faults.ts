/** Faults of the daemon. A denial is a value, never one of these. Every code is listed here and nowhere else. */

type ConfigCode =
  | 'daemon-absent'
  | 'resource-unknown'
  | 'secret-unavailable'
  | 'workspace-missing'
  | 'workspace-invalid'
  | 'usage';
type ProtocolCode = 'malformed' | 'oversized' | 'unsupported' | 'out-of-order';
type TargetCode =
  | 'unreachable'
  | 'tls-refused'
  | 'tls-unverified'
  | 'authentication-failed'
  | 'disconnected'
  | 'refused';
type PolicyCode = 'policy-missing' | 'policy-broken';
type RecordCode =
  | 'permit-forged'
  | 'permit-spent'
  | 'store-unwritable'
  | 'store-locked'
  | 'store-corrupt'
  | 'store-closed'
  | 'session-unknown';

/** Shared shape. `message` says what to do; it never holds a secret or a masked value. */
abstract class Fault<Code extends string> extends Error {
  readonly code: Code;
  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

export class ConfigFault extends Fault<ConfigCode> {}
export class ProtocolFault extends Fault<ProtocolCode> {}
export class TargetFault extends Fault<TargetCode> {}
export class PolicyFault extends Fault<PolicyCode> {}
export class RecordFault extends Fault<RecordCode> {}
