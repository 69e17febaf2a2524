/** Workflow commands of GitHub Actions: lines of a job's output that annotate files. */

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly title: string;
  readonly message: string;
}

export function annotation({ level, file, line, endLine, column, title, message }: Annotation): string {
  const where = `file=${property(file)},line=${line},endLine=${endLine},col=${column}`;
  return `::${level} ${where},title=${property(title)}::${data(message)}`;
}

/** What a text of the files holds must not end the command and begin another. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
