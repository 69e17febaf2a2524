import {
  count,
  dialect,
  heading,
  type JsonSchema,
  list,
  mapping,
  name,
  size,
  text,
  titles,
} from './schema-parts.ts';

/** The JSON Schema of gatehouse.yaml. */
export function workspaceSchema(): JsonSchema {
  return {
    $schema: dialect,
    $id: 'urn:gatehouse:schema:v1:workspace',
    title: 'Gatehouse workspace',
    ...mapping(
      {
        ...heading('Workspace'),
        resources: list(resource(), 'What agents may want to reach.'),
        extends: list(extended(), 'Other Git repositories whose policies hold here too.'),
        groups: {
          type: 'object',
          propertyNames: { type: 'string', title: titles.group, pattern: '^[^*]{1,200}$' },
          additionalProperties: text('Who is in the group. Has no effect.'),
          description:
            'Groups that policies may name, with who is in them. Where it is there, other groups are taken for mistakes.',
          examples: [{ dba: 'Whoever runs the databases.' }],
        },
        records: records(),
        sizes: mapping(
          {
            maxStatementBytes: size('The largest statement that is read; larger ones are denied.', 1, {
              default: '1MiB',
            }),
            maxMessageBytes: size(
              'The largest protocol message that is read; larger ones end in an error.',
              1,
              {
                default: '64MiB',
              },
            ),
          },
          [],
          { description: 'Bounds on what the daemon reads from a client.' },
        ),
      },
      ['gatehouse', 'kind', 'resources'],
    ),
  };
}

function extended(): JsonSchema {
  return mapping(
    {
      name: name('By what its policies are called: `NAME@REV:FILE`. Unique in the workspace.'),
      git: text('The address of the repository, for Git.', {
        examples: ['https://git.example.com/security/policies.git'],
      }),
      rev: text(
        'A tag, a branch or a commit. What it was is kept in the lock file, which `gatehouse lock` writes.',
        {
          examples: ['v1.4.0'],
        },
      ),
      path: text('The folder whose policies are taken, with those of folders in it.', {
        default: '.gatehouse/policies',
      }),
    },
    ['name', 'git', 'rev'],
  );
}

function resource(): JsonSchema {
  return mapping(
    {
      name: name('The name of the resource, unique in the workspace.'),
      description: text('What the resource is. Has no effect.'),
      protocol: { enum: ['postgres'], description: 'The protocol that the resource speaks.' },
      labels: {
        type: 'object',
        propertyNames: name('The key of a label.'),
        additionalProperties: { type: 'string', maxLength: 256 },
        default: {},
        description: 'Labels that policies choose resources by, and conditions ask for.',
        examples: [{ env: 'prod' }],
      },
      host: text('A host name, an address, or the folder of a unix socket.', { examples: ['127.0.0.1'] }),
      port: port('The port of the database.', { default: 5432 }),
      database: text('The database to connect to.'),
      user: text("The database's own user, which agents never see."),
      password: secretSource(),
      tls: mapping(
        {
          mode: {
            enum: ['disable', 'require', 'verify-ca', 'verify-full'],
            default: 'verify-full',
            description: "As libpq's sslmode. Over a unix socket the default is `disable`.",
          },
          negotiation: {
            enum: ['postgres', 'direct'],
            default: 'postgres',
            description: '`direct`: TLS from the first byte, for PostgreSQL 17 and newer.',
          },
          ca: text(
            "A PEM file with the certificates to trust, relative to the workspace. Absent: the system's.",
          ),
        },
        [],
        { description: 'TLS between the daemon and the database.' },
      ),
      listen: port('The loopback port for agents. Absent: the daemon picks one and keeps it.'),
    },
    ['name', 'protocol', 'host', 'database', 'user'],
  );
}

function port(description: string, more: JsonSchema = {}): JsonSchema {
  return { type: 'integer', minimum: 1, maximum: 65_535, description, ...more };
}

function secretSource(): JsonSchema {
  return mapping(
    {
      command: list(
        text('The program, then its arguments.'),
        'A command that prints the password. It runs without a shell, in the workspace folder.',
        {
          examples: [['op', 'read', 'op://shop/db/password']],
        },
      ),
      file: text('A file that holds the password and only its owner may read, outside of the repository.'),
      env: text("A variable of the daemon's environment. Agents that run beside the daemon may read it too."),
      stdin: text('A name in the JSON object that the daemon reads from its standard input at start.'),
    },
    [],
    {
      title: titles.secret,
      minProperties: 1,
      maxProperties: 1,
      description: 'Where the real password comes from. It never stands in a file of the workspace.',
    },
  );
}

function records(): JsonSchema {
  return mapping(
    {
      durability: {
        enum: ['durable', 'written'],
        default: 'durable',
        description:
          '`durable`: a request goes on once its record is on disk. `written`: once it is written, so a power cut may lose the last moments.',
      },
      results: mapping(
        {
          rows: count('Rows of each masked result that are kept.', 0, { default: 100 }),
          bytes: size('Bytes of each masked result that are kept.', 0, { default: '64KB' }),
        },
        [],
        { description: 'How much of each result is kept.' },
      ),
    },
    [],
    { description: 'What is recorded and how safely.' },
  );
}
