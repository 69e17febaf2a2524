import type { ControlApi } from '@gatehouse/daemon/control/api.ts';
import type { HeldApproval, RecordLine } from '@gatehouse/daemon/control/messages.ts';
import { dial, type Rpc } from './rpc.ts';
import type { Opened } from './host-link.ts';

/** What the daemon tells of a workspace without being asked. */
export interface ControlEvents {
  held(list: readonly HeldApproval[]): void;
  recorded(lines: readonly RecordLine[]): void;
}

/** Lines from before this window came. */
const backlog = 200;
/** Lines are handed on together: a busy agent makes thousands a second. */
const gatherMs = 50;

/** Say hello to the control socket of a workspace as its operator, and follow what happens there. */
export async function connectControl(opened: Opened, events: ControlEvents): Promise<Rpc<ControlApi>> {
  const rpc = await dial<ControlApi>(opened.socket, 'gatehouse/');
  rpc.onNotification<readonly HeldApproval[]>('approvalsChanged', (list) => events.held(list));
  let gathered: RecordLine[] = [];
  rpc.onNotification<RecordLine>('recorded', (line) => {
    gathered.push(line);
    if (gathered.length > 1) return;
    setTimeout(() => {
      const lines = gathered;
      gathered = [];
      events.recorded(lines);
    }, gatherMs);
  });
  await rpc.request('hello', { secret: opened.secret, client: `window ${process.pid}` });
  events.held(await rpc.request('approvals', {}));
  await rpc.request('follow', { backlog });
  return rpc;
}
