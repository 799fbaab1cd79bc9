import type { Rejection } from './structure.ts';

/** How much of a writer's own words is repeated, in characters. */
const MAX_WORDS = 200;

/** What is wrong with a question, in a sentence for whoever is to mend it. */
export function told({ id, text, reason }: Rejection): string {
  if (id === '') return `${capitalised(reason)}.`;
  const words = text === '' ? '' : ` ("${shortened(text)}")`;
  return `${shortened(id)}${words}: ${reason}.`;
}

/** What was left out, why, and what became of the questions that depended on it. */
export function toldWithMoves(rejection: Rejection): string {
  const { moved } = rejection;
  return moved.length === 0 ? told(rejection) : `${told(rejection)} Therefore ${moved.join(', ')}.`;
}

function capitalised(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

function shortened(text: string): string {
  return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)}…` : text;
}
