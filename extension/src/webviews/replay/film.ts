import type { ToldStep } from '@gatehouse/daemon/control/messages.ts';

/** A session laid out along time, with its long pauses shortened. Pure: what plays it keeps the clock. */

/** A pause that is longer is played as this one, in milliseconds. */
export const longestPauseMs = 2000;
/** What is seen last stays for a moment. */
const endMs = 800;

export interface Frame {
  readonly step: ToldStep;
  /** The `seq` of the record that the step is known by. */
  readonly seq: number;
  /** When it was decided, or asked of a person: milliseconds since the session's opening, as it was. */
  readonly realMs: number;
  /** The same on the shortened clock. */
  readonly playMs: number;
  /** On the shortened clock: from when it waited for a person, and until when it ran. Both {@link playMs} where it did not. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Cut {
  /** On the shortened clock, where the pause is played. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** How long it was. */
  readonly realMs: number;
}

export interface Film {
  readonly frames: readonly Frame[];
  readonly cuts: readonly Cut[];
  /** The whole, on the shortened clock. */
  readonly lengthMs: number;
}

/** Lay out steps, which are in the order of their decisions, of a session that was opened at a time (ISO 8601). */
export function filmOf(openedAt: string, steps: readonly ToldStep[]): Film {
  const opened = Date.parse(openedAt);
  const since = (at: string | undefined) =>
    at === undefined ? undefined : Math.max(0, Date.parse(at) - opened);
  let last = 0;
  const spans = steps.map((step) => {
    const { asked, answered } = approvalOf(step);
    const decided = step.kind === 'request' ? since(step.decided.at) : undefined;
    // The order is the record's; the daemon's clock may have been set back.
    const at = Math.max(last, decided ?? since(asked?.at) ?? 0);
    last = at;
    const ended = step.kind === 'request' ? since(step.answered?.at) : since(answered?.at);
    return {
      step,
      seq: seqOf(step),
      at,
      from: Math.min(at, since(asked?.at) ?? at),
      until: Math.max(at, ended ?? at),
    };
  });
  const clock = shortened([0, ...spans.flatMap(({ from, at, until }) => [from, at, until])]);
  const frames = spans.map(({ step, seq, at, from, until }) => ({
    step,
    seq,
    realMs: at,
    playMs: clock.at(at),
    fromMs: clock.at(from),
    untilMs: clock.at(until),
  }));
  return { frames, cuts: clock.cuts, lengthMs: clock.lengthMs + endMs };
}

/** The frame that is to be seen at a time on the shortened clock: the last one by then; -1 before the first. */
export function frameAt({ frames }: Film, ms: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle]?.playMs ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The real time, since the opening, of a time on the shortened clock. */
export function realAt({ cuts }: Film, playMs: number): number {
  let more = 0;
  for (const { fromMs, untilMs, realMs } of cuts) {
    if (playMs <= fromMs) break;
    const part = Math.min(1, (playMs - fromMs) / (untilMs - fromMs));
    more += part * (realMs - (untilMs - fromMs));
  }
  return playMs + more;
}

export function seqOf(step: ToldStep): number {
  return step.kind === 'request' ? step.decided.seq : step.approval.asked.seq;
}

function approvalOf(step: ToldStep) {
  return step.approval ?? { asked: undefined, answered: undefined };
}

interface Clock {
  at(realMs: number): number;
  readonly cuts: readonly Cut[];
  readonly lengthMs: number;
}

/** A clock over these moments that plays no pause between two of them for longer than {@link longestPauseMs}. */
function shortened(moments: readonly number[]): Clock {
  const sorted = [...new Set(moments)].sort((a, b) => a - b);
  const played = new Map<number, number>();
  const cuts: Cut[] = [];
  let real = sorted[0] ?? 0;
  let play = 0;
  for (const moment of sorted) {
    const pause = moment - real;
    const kept = Math.min(pause, longestPauseMs);
    if (kept < pause) cuts.push({ fromMs: play, untilMs: play + kept, realMs: pause });
    play += kept;
    real = moment;
    played.set(moment, play);
  }
  return { at: (realMs) => played.get(realMs) ?? 0, cuts, lengthMs: play };
}
