import { InvalidArgumentError } from 'commander';
import { parse } from '@lukeed/ms';

/** Who an agent is when nobody says: the tool that runs it usually does. */
export function defaultAgent(): string {
  return process.env.GATEHOUSE_AGENT ?? 'agent';
}

/** What for, where an agent's environment tells its session. */
export function defaultTask(): string | undefined {
  const session = process.env.GATEHOUSE_SESSION;
  return session === '' ? undefined : session;
}

const longest = 24 * 60 * 60 * 1000;

/** A lifetime as people write it (`90m`, `8h`), in milliseconds. */
export function ttlOf(value: string): number {
  const ms = parse(value);
  if (ms !== undefined && ms > 0 && ms <= longest) return ms;
  throw new InvalidArgumentError('It is a duration such as 30m or 8h, at most 24h.');
}
