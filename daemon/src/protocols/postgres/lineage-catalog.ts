import type {
  LineageCatalog,
  LineageColumn,
  LineageFunction,
  LineageRelation,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-catalog.ts';
import type { CatalogView } from './catalog.ts';
import type { FunctionFacts } from './catalog/function-facts.ts';
import { isOpaque } from './catalog/opaque-relations.ts';
import { firstUserOid } from './catalog/question-parts.ts';
import { readBody } from './catalog/read-text.ts';
import type { RelationFacts } from './catalog/relation-facts.ts';
import { effectivePath, schemaList } from './catalog/search-path.ts';
import { valueForms } from './catalog/value-forms.ts';
import type { CatalogRelation, SessionPath } from './catalog-probe.ts';
import { isTemporary, temporarySchema } from './session-names.ts';

/** What the catalog says to lineage, for one session. What was not learned before, or deeper than is followed, is unknown. */
export function lineageCatalog(view: CatalogView, path: SessionPath): LineageCatalog {
  return new PathScope(new Session(view, path), path.schemas, 'first', schemaList(path.setting), path.role);
}

/** Shared by the scopes of one session. */
class Session {
  readonly view: CatalogView;
  /** The actual name of its temporary schema. */
  readonly temporary: string | undefined;
  readonly #paths = new Map<string, PathScope>();

  constructor(view: CatalogView, { schemas }: SessionPath) {
    this.view = view;
    this.temporary = schemas.find(isTemporary);
  }

  actual(schema: string): string {
    return schema === temporarySchema ? (this.temporary ?? schema) : schema;
  }

  spoken(schema: string): string {
    return isTemporary(schema) ? temporarySchema : schema;
  }

  /** One scope for one path, so that what it has made is made once. */
  path(schemas: readonly string[], setting: readonly string[], role: string): PathScope {
    const key = JSON.stringify([schemas, setting, role]);
    let scope = this.#paths.get(key);
    if (scope === undefined) {
      scope = new PathScope(this, schemas, 'only', setting, role);
      this.#paths.set(key, scope);
    }
    return scope;
  }
}

/** What every scope of a session says alike. */
abstract class SessionScope implements LineageCatalog {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  abstract relation(schema: string | undefined, name: string): LineageRelation | undefined;
  abstract functions(schema: string | undefined, name: string): readonly LineageFunction[];
  /** Whether an unqualified name may be of this schema. */
  protected abstract leadsTo(schema: string): boolean;

  hasUserOperator(name: string, left?: number, right?: number): boolean {
    return this.session.view.facts.userObjects?.hasOperator(name, left, right) ?? true;
  }

  hasUserType(schema: string | undefined, name: string, from?: number): boolean {
    return this.session.view.facts.userObjects?.hasType(name, this.#of(schema), from) ?? true;
  }

  isPlainType(schema: string | undefined, name: string): boolean {
    return this.session.view.facts.userObjects?.isPlainType(name, this.#of(schema)) ?? false;
  }

  #of(schema: string | undefined): (other: string) => boolean {
    if (schema === undefined) return (other) => this.leadsTo(other);
    const actual = this.session.actual(schema);
    return (other) => other === actual;
  }
}

/** Names by a search path. */
class PathScope extends SessionScope {
  readonly #schemas: readonly string[];
  /** `only`: which schemas a role may use is not known, so a name in several of them may be of any. */
  readonly #wanted: 'first' | 'only';
  readonly #setting: readonly string[];
  readonly #role: string;
  readonly #relations = new Map<number, LineageRelation | undefined>();
  readonly #functions = new Map<number, LineageFunction>();

  constructor(
    session: Session,
    schemas: readonly string[],
    wanted: 'first' | 'only',
    setting: readonly string[],
    role: string,
  ) {
    super(session);
    this.#schemas = schemas;
    this.#wanted = wanted;
    this.#setting = setting;
    this.#role = role;
  }

  protected override leadsTo(schema: string): boolean {
    return this.#schemas.includes(schema);
  }

  override relation(schema: string | undefined, name: string): LineageRelation | undefined {
    const { view } = this.session;
    if (view.relationsNamed(name) === undefined) return undefined;
    const schemas = schema === undefined ? this.#schemas : [this.session.actual(schema)];
    const found = schemas.map((each) => view.qualified(each, name)).filter((each) => each !== undefined);
    const [first, other] = found;
    if (first === undefined || (this.#wanted === 'only' && other !== undefined)) return undefined;
    return this.known(first);
  }

  override functions(schema: string | undefined, name: string): readonly LineageFunction[] {
    const named = this.session.view.facts.functionsNamed(name);
    if (named === undefined) return [unknownFunction(schema, name)];
    const schemas = schema === undefined ? this.#schemas : [this.session.actual(schema)];
    return named.filter((each) => schemas.includes(each.schema)).map((each) => this.function(each));
  }

  /** A relation, however it was named. */
  known(relation: CatalogRelation): LineageRelation | undefined {
    const { oid } = relation;
    if (!this.#relations.has(oid)) this.#relations.set(oid, this.#build(relation));
    return this.#relations.get(oid);
  }

  #build(relation: CatalogRelation): LineageRelation | undefined {
    const { oid, schema, name, definition, refersTo } = relation;
    const { facts } = this.session.view;
    const told = facts.relation(oid);
    const kind = kinds[relation.kind];
    if (told === undefined || told === null || kind === undefined) return undefined;
    const columns = columnsOf(relation, told, this.session.view);
    if (columns === undefined) return undefined;
    const made = {
      oid,
      schema: this.session.spoken(schema),
      name,
      columns,
      keys: keysOf(relation, told),
      ...checkedOf(relation, told, this.session.view),
    };
    if (told.hasRules || isOpaque(relation)) return { ...made, kind: 'anything' };
    // PostgreSQL's own views speak of names and settings; those that do not are opaque.
    if (kind === 'table' || oid < firstUserOid) return { ...made, kind: 'table' };
    if (definition === undefined) return undefined;
    const reads = refersTo.map(([referred]) => referred);
    return { ...made, kind, query: definition, scope: new DependencyScope(this, reads, told.calls) };
  }

  /** A function, however it was named. */
  function(facts: FunctionFacts): LineageFunction {
    let made = this.#functions.get(facts.oid);
    if (made === undefined) {
      made = {
        schema: this.session.spoken(facts.schema),
        name: facts.name,
        arguments: facts.arguments,
        hasDefaults: facts.defaults !== undefined,
        variadic: facts.variadic,
        returnsSet: facts.returnsSet,
        isAggregate: facts.kind === 'a',
        columns: facts.columns,
        body: this.#body(facts),
      };
      this.#functions.set(facts.oid, made);
    }
    return made;
  }

  #body(facts: FunctionFacts): LineageFunction['body'] {
    const body = readBody(facts);
    if (body.kind === 'unread') return body;
    const within = this.#within(facts);
    if (body.kind === 'queries') return { kind: 'queries', texts: body.texts, scope: within };
    const scope = body.isKeptParsed ? new DependencyScope(within, facts.relations, facts.calls) : within;
    return { kind: 'sql', text: body.text, scope };
  }

  /** What names mean inside of a function, and in what it calls: by its own search path, or the caller's. */
  #within({ settings, definer }: FunctionFacts): PathScope {
    const own = settings.find((setting) => setting.startsWith(pathSetting));
    if (own === undefined && definer === undefined) return this;
    const role = definer ?? this.#role;
    const setting = own === undefined ? this.#setting : schemaList(own.slice(pathSetting.length));
    const schemas = effectivePath(setting, role, this.session.temporary);
    const all = own === undefined ? [...new Set([...schemas, ...this.#schemas])] : schemas;
    return this.session.path(all, setting, role);
  }
}

const pathSetting = 'search_path=';

/**
 * Names in a query that the server writes out of what it keeps parsed. It writes them as the search path of the time
 * needs it, which need not be ours; but it knows what the query depends on, and all that is not PostgreSQL's own is there.
 */
class DependencyScope extends SessionScope {
  /** What functions without a search path of their own, called from here, go by. */
  readonly #caller: PathScope;
  readonly #relations: ReadonlySet<number>;
  readonly #functions: ReadonlySet<number>;

  constructor(caller: PathScope, relations: readonly number[], functions: readonly number[]) {
    super(caller.session);
    this.#caller = caller;
    this.#relations = new Set(relations);
    this.#functions = new Set(functions);
  }

  protected override leadsTo(): boolean {
    return true;
  }

  override relation(schema: string | undefined, name: string): LineageRelation | undefined {
    const { view } = this.session;
    const named = view.relationsNamed(name);
    if (named === undefined) return undefined;
    const actual = schema === undefined ? undefined : this.session.actual(schema);
    const meant = new Map<number, CatalogRelation>();
    const referred = [...this.#relations].map((oid) => view.relation(oid));
    for (const each of [...referred, ...named.filter(isOwn)]) {
      if (each?.name === name && (actual === undefined || each.schema === actual)) meant.set(each.oid, each);
    }
    const [found, other] = meant.values();
    return found === undefined || other !== undefined ? undefined : this.#caller.known(found);
  }

  override functions(schema: string | undefined, name: string): readonly LineageFunction[] {
    const actual = schema === undefined ? undefined : this.session.actual(schema);
    const { facts } = this.session.view;
    const found: LineageFunction[] = [];
    for (const oid of this.#functions) {
      const told = facts.function(oid);
      if (told === undefined || told === null) found.push(unknownFunction(schema, name));
      else if (told.name === name && (actual === undefined || told.schema === actual)) {
        found.push(this.#caller.function(told));
      }
    }
    return found;
  }
}

/** PostgreSQL's own objects are pinned, and so in nobody's dependencies. */
function isOwn({ oid }: CatalogRelation): boolean {
  return oid < firstUserOid;
}

/** By pg_class.relkind. Indexes and composite types cannot be read. */
const kinds: Readonly<Record<string, LineageRelation['kind']>> = {
  r: 'table',
  p: 'table',
  f: 'table',
  S: 'table',
  t: 'anything',
  v: 'view',
  m: 'view',
};

function columnsOf(
  relation: CatalogRelation,
  { columns }: RelationFacts,
  view: CatalogView,
): readonly LineageColumn[] | undefined {
  const made: LineageColumn[] = [];
  for (const { attribute, type } of columns) {
    const name = relation.columns.get(attribute);
    // Changed between two questions.
    if (name === undefined) return undefined;
    const from = relation.generated
      .filter(([at, source]) => at === attribute && source !== attribute)
      .map(([, source]) => source);
    const forms = valueForms(type, attribute, relation, {
      facts: view.facts,
      relation: (oid) => view.relation(oid),
    });
    made.push({
      name,
      attribute,
      type: view.facts.userObjects?.baseType(type) ?? type,
      ...(forms === undefined ? {} : { forms }),
      ...(from.length > 0 ? { generatedFrom: [...new Set(from)] } : {}),
    });
  }
  return made.length === relation.columns.size ? made : undefined;
}

/** Columns of which no two rows have the same values. */
function keysOf(
  relation: CatalogRelation,
  { columns, unique }: RelationFacts,
): readonly (readonly number[])[] {
  // An index of a table says nothing of the rows in the tables that inherit from it.
  if (relation.kind !== 'p' && relation.children.length > 0) return [];
  const never = new Set(columns.filter(({ isNotNull }) => isNotNull).map(({ attribute }) => attribute));
  return unique.filter((key) => key.every((attribute) => never.has(attribute)));
}

/** Columns by whose values a write may fail, or does something else that can be seen. */
function checkedOf(
  { generated, columns: names }: CatalogRelation,
  { checked, columns }: RelationFacts,
  { facts }: CatalogView,
): Pick<LineageRelation, 'checked'> {
  const sources = generated.flatMap(([at, source]) => (at === source ? [] : [source]));
  const types = columns.filter(
    ({ type, isBounded }) => isBounded || facts.userObjects?.isConstrained(type) !== false,
  );
  const all = new Set([...checked, ...sources, ...types.map(({ attribute }) => attribute)]);
  // 0: the row as a whole.
  const found = all.has(0) ? [...names.keys()] : [...all];
  return found.length === 0 ? {} : { checked: found.toSorted((a, b) => a - b) };
}

/** In the place of functions that were not asked about, which may be anything. */
function unknownFunction(schema: string | undefined, name: string): LineageFunction {
  return {
    schema: schema ?? '',
    name,
    arguments: [],
    hasDefaults: true,
    variadic: true,
    returnsSet: true,
    isAggregate: false,
    columns: [],
    body: { kind: 'unread' },
  };
}
