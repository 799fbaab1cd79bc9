/** Text, sections, tables, figures and fold-outs. */
export const layoutStyles = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,footer{max-width:90rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:2.5rem}
footer{padding-bottom:3rem}
h1,h2,h3,h4,h5{line-height:1.25;margin:0;font-weight:600;text-wrap:balance}
h1{font:600 2.1rem/1.2 ui-serif,Georgia,"Times New Roman",serif;margin:.25rem 0 1.25rem}
h2,.generation-body>section>h4{font:600 1.35rem/1.3 ui-serif,Georgia,"Times New Roman",serif;margin:2.5rem 0 .75rem}
h3{font-size:1.05rem}
h4,h5{font-size:1rem}
p{margin:.4rem 0}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
code,pre{font:.85em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.said{unicode-bidi:isolate;overflow-wrap:anywhere;white-space:pre-line}
.label,dt,caption{color:var(--quiet);font-size:.8rem;letter-spacing:.04em;text-transform:uppercase}
.label .said{text-transform:none;letter-spacing:0}
.note{color:var(--quiet);font-size:.875rem;overflow-wrap:anywhere}
.badge{display:inline-block;padding:.1rem .55rem;border-radius:1rem;font-size:.875rem;font-weight:600;white-space:nowrap;border:1px solid currentColor}
.badge.good{color:var(--good);background:var(--good-ground)}
.badge.bad{color:var(--bad);background:var(--bad-ground)}
.badge.open{color:var(--open);background:var(--open-ground)}
.badge.quiet{color:var(--quiet);background:var(--quiet-ground)}
.outcome{background:var(--card);border:1px solid var(--line);border-left:.4rem solid var(--quiet);border-radius:.6rem;padding:.9rem 1.2rem;margin:0 0 1rem;max-width:70rem}
.outcome.good{border-left-color:var(--good)}
.outcome.bad{border-left-color:var(--bad)}
.outcome.open{border-left-color:var(--open)}
.outcome-line{font-size:1.1rem}
.facts{display:flex;flex-wrap:wrap;gap:.6rem 2rem;margin:.75rem 0}
.facts div{max-width:36rem;min-width:0}
dd{margin:0;overflow-wrap:anywhere}
blockquote{margin:.5rem 0;padding:.2rem 1.2rem;border-left:.25rem solid var(--accent);font:1.15rem/1.5 ui-serif,Georgia,serif;max-width:60rem}
ul.warnings{margin:.5rem 0;padding:.5rem 1rem .5rem 2rem;background:var(--open-ground);color:var(--open);border-radius:.5rem;max-width:70rem}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.6rem;background:var(--card);margin:.75rem 0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;caption-side:top}
table.data caption{padding:.6rem .9rem}
.heard{position:absolute;width:1px;height:1px;padding:0;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.5rem .9rem;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400}
thead th{font-size:.8rem;color:var(--quiet);font-weight:600}
thead th .note{font-weight:400}
tfoot th,tfoot td{font-weight:600;border-top:2px solid var(--line)}
.data th:first-child{min-width:9rem}
.data td.text{min-width:6rem}
.number{text-align:right;font-variant-numeric:tabular-nums}
th.number,td.number{white-space:nowrap}
.again{color:var(--quiet)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem;margin:1rem 0}
.figure{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1.1rem}
.figure .number{text-align:left;font:600 1.9rem/1.2 ui-serif,Georgia,serif;margin:.2rem 0 .5rem}
.bar{display:block;width:100%;min-width:5rem;height:.5rem;border-radius:.25rem}
.bar-all{fill:var(--bar-all)}
.bar-value{fill:var(--bar)}
.bar-band{fill:var(--ink);fill-opacity:.35}
summary{cursor:pointer}
details.more{border:1px solid var(--line);border-radius:.5rem;background:var(--card);padding:.5rem .9rem;margin:.5rem 0}
details.more>summary{font-weight:600;font-size:.9rem}
details.more .scroll{border:0;margin:0 -.9rem -.5rem}
.json{white-space:pre-wrap;background:var(--quiet-ground);border-radius:.4rem;padding:.7rem .9rem;max-height:30rem;overflow:auto}
details.generation{background:var(--card);border:1px solid var(--line);border-radius:.6rem;margin:.75rem 0}
details.generation>summary{display:flex;gap:1rem;align-items:center;padding:.7rem 1rem;list-style-position:inside}
details.generation>summary::before{content:"▸";color:var(--quiet)}
details.generation[open]>summary::before{content:"▾"}
details.generation>summary::-webkit-details-marker{display:none}
.generation-body{padding:0 1.2rem 1.2rem;scroll-margin-top:27rem}
.thumbnails{display:flex;gap:.4rem;flex-wrap:wrap;flex:none}
.thumbnails img,.thumbnails .no-picture{width:6rem;height:6rem;object-fit:cover;border-radius:.4rem}
.thumbnails .no-picture{font-size:.7rem;padding:.3rem;overflow:hidden}
details.generation[open] .thumbnails img{width:auto;height:auto;max-width:min(22rem,80vw);max-height:22rem;object-fit:contain}
.generation-head{min-width:0}
@media (max-width:44rem){
main,footer{padding:0 1rem}
header{padding-top:1.25rem}
h1{font-size:1.55rem}
details.generation>summary{align-items:flex-start}
details.generation[open]>summary{flex-wrap:wrap}
.thumbnails img,.thumbnails .no-picture{width:4.5rem;height:4.5rem}
}
`;
