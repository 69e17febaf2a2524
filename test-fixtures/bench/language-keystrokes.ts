/** What somebody types into the long file: each text as it stands after a keystroke. */
export function* keystrokes(start: string, rounds: number): Generator<string> {
  let text = start;
  for (let round = 0; round < rounds; round++) {
    const places = [...text.matchAll(/ {2}- name: /g)];
    const at = places[(round * 37 + 11) % places.length]?.index ?? 0;
    for (const { from, type, erase } of sessions(text, at)) {
      const before = text;
      let caret = from;
      for (const unit of type) {
        text = text.slice(0, caret) + unit + text.slice(caret);
        caret++;
        yield text;
      }
      // What was typed is taken back, so that the file stays as long as it is.
      if (erase === 'keys') {
        while (caret > from) {
          text = text.slice(0, caret - 1) + text.slice(caret);
          caret--;
          yield text;
        }
      } else {
        text = before;
        yield text;
      }
    }
  }
}

interface Typing {
  readonly from: number;
  readonly type: string;
  readonly erase: 'keys' | 'undo';
}

function sessions(text: string, rule: number): readonly Typing[] {
  const after = (needle: string): number => text.indexOf(needle, rule) + needle.length;
  return [
    { from: after('- name: '), type: 'new-', erase: 'keys' },
    { from: after('hasWhere'), type: ' && request.sql.hasLimit', erase: 'undo' },
    { from: after('tables: ['), type: 'public.a_b, ', erase: 'keys' },
    {
      from: rule - 1,
      type: '\n  - name: no-drops\n    effect: deny\n    sql: { actions: [drop] }\n    message: "No drops."',
      erase: 'undo',
    },
    { from: after('# Asked for'), type: ' again', erase: 'keys' },
  ];
}
