import { tables } from './worlds.ts';

/** Picks a number from 0 up to `below`, which is left out. */
export type Pick = (below: number) => number;

type Kind = 'text' | 'int' | 'bool';

interface Column {
  readonly sql: string;
  readonly kind: Kind;
}

interface Table {
  readonly sql: string;
  readonly columns: readonly Column[];
}

const kinds: Readonly<Record<string, Kind | undefined>> = {
  text: 'text',
  varchar: 'text',
  int: 'int',
  bool: 'bool',
};
const constants: Readonly<Record<Kind, readonly string[]>> = {
  text: ["'ann@x'", "'bob@x'", "'Bob'", "'x'", "'k1'", "'zz'"],
  int: ['0', '1', '2', '10', '31'],
  bool: ['true', 'false'],
};

/** Makes queries of the tables of worlds.ts. They are well typed; some fail when they run, which is wanted too. */
export class QueryMaker {
  readonly #pick: Pick;
  #names = 0;
  /** Expressions that are still to be made, so that no query grows without end. */
  #room = 40;

  readonly #sort: 'anything' | 'names';

  /** @param sort `names`: mostly queries that compare texts for equality, group by them and show them */
  constructor(pick: Pick, sort: 'anything' | 'names' = 'anything') {
    this.#pick = pick;
    this.#sort = sort;
  }

  #one<Each>(list: readonly Each[]): Each {
    const found = list[this.#pick(list.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  #name(): string {
    return `n${this.#names++}`;
  }

  /** A whole statement. */
  statement(): string {
    const { sql } = this.#query(3, []);
    return sql;
  }

  #base(): Table {
    const name = this.#one(['users', 'users', 'orders', 'links', 'people', 'folk']);
    const alias = this.#name();
    const views: Readonly<Record<string, readonly [string, Kind][]>> = {
      people: [
        ['id', 'int'],
        ['mail', 'text'],
        ['small', 'text'],
      ],
      folk: [
        ['mail', 'text'],
        ['note', 'text'],
      ],
    };
    const listed =
      views[name] ??
      Object.entries(tables[name]?.columns ?? {}).map(
        ([column, type]) => [column, kinds[type.split(' ')[0] ?? '']] as const,
      );
    const columns = listed.flatMap(([column, kind]) =>
      kind === undefined ? [] : { sql: `${alias}.${column}`, kind },
    );
    return { sql: `${name} ${alias}`, columns };
  }

  #source(depth: number, outer: readonly Column[]): Table {
    if (depth <= 0 || this.#pick(3) > 0) return this.#base();
    const alias = this.#name();
    const isLateral = outer.length > 0 && this.#pick(2) === 0;
    const { sql, kinds: given } = this.#query(depth - 1, isLateral ? outer : []);
    const names = given.map((_, index) => `c${index}`);
    return {
      sql: `${isLateral ? 'LATERAL ' : ''}(${sql}) ${alias} (${names})`,
      columns: given.map((kind, index) => ({ sql: `${alias}.c${index}`, kind })),
    };
  }

  #query(depth: number, outer: readonly Column[]): { readonly sql: string; readonly kinds: readonly Kind[] } {
    const width = 1 + this.#pick(3);
    const wanted = Array.from({ length: width }, () => this.#one<Kind>(['text', 'text', 'int', 'bool']));
    if (depth > 0 && this.#pick(6) === 0) {
      const operation = this.#one(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT']);
      const [left, right] = [this.#select(depth - 1, outer, wanted), this.#select(depth - 1, outer, wanted)];
      return { sql: `(${left}) ${operation} (${right})`, kinds: wanted };
    }
    if (depth > 0 && this.#pick(8) === 0) {
      const name = this.#name();
      const inner = this.#query(depth - 1, []);
      const names = inner.kinds.map((_, index) => `c${index}`);
      const columns = inner.kinds.map((kind, index) => ({ sql: `${name}.c${index}`, kind }));
      const list = wanted.map((kind) => this.#expression(kind, depth, [...columns, ...outer]));
      const where = this.#pick(2) === 0 ? ` WHERE ${this.#expression('bool', 1, columns)}` : '';
      return {
        sql: `WITH ${name} (${names}) AS (${inner.sql}) SELECT ${list} FROM ${name}${where}`,
        kinds: wanted,
      };
    }
    return { sql: this.#select(depth, outer, wanted), kinds: wanted };
  }

  #select(depth: number, outer: readonly Column[], wanted: readonly Kind[]): string {
    const first = this.#source(depth - 1, outer);
    let from = first.sql;
    let columns = [...first.columns];
    if (this.#pick(2) === 0) {
      const second = this.#source(depth - 1, [...outer, ...columns]);
      columns = [...columns, ...second.columns];
      const join = this.#one(['JOIN', 'LEFT JOIN', 'CROSS JOIN']);
      const on = join === 'CROSS JOIN' ? '' : ` ON ${this.#condition([...columns, ...outer])}`;
      from += ` ${join} ${second.sql}${on}`;
    }
    const seen = [...columns, ...outer];
    const where = this.#pick(3) === 0 ? ` WHERE ${this.#condition(seen)}` : '';
    const how = this.#pick(8);
    if (how === 0) {
      const keys = [this.#one(columns), this.#one(columns)].map(({ sql }) => sql);
      const having = this.#pick(3) === 0 ? ` HAVING ${this.#aggregate('int', seen)} > 1` : '';
      const list = wanted.map((kind) => this.#aggregate(kind, seen));
      return `SELECT ${list} FROM ${from}${where} GROUP BY ${keys}${having}`;
    }
    if (how === 1) return `SELECT ${wanted.map((kind) => this.#aggregate(kind, seen))} FROM ${from}${where}`;
    const list = wanted.map((kind) =>
      this.#pick(10) === 0 ? this.#window(kind, columns, seen) : this.#expression(kind, depth, seen),
    );
    const distinct = this.#pick(10) === 0 ? 'DISTINCT ' : '';
    const order =
      this.#pick(4) === 0
        ? ` ORDER BY ${this.#pick(2) === 0 || distinct !== '' ? 1 : this.#expression('text', 1, seen)}`
        : '';
    const limit = order !== '' && this.#pick(2) === 0 ? ' LIMIT 3' : '';
    return `SELECT ${distinct}${list} FROM ${from}${where}${order}${limit}`;
  }

  /** Mostly what the design has words for, and sometimes anything. */
  #condition(seen: readonly Column[]): string {
    const kind = this.#sort === 'names' ? 'text' : this.#one<Kind>(['text', 'int']);
    const left = this.#column(kind, seen);
    switch (this.#pick(this.#sort === 'names' ? 3 : 5)) {
      case 0:
        return `${left} = ${this.#column(kind, seen)}`;
      case 1:
        return `${left} IN (${this.#one(constants[kind])}, ${this.#one(constants[kind])})`;
      case 2:
        return `${left} IS NOT NULL`;
      case 3:
        return this.#expression('bool', 2, seen);
      default:
        return `${this.#column('int', seen)} < ${this.#one(constants.int)}`;
    }
  }

  #column(kind: Kind, seen: readonly Column[]): string {
    const fitting = seen.filter((column) => column.kind === kind);
    return fitting.length === 0 ? this.#one(constants[kind]) : this.#one(fitting).sql;
  }

  #aggregate(kind: Kind, seen: readonly Column[]): string {
    const text = this.#column('text', seen);
    const int = this.#column('int', seen);
    const filter = this.#pick(5) === 0 ? ` FILTER (WHERE ${this.#condition(seen)})` : '';
    switch (kind) {
      case 'text':
        return `${this.#one([`max(${text})`, `min(${text})`, `string_agg(${text}, ',' ORDER BY ${this.#one(seen).sql}, ${text})`])}${filter}`;
      case 'int':
        return `${this.#one(['count(*)', `count(${text})`, `max(${int})`, `sum(${int})`, `count(DISTINCT ${text})`])}${filter}::int`;
      case 'bool':
        return `bool_or(${this.#column('bool', seen)})${filter}`;
    }
  }

  #window(kind: Kind, own: readonly Column[], seen: readonly Column[]): string {
    const over = this.#one([
      '',
      `PARTITION BY ${this.#one(own).sql}`,
      `ORDER BY ${this.#one(own).sql}, ${this.#one(own).sql}`,
    ]);
    if (kind === 'int') return `(count(${this.#column('text', seen)}) OVER (${over}))::int`;
    return `max(${this.#column(kind === 'bool' ? 'int' : kind, seen)}) OVER (${over})${kind === 'bool' ? ' > 3' : ''}`;
  }

  #expression(kind: Kind, depth: number, seen: readonly Column[]): string {
    this.#room--;
    const isPlain = this.#sort === 'names' && this.#pick(8) > 0;
    if (isPlain || depth <= 0 || this.#room <= 0 || this.#pick(3) === 0) {
      return this.#pick(6) === 0 ? this.#one(constants[kind]) : this.#column(kind, seen);
    }
    const sub = (inner: Kind) => this.#expression(inner, depth - 1, seen);
    if (this.#pick(10) === 0) return this.#subquery(kind, depth, seen);
    const general = [
      () => `CASE WHEN ${sub('bool')} THEN ${sub(kind)} ELSE ${sub(kind)} END`,
      () => `coalesce(${sub(kind)}, ${sub(kind)})`,
      () => `nullif(${sub(kind)}, ${sub(kind)})`,
    ];
    if (this.#pick(3) === 0) return this.#one(general)();
    switch (kind) {
      case 'text':
        return this.#one([
          () => `lower(${sub('text')})`,
          () => `(${sub('text')} || ${sub('text')})`,
          () => `left(${sub('text')}, 2)`,
          () => `greatest(${sub('text')}, ${sub('text')})`,
          () => `(${sub('int')})::text`,
          () => `concat(${sub('text')}, ${sub('int')})`,
          () => `split_part(${sub('text')}, '@', 1)`,
          () => `(ARRAY[${sub('text')}, ${sub('text')}])[${this.#one(['1', '2', sub('int')])}]`,
          () => `loudly(${sub('text')})`,
          () => `email_of(${sub('int')})`,
          () => `(row(${sub('text')}, 1)).f1`,
          () => `jsonb_build_object('a', ${sub('text')}) ->> 'a'`,
        ])();
      case 'int':
        return this.#one([
          () => `length(${sub('text')})`,
          () => `(${sub('int')} + ${sub('int')})`,
          () => `(${sub('int')} / ${sub('int')})`,
          () => `abs(${sub('int')})`,
          () => `strpos(${sub('text')}, ${sub('text')})`,
          () => `num_nulls(${sub('text')}, ${sub('int')})`,
        ])();
      case 'bool':
        return this.#one([
          () => `(${sub('text')} = ${sub('text')})`,
          () => `(${sub('int')} < ${sub('int')})`,
          () => `(${sub('bool')} AND ${sub('bool')})`,
          () => `(${sub('bool')} OR NOT ${sub('bool')})`,
          () => `(${sub('text')} IS NULL)`,
          () => `(${sub('text')} LIKE ${this.#one(["'a%'", "'%o%'", sub('text')])})`,
          () => `(${sub('int')} BETWEEN ${sub('int')} AND ${sub('int')})`,
          () => `(${sub('text')} IN (${sub('text')}, 'Bob'))`,
          () => `(${sub('text')} IS DISTINCT FROM ${sub('text')})`,
        ])();
    }
  }

  #subquery(kind: Kind, depth: number, seen: readonly Column[]): string {
    const { sql } = this.#base();
    const alias = sql.split(' ')[1] ?? '';
    const own = this.#columnsOf(sql, alias);
    const all = [...own, ...seen];
    if (kind === 'bool') {
      return this.#one([
        () => `EXISTS (SELECT FROM ${sql} WHERE ${this.#condition(all)})`,
        () =>
          `(${this.#column('text', seen)} IN (SELECT ${this.#column('text', own)} FROM ${sql} WHERE ${this.#condition(all)}))`,
      ])();
    }
    return depth % 2 === 0
      ? `(SELECT ${this.#aggregate(kind, own)} FROM ${sql} WHERE ${this.#condition(all)})`
      : `(SELECT ${this.#column(kind, own)} FROM ${sql} ORDER BY ${this.#one(own).sql} LIMIT 1)`;
  }

  #columnsOf(sql: string, alias: string): readonly Column[] {
    const name = sql.split(' ')[0] ?? '';
    if (name === 'people')
      return [
        { sql: `${alias}.id`, kind: 'int' },
        { sql: `${alias}.mail`, kind: 'text' },
      ];
    if (name === 'folk') return [{ sql: `${alias}.mail`, kind: 'text' }];
    return Object.entries(tables[name]?.columns ?? {}).flatMap(([column, type]) => {
      const kind = kinds[type.split(' ')[0] ?? ''];
      return kind === undefined ? [] : [{ sql: `${alias}.${column}`, kind }];
    });
  }
}
