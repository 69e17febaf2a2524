import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { ConfigFault, ProtocolFault, RecordFault, TargetFault } from '../../core/faults.ts';
import { budgetWords, placed, shown } from '../../core/denials.ts';
import type { Denial, Held } from '../../core/passage.ts';
import type { Cut } from './run.ts';
import { encodeErrorResponse, encodeNoticeResponse } from './wire/backend-messages.ts';
import { Sqlstate } from './wire/codes.ts';

/**
 * A text that no server version takes. Sent where the server itself would have refused the client's text, so that the
 * transaction ends as it would have; the server's log shows why.
 */
export const poisonText = 'gatehouse denied a statement';

const undecidableStates: Readonly<Record<Undecidable['code'], string>> = {
  syntax: Sqlstate.syntax_error,
  oversized: Sqlstate.program_limit_exceeded,
  encoding: Sqlstate.protocol_violation,
  unsupported: Sqlstate.feature_not_supported,
  unresolved: Sqlstate.insufficient_privilege,
  deadline: Sqlstate.statement_too_complex,
};

const causeStates: Readonly<Record<Exclude<Denial['cause'], 'undecidable'>, string>> = {
  policy: Sqlstate.insufficient_privilege,
  approval: Sqlstate.insufficient_privilege,
  withdrawn: Sqlstate.query_canceled,
  limit: Sqlstate.configuration_limit_exceeded,
  record: Sqlstate.system_error,
};

/** Whether the server would have given this error itself, and so ended the transaction. */
export function serverWouldRefuse(denial: Denial): boolean {
  return denial.undecidable?.code === 'syntax' || denial.undecidable?.native !== undefined;
}

/** A denial as ErrorResponse: `ERROR`, never FATAL, so that the connection stays. */
export function denialError(denial: Denial): Buffer {
  return encodeDenial('ERROR', denial);
}

/** A denial of what came with the login, after which there is no connection. */
export function fatalDenial(denial: Denial): Buffer {
  return encodeDenial('FATAL', denial);
}

function encodeDenial(severity: 'ERROR' | 'FATAL', denial: Denial): Buffer {
  const { undecidable, cause } = denial;
  const code =
    undecidable !== undefined
      ? (undecidable.native ?? undecidableStates[undecidable.code])
      : cause === 'undecidable'
        ? Sqlstate.insufficient_privilege
        : causeStates[cause];
  return encodeErrorResponse({
    severity,
    code,
    message: cause === 'withdrawn' ? 'canceling statement due to user request' : denial.message,
    ...(denial.detail === undefined ? {} : { detail: denial.detail }),
    ...(denial.hint === undefined ? {} : { hint: denial.hint }),
    ...(undecidable?.position === undefined ? {} : { position: undecidable.position }),
  });
}

/** A person has approved what the names of a text meant when they were asked. */
export const changedWhileHeld: Denial = {
  cause: 'approval',
  message:
    'Gatehouse: what the names in the statement mean changed while it waited, so its approval no longer holds',
  hint: 'Send the statement again; it will be read as it is now.',
};

/** What a client sees while its request waits for a person. */
export function heldNotice(held: Held): Buffer {
  return encodeNoticeResponse({
    severity: 'NOTICE',
    code: '00000',
    message: `Gatehouse holds this statement for a person: request ${held.approval}`,
    detail: held.reason,
    hint: `It waits for ${approvers(held.by)}. It is answered by \`gatehouse approve ${held.approval}\` or \`gatehouse deny ${held.approval}\`, and denied at ${held.expires.toISOString()}.`,
  });
}

function approvers(by: Held['by']): string {
  const words = by.map((names) => (names.includes('*') ? 'any person' : names.join(' or ')));
  return [...new Set(words)].join(', and ');
}

/** A request that passed a limit while it ran. */
export function cutError(cut: Cut): Buffer {
  return encodeErrorResponse({
    severity: 'ERROR',
    code: Sqlstate.configuration_limit_exceeded,
    ...cutWords(cut),
  });
}

const cutUnits = { rows: 'rows', bytes: 'bytes', duration: 'ms' } as const;

export function cutWords(cut: Cut): {
  readonly message: string;
  readonly detail?: string;
  readonly hint: string;
} {
  if (cut.kind === 'budget') {
    const { name, detail, hint } = budgetWords(cut.exceeded);
    return { message: `Gatehouse: ${name} is used up, so the statement was cancelled`, detail, hint };
  }
  const bound = `${shown(cut.bound)} ${cutUnits[cut.limit]}`;
  return {
    message: `Gatehouse: the statement passed the limit ${cut.limit} of ${bound}${placed(cut.source)} and was cancelled`,
    hint: 'Ask for less: add a LIMIT or a narrower WHERE, or aggregate in the database.',
  };
}

/** The daemon ends the connection, as a server that is shut down does. */
export function shutdownError(reason: string): Buffer {
  return encodeErrorResponse({
    severity: 'FATAL',
    code: Sqlstate.admin_shutdown,
    message: `terminating connection: ${reason}`,
  });
}

function fatalState(fault: unknown): string {
  if (fault instanceof ProtocolFault) return Sqlstate.protocol_violation;
  return fault instanceof RecordFault ? Sqlstate.system_error : Sqlstate.connection_failure;
}

/** The last message of a connection that cannot go on. */
export function fatalError(fault: unknown): Buffer {
  const known =
    fault instanceof ProtocolFault ||
    fault instanceof TargetFault ||
    fault instanceof ConfigFault ||
    fault instanceof RecordFault;
  return encodeErrorResponse({
    severity: 'FATAL',
    code: fatalState(fault),
    message: fault instanceof Error ? `Gatehouse: ${fault.message}` : 'Gatehouse: the session failed',
    ...(known ? {} : { hint: 'Ask the person who runs the daemon to look at its log.' }),
  });
}
