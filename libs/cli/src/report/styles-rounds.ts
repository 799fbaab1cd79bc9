import { MAX_COLUMNS } from './rounds.ts';

/** How many columns a grid has, for phones, where its rows are grids of their own. */
const columnClasses = Array.from(
  { length: MAX_COLUMNS },
  (_, index) => `.cols-${index + 1}{--cols:${index + 1}}`,
).join('');

/** Rounds side by side, and the prompts. On a phone a question stands above its verdicts, and the rounds scroll sideways. */
export const roundsStyles = `
${columnClasses}
table.rounds td,table.rounds thead th{min-width:15rem;max-width:30rem}
table.rounds th.question{width:17rem;min-width:13rem;position:sticky;left:0;background:var(--card);z-index:1}
.corner{border-top:0}
.round-name{display:block;font:600 1.1rem/1.3 ui-serif,Georgia,serif;color:var(--ink)}
.question-text{display:block;font-weight:600}
.rounds .result{background:var(--quiet-ground)}
.rounds .result.approved{background:var(--good-ground)}
.rounds thead .result{border-top:.3rem solid var(--accent)}
.rounds thead .result.approved{border-top-color:var(--good)}
.candidates,.references{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.5rem,1fr));gap:.75rem}
.references{grid-template-columns:repeat(auto-fill,minmax(9rem,12rem))}
.candidate{margin:0;min-width:0}
.candidate.best{grid-column:1/-1}
.candidate img{display:block;width:auto;height:auto;max-width:100%;max-height:28rem;margin:0 auto;border-radius:.4rem;background:repeating-conic-gradient(var(--line) 0 25%,var(--card) 0 50%) 0 0/1rem 1rem}
figcaption{font-size:.875rem;padding:.35rem 0}
.score{display:block}
.no-picture{margin:0;padding:1rem;border:1px dashed var(--quiet);border-radius:.4rem;color:var(--quiet);font-size:.875rem;overflow-wrap:anywhere}
.result-badge{color:var(--accent);background:var(--card)}
.verdict{display:flex;flex-wrap:wrap;gap:.3rem .5rem;align-items:center;margin-bottom:.35rem}
.rounds .bar{max-width:16rem;height:.35rem}
.p{font-variant-numeric:tabular-nums;font-size:.9rem}
.change{font-size:.8rem;font-weight:600;padding:.05rem .45rem;border-radius:.3rem}
.change.mended{color:var(--good);outline:2px solid var(--good)}
.change.broke{color:var(--bad);outline:2px dashed var(--bad)}
.change.changed{color:var(--open);outline:2px dotted var(--open)}
.critique{font-size:.9rem;margin:.35rem 0 0}
.others{list-style:none;margin:.5rem 0 0;padding:.4rem 0 0;border-top:1px dashed var(--line);font-size:.85rem}
.others .good{color:var(--good)}
.others .bad{color:var(--bad)}
.others .open{color:var(--open)}
.others .quiet{color:var(--quiet)}
.prompt-card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1.2rem;margin:.75rem 0;max-width:70rem}
.prompt{font-size:1.05rem;line-height:1.65}
.prompt .label{display:block}
ins{background:var(--good-ground);color:var(--good);text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:.2em}
del{background:var(--bad-ground);color:var(--bad);text-decoration:line-through}
.measured{color:var(--quiet)}
@media (max-width:44rem){
table.rounds,.rounds caption,.rounds thead,.rounds tbody{display:block}
.rounds tr{display:grid;grid-template-columns:repeat(var(--cols),minmax(14rem,1fr))}
table.rounds td,table.rounds thead th{min-width:0}
.rounds .corner{display:none}
table.rounds th.question{grid-column:1/-1;position:static;width:auto;border-top:2px solid var(--line)}
.rounds th.question>div{position:sticky;left:.9rem;width:fit-content;max-width:calc(100vw - 4.5rem)}
.rounds td{border-top:0;border-left:1px solid var(--line)}
}
`;
