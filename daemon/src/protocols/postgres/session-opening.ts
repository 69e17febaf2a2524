import type { Duplex } from 'node:stream';
import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { analyzeSql } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { deskNames } from '@gatehouse/policy-schema/vocabulary/sql/postgres/desk-names.ts';
import { toRequest } from '@gatehouse/policy-schema/vocabulary/sql/postgres/to-request.ts';
import type { Denial, Gate, Held } from '../../core/passage.ts';
import type { Session } from '../../core/session.ts';
import { fatalDenial, heldNotice } from './denial.ts';
import { isPlanSetting, planSettingDenial } from './plan-settings.ts';

/**
 * Run a session between the records of its beginning and its end. Nothing of the client reaches the server before the
 * first one is there.
 * @param serve gives the reason of its end
 * @throws RecordFault when the session cannot be recorded; whatever `serve` throws, once that is recorded
 */
export async function underRecord(gate: Gate, session: Session, serve: () => Promise<string>): Promise<void> {
  await gate.open(session);
  try {
    gate.close(session, await serve());
  } catch (fault) {
    gate.close(session, fault instanceof Error ? fault.message : String(fault));
    throw fault;
  }
}

/**
 * Settings in the StartupMessage pass the gate like the SET statement that each of them stands for.
 * @returns false when one was denied, of which the client was told
 */
export async function passSettings(
  gate: Gate,
  session: Session,
  settings: readonly { readonly name: string; readonly value: string }[],
  stream: Duplex,
): Promise<boolean> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  const onHeld = (held: Held) => stream.write(heldNotice(held));
  for (const event of ['end', 'close']) stream.once(event, leave);
  try {
    for (const { name, value } of settings) {
      const text = `SET ${name} = '${value.replaceAll("'", "''")}'`;
      const { request } = toRequest(text, analyzeSql(text), deskNames(), {
        inTransaction: false,
        application: session.client.application,
      });
      const refusal = ({ masks }: Pick<Decision, 'masks'>) =>
        masks.length > 0 && isPlanSetting(name) ? planSettingDenial : undefined;
      const passage = await gate.pass(session, { request, exact: [text], refusal }, onHeld, gone.signal);
      if (passage.kind === 'refused') {
        stream.end(fatalDenial(ofStartup(passage.denial, name)));
        return false;
      }
      passage.permit.spend();
      const answer = { outcome: 'completed', tag: 'SET', rows: 0, bytes: 0, durationMs: 0 } as const;
      gate.answered(session, passage.id, answer);
    }
    return true;
  } finally {
    for (const event of ['end', 'close']) stream.off(event, leave);
  }
}

function ofStartup(denial: Denial, name: string): Denial {
  if (denial.cause !== 'policy') return denial;
  return {
    ...denial,
    hint: `Leave ${name} out of the connection string, or allow it: sql: { actions: [set], parameters: [${name}] }.`,
  };
}
