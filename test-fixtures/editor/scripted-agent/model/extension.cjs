/**
 * A language model for tests, as an extension of VS Code: it does what a script in the prompt says. The script is the JSON
 * behind `SCRIPT:`, a list of `{ tool, input }`; a tool may be told by the end of its name. Each answer calls the next tool,
 * and when all are called says so. What the model was given stands in the file SCRIPTED_MODEL_LOG, a JSON object a line.
 */
const { appendFileSync } = require('node:fs');
const vscode = require('vscode');

const finished = 'The script is done.';

const model = {
  id: 'scripted',
  name: 'Scripted',
  family: 'scripted',
  version: '1',
  maxInputTokens: 200_000,
  maxOutputTokens: 8000,
  isUserSelectable: true,
  isDefault: true,
  capabilities: { toolCalling: true, imageInput: false },
};

function log(entry) {
  const file = process.env.SCRIPTED_MODEL_LOG;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

const textOf = (parts) => parts.map((part) => (typeof part?.value === 'string' ? part.value : '')).join('');

/** The steps of the newest script, and the results that came since. */
function standOf(messages) {
  let script;
  let results = [];
  for (const { role, content } of messages) {
    for (const part of content) {
      if (part instanceof vscode.LanguageModelToolResultPart) {
        results.push({ call: part.callId, text: textOf(part.content) });
      }
    }
    const found =
      role === vscode.LanguageModelChatMessageRole.User
        ? /SCRIPT:(.*)ENDSCRIPT/s.exec(textOf(content))
        : null;
    if (found === null) continue;
    script = JSON.parse(found[1]);
    results = [];
  }
  return script === undefined ? undefined : { script, results };
}

async function respond(_model, messages, options, progress) {
  const stand = standOf(messages);
  const tools = (options.tools ?? []).map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  if (stand === undefined) {
    progress.report(new vscode.LanguageModelTextPart('There is no script in the prompt.'));
    return;
  }
  const { script, results } = stand;
  const step = script[results.length];
  log({ kind: 'asked', tools: tools.map(({ name }) => name), results });
  if (step === undefined) {
    log({ kind: 'finished', results });
    progress.report(new vscode.LanguageModelTextPart(finished));
    return;
  }
  const tool =
    tools.find(({ name }) => name === step.tool) ?? tools.find(({ name }) => name.endsWith(step.tool));
  if (tool === undefined) {
    log({ kind: 'missing', tool: step.tool, tools: tools.map(({ name }) => name) });
    progress.report(new vscode.LanguageModelTextPart(`There is no tool ${step.tool}.`));
    return;
  }
  log({ kind: 'calls', tool: tool.name, input: step.input });
  progress.report(
    new vscode.LanguageModelToolCallPart(`step-${results.length}-${Date.now()}`, tool.name, step.input),
  );
}

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('scripted', {
      provideLanguageModelChatInformation: () => [model],
      provideLanguageModelChatResponse: respond,
      provideTokenCount: async (_model, text) =>
        (typeof text === 'string' ? text.length : textOf(text.content).length) / 4,
    }),
  );
};
