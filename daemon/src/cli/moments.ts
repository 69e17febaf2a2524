import { parseDuration } from '@gatehouse/policy-schema/model/units.ts';
import { ConfigFault } from '../core/faults.ts';

/** A time that is told by how long ago it was (`7d`, `12h`), or by a date. @throws ConfigFault `usage` */
export function momentOf(text: string, now = Date.now()): Date {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const ago = days === undefined ? parseDuration(text) : Number(days) * 86_400_000;
  const moment = ago === undefined ? new Date(text) : new Date(now - ago);
  // A bare number would be taken for a year.
  if (Number.isNaN(moment.getTime()) || /^\d+$/.test(text))
    throw new ConfigFault(
      'usage',
      `"${text}" is no time. Write how long ago, such as 7d or 12h, or a time such as 2026-05-04.`,
    );
  return moment;
}
