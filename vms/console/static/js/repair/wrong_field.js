// What the server says of one field or row, beside it.
import { html } from '../html.js';

/** `at`: the field's name as the server says where; of a row (`rules.3`) also what is inside it. */
export function WrongField({ problem, at }) {
  const where = problem?.where ?? '';
  return (where === at || where.startsWith(`${at}.`)) && html`<small class="is-wrong why" role="alert">${problem.message}</small>`;
}
