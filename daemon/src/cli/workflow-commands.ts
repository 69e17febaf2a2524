/** Workflow commands of GitHub Actions: lines of a job's output that annotate files. */

/** A place in a file; relative to the root of the repository. */
export interface AnnotatedPlace {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** Absent: it is about the whole job. */
  readonly place?: AnnotatedPlace;
  readonly title: string;
  readonly message: string;
}

export function annotation({ level, place, title, message }: Annotation): string {
  const where =
    place === undefined
      ? ''
      : `file=${property(place.file)},line=${place.line},endLine=${place.endLine},col=${place.column},`;
  return `::${level} ${where}title=${property(title)}::${data(message)}`;
}

/** What a text of the files holds must not end the command and begin another. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
