// What the server calls fields and values in its sentences about a filter, as this screen calls them.
import { language } from '../i18n.js';
import { learnNames } from '../said.js';

export const labelOf = (field) => (language() === 'zh' ? field.label_zh : field.label_en);
export const labelOfChoice = (choice) => (language() === 'zh' ? choice.label_zh : choice.label_en) ?? '';

/** In English they are called as the server calls them. */
export function learnFilterNames(fields) {
  const names = language() === 'en' ? [] : fields.flatMap((field) => [[field.name, labelOf(field)],
    ...(field.kind === 'choice' ? field.choices.map((choice) => [choice.value, labelOfChoice(choice)]) : [])]);
  learnNames('bad_filter', Object.fromEntries(names.filter(([, words]) => words)));
}
