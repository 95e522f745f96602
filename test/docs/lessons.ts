/** All commands of all documents and of `--help`. */
import { blocksOf, documents, type Lesson, lessonOf, lessonsOfHelp } from './blocks.ts';

export const lessons: readonly Lesson[] = [
  ...documents.flatMap(blocksOf).flatMap((block) => lessonOf(block) ?? []),
  ...lessonsOfHelp(),
];
