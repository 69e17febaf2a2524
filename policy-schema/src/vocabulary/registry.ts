import { sqlVocabulary } from './sql/vocabulary.ts';
import type { Vocabulary, VocabularyName } from './vocabulary.ts';

/** Every vocabulary. A missing one does not compile. */
export const vocabularies: Readonly<Record<VocabularyName, Vocabulary>> = {
  sql: sqlVocabulary,
};
