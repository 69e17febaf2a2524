import {
  count,
  dialect,
  duration,
  heading,
  type JsonSchema,
  list,
  mapping,
  name,
  size,
  text,
  titles,
} from './schema-parts.ts';

const effects = ['allow', 'approve', 'deny'];

/** The JSON Schema of a test file. */
export function testSchema(): JsonSchema {
  return {
    $schema: dialect,
    $id: 'urn:gatehouse:schema:v1:test',
    title: 'Gatehouse tests',
    ...mapping(
      {
        ...heading('Test'),
        description: text('What the tests are for. Has no effect.'),
        defaults: mapping(
          { resource: resource(), principal: principal(), now: time(), session: session() },
          [],
          { description: 'What holds for every test of the file that does not say otherwise.' },
        ),
        cases: list(testCase(), 'Tests, each of one request.'),
        matrices: list(matrix(), 'Tests of several principals and requests, each with each.'),
      },
      ['gatehouse', 'kind'],
    ),
  };
}

function testCase(): JsonSchema {
  return mapping(
    {
      name: title('What the test holds, unique in the file.'),
      description: text('Why it must be so. Has no effect.'),
      ...asked(),
      principal: principal(),
      expect: expectation(),
    },
    ['name', 'request', 'expect'],
  );
}

function matrix(): JsonSchema {
  const decision: JsonSchema = { enum: effects, description: 'What must be decided.' };
  return mapping(
    {
      name: title('What the tests hold, unique in the file.'),
      description: text('Why it must be so. Has no effect.'),
      principals: list(
        mapping({ name: name('How `expect` calls the principal.'), ...who() }, ['name']),
        'Who asks.',
      ),
      requests: list(
        mapping({ name: name('How `expect` calls the request.'), ...asked() }, ['name', 'request']),
        'What is asked.',
      ),
      expect: {
        type: 'object',
        propertyNames: name('A request of the matrix.'),
        additionalProperties: {
          type: 'object',
          propertyNames: name('A principal of the matrix.'),
          additionalProperties: decision,
          description: 'The decision for each principal.',
        },
        description: 'For each request by its name, what each principal by its name is answered.',
        examples: [{ 'read-orders': { analyst: 'allow', dba: 'allow' } }],
      },
    },
    ['name', 'principals', 'requests', 'expect'],
  );
}

/** A request with all that it is decided by, but for who asks. */
function asked(): Readonly<Record<string, JsonSchema>> {
  return {
    request: text('The request as an agent would send it: for a database the text of a statement.', {
      maxLength: 100_000,
    }),
    parameters: {
      type: 'array',
      items: { type: ['string', 'number', 'boolean', 'null'] },
      description: 'The values of `$1`, `$2`, … No rule can read them, so they have no effect.',
    },
    resource: resource(),
    now: time(),
    session: session(),
    facts: mapping(
      {
        estimatedRows: amount('Rows that the planner of the server expects.'),
        plannerCost: amount('What the planner of the server expects the request to cost, in its own units.'),
      },
      [],
      {
        description:
          'What only the server knows. With one of the two the other is 0; with none, what depends on them is open.',
      },
    ),
  };
}

function resource(): JsonSchema {
  return name('Which resource is asked, as gatehouse.yaml names it. Not needed where there is only one.');
}

function time(): JsonSchema {
  return {
    type: 'string',
    title: titles.time,
    pattern:
      '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,3})?)?(Z|[+-][0-9]{2}:[0-9]{2})$',
    default: '2026-01-05T12:00:00Z',
    description: 'What the clock says. It stands still, so that a test tells the same on every day.',
  };
}

function session(): JsonSchema {
  return mapping(
    {
      inTransaction: { type: 'boolean', default: false, description: 'Whether a transaction is open.' },
      application: text('The application_name that the client gave.', { default: 'gatehouse test' }),
      searchPath: list(
        text('A schema.'),
        'Where names without a schema are looked up. Without a catalog they lie in the first one.',
        { default: ['public'] },
      ),
    },
    [],
    { description: 'The state of the session that the request comes in.' },
  );
}

function principal(): JsonSchema {
  return mapping(who(), [], { description: 'Who asks.' });
}

function who(): Readonly<Record<string, JsonSchema>> {
  return {
    agent: text('The agent.', { default: 'agent', examples: ['claude-code'] }),
    person: text('The person that the agent works for.', { default: 'person' }),
    groups: {
      type: 'array',
      items: text('A group.'),
      default: [],
      description: 'The groups of the person.',
      examples: [['dba']],
    },
    task: { type: 'string', default: '', description: 'The task of the session.' },
    workspace: text('The workspace that the agent works in.', { default: 'test' }),
  };
}

function expectation(): JsonSchema {
  return mapping(
    {
      decision: { enum: effects, description: 'What must be decided.' },
      observed: {
        enum: effects,
        description: 'What must be decided where policies that only observe count too.',
      },
      rules: {
        type: 'array',
        items: text('A rule, as `policy/rule`.'),
        description:
          'The rules that decide, all of them and no other, as `policy/rule`. `[]`: none, so that it is denied by default.',
        examples: [['shop-writing/no-schema-changes']],
      },
      masks: {
        type: 'object',
        propertyNames: text('A column, as `schema.table.column`.'),
        additionalProperties: {
          enum: ['none', 'redact', 'partial', 'hash', 'range', 'tokenize', 'null', null],
          description: 'The mask that must be on the column. `none`: its values pass as they are.',
        },
        description: 'For each column, which mask hides it from the principal. Others are not looked at.',
        examples: [{ 'public.customers.email': 'tokenize' }],
      },
      limits: mapping(
        {
          rows: count('Rows that one request may return.', 1),
          bytes: size('Bytes that one request may return.', 1),
          duration: duration('Wall time of one request.'),
          statementsPerMinute: count('Statements in a minute.', 1),
          cost: count('What the planner may expect one request to cost.', 1),
          estimatedRows: count('Rows that the planner may expect.', 1),
        },
        [],
        { description: 'The limits that must hold. Others are not looked at.' },
      ),
      message: text('What the words that the agent gets must contain.'),
    },
    ['decision'],
    { description: 'What must come of it.' },
  );
}

function title(description: string): JsonSchema {
  return text(description, { maxLength: 200 });
}

function amount(description: string): JsonSchema {
  return { type: 'number', minimum: 0, maximum: 1_000_000_000_000, description };
}
