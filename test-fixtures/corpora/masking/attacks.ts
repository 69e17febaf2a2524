import type { Attack } from './attack.ts';
import { constructors } from './families/constructors.ts';
import { sideDoors } from './families/doors.ts';
import { expressions } from './families/expressions.ts';
import { guards } from './families/guards.ts';
import { oracles, throughQueries } from './families/queries.ts';
import { serverDoors } from './families/server.ts';
import { secretsOf } from './schema.ts';

/** What an agent could guess: right in one of the twins, wrong in the other. */
export const words: Readonly<Record<string, string>> = {
  '{guess}': secretsOf('a', 3).email,
  'guess@known.example': secretsOf('a', 3).email,
  'a@b.example': secretsOf('a', 3).email,
  '{credit3}': secretsOf('a', 3).credit,
  /** More than the first e-mail of one twin, and not more than the other's. */
  '{between}': [secretsOf('a', 1).email, secretsOf('b', 1).email].sort().at(-1) ?? '',
};

function filled(attack: Attack): Attack {
  const fill = (step: string) =>
    Object.entries(words).reduce((text, [word, value]) => text.replaceAll(word, value), step);
  return { ...attack, steps: attack.steps.map(fill) };
}

/** Each tells of a masked value where no gate is. */
export const attacks: readonly Attack[] = [
  ...expressions,
  ...constructors,
  ...throughQueries,
  ...oracles,
  ...sideDoors,
  ...serverDoors,
].map(filled);

/** To be refused although they tell nothing by themselves. */
export const guarded: readonly Attack[] = guards.map(filled);
