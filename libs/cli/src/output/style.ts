import type { Io, TextSink } from '../io.ts';

/** Codes of ECMA-48: what sets a look, and what ends it. */
const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** Words in a look that a terminal shows; plain where the output is no terminal or NO_COLOR is set. */
export type Style = Readonly<Record<keyof typeof codes, (text: string) => string>>;

export function styleFor(sink: TextSink, env: Io['env']): Style {
  const isPlain = sink.isTTY !== true || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  const entries = Object.entries(codes).map(([name, [on, off]]) => [
    name,
    (text: string) => (isPlain || text === '' ? text : `\u001b[${on}m${text}\u001b[${off}m`),
  ]);
  return Object.fromEntries(entries) as Style;
}
