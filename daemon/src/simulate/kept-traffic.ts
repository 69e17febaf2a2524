import type { WhatIsRead } from '@gatehouse/policy-schema/evaluate/what-is-read.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { breathe } from '../recordings/segments.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import type { Asker } from '../review/recorded-input.ts';
import { Askers } from './askers.ts';
import { type DecidedLine, Gatherer, nameOfReads } from './gather.ts';
import { alikeBy, sessionIn } from './simulate-ranges.ts';
import { rangesBehind, rangesSince, readChunks } from './store-lines.ts';

/** One request of a group, as its record has it. Kept as text, which is far smaller than the object. */
interface KeptRequest {
  readonly line: string;
  readonly asker: Asker | undefined;
}

/** A week of most teams is far below. */
const maxGroups = 30_000;

interface Kept {
  readonly name: string;
  readonly gatherer: Gatherer<KeptRequest>;
  place: { segment: number; offset: number };
  isTooMuch: boolean;
}

/**
 * The different requests of a time, with their counts, kept between questions: while somebody types, the policy changes
 * with each key and the record hardly. What is new since the last question is read then.
 */
export class KeptTraffic {
  readonly #index: StoreIndex;
  #kept: Kept | undefined;

  constructor(index: StoreIndex) {
    this.#index = index;
  }

  /**
   * Visit every group of requests since a time.
   * @returns false where there are too many to be kept
   * @throws RecordFault `store-corrupt`
   */
  async visit(
    about: {
      readonly since: string;
      readonly read: WhatIsRead;
      readonly resources: ReadonlyMap<string, Resource>;
    },
    visit: (line: DecidedLine, asker: Asker | undefined, times: number) => void,
  ): Promise<boolean> {
    const kept = this.#keptFor(about);
    const { folder } = this.#index;
    const ranges =
      kept.place.segment === 0 ? rangesSince(folder, about.since) : rangesBehind(folder, kept.place);
    for (const range of ranges) {
      for (const chunk of readChunks(folder, range)) {
        kept.gatherer.take(chunk);
        kept.place = { segment: range.segment, offset: chunk.offset + chunk.end };
        if (kept.isTooMuch) break;
        // Other questions need not wait.
        await breathe();
      }
    }
    if (kept.isTooMuch) {
      this.#kept = undefined;
      return false;
    }
    let since = performance.now();
    for (const { kept: request, times } of kept.gatherer.groups) {
      visit(JSON.parse(request.line) as DecidedLine, request.asker, times);
      if (performance.now() - since < 20) continue;
      await breathe();
      since = performance.now();
    }
    return true;
  }

  #keptFor({
    since,
    read,
    resources,
  }: {
    readonly since: string;
    readonly read: WhatIsRead;
    readonly resources: ReadonlyMap<string, Resource>;
  }): Kept {
    const protocols = [...resources.values()].map(({ name, protocol }) => [name, protocol]);
    const name = JSON.stringify([since, nameOfReads(read), protocols]);
    if (this.#kept?.name === name) return this.#kept;
    const made: Kept = {
      name,
      place: { segment: 0, offset: 0 },
      isTooMuch: false,
      gatherer: new Gatherer<KeptRequest>({
        read,
        askers: new Askers(read, {}, (session) => sessionIn(this.#index, session)),
        since,
        alike: alikeBy(resources),
        keep: (line, asker) => ({ line: JSON.stringify(line), asker }),
        maxGroups,
        full: () => {
          made.isTooMuch = true;
        },
      }),
    };
    this.#kept = made;
    return made;
  }
}
