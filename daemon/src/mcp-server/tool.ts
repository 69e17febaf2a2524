import type { ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import type * as z from 'zod';
import type { DenialsKept } from './denials-kept.ts';
import type { GateLink } from './gate-link.ts';
import { type Problem, problemText, unavailableProblem } from './problems.ts';

/** What a tool works with. */
export interface Desk {
  readonly link: GateLink;
  readonly denials: DenialsKept;
}

/** One call of a tool. */
export interface Call {
  /** Aborts when the client takes the call back, or is gone. */
  readonly signal: AbortSignal;
  /** Tell the client how it stands, where it wants to know. */
  readonly progress: (done: number, total: number, words: string) => void;
}

export interface Answer<Structured> {
  readonly structured: Structured;
  readonly text: string;
  readonly isError?: boolean;
}

export interface Tool<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For the model: what it does, when to use it, what it never does. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly annotations: Required<Omit<ToolAnnotations, 'title'>>;
  /** What is thrown becomes the answer of {@link unreached}. */
  run(desk: Desk, input: z.output<Input>, call: Call): Promise<Answer<z.input<Output>>>;
  /** When the gate, or what is behind it, is not to be reached. */
  unreached(input: z.output<Input>, problem: Problem): z.input<Output>;
}

/** A tool whose types are its own business by now. */
export interface AnyTool extends Omit<Tool<z.ZodObject, z.ZodObject>, 'run' | 'unreached'> {
  call(desk: Desk, input: unknown, call: Call): Promise<Answer<Readonly<Record<string, unknown>>>>;
}

export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): AnyTool {
  const { run, unreached, ...about } = tool;
  return {
    ...about,
    call: async (desk, value, call) => {
      const input = value as z.output<Input>;
      try {
        return (await run(desk, input, call)) as Answer<Readonly<Record<string, unknown>>>;
      } catch (error) {
        const problem = unavailableProblem(error);
        const structured = unreached(input, problem) as Readonly<Record<string, unknown>>;
        return { structured, text: problemText(problem), isError: true };
      }
    },
  };
}
