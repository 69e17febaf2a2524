import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { Adapter } from './adapter.ts';

/** A process of an agent. */
export interface RunningAgent {
  readonly pid: number;
  /** It was started with an environment that leads to the gate. */
  readonly through: boolean;
}

const mostProcesses = 4000;

/**
 * Processes of an agent that work in a folder, by /proc, so on Linux alone. Of their environment it is only looked whether
 * Gatehouse made it.
 */
export function runningAgents(programs: readonly string[], folder: string): readonly RunningAgent[] {
  if (process.platform !== 'linux') return [];
  return entries()
    .slice(0, mostProcesses)
    .flatMap((pid): readonly RunningAgent[] => {
      try {
        if (!programs.some((program) => isProgram(pid, program))) return [];
        const cwd = readlinkSync(`/proc/${pid}/cwd`);
        if (cwd !== folder && !cwd.startsWith(`${folder}${path.sep}`)) return [];
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
        return [{ pid: Number(pid), through: /(^|\0)GATEHOUSE_SESSION=/.test(environment) }];
      } catch {
        // It ended, or is somebody else's.
        return [];
      }
    });
}

function entries(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** By its first words, as agents are often scripts that a runtime runs. */
function isProgram(pid: string, program: string): boolean {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').slice(0, 2);
  return words.some((word) => path.basename(word) === program);
}

export function runningOf(adapter: Adapter, place: Parameters<Adapter['signs']>[0]): readonly RunningAgent[] {
  return runningAgents(adapter.signs(place).programs, place.workspaceFolder);
}
