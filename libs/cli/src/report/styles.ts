import { layoutStyles } from './styles-layout.ts';
import { roundsStyles } from './styles-rounds.ts';

/** Colours by their use. Every pair of ink and ground has a contrast of at least 4.5 to 1, in both modes. */
export const palettes = {
  light: {
    ground: '#faf8f4',
    card: '#ffffff',
    ink: '#1d1f23',
    quiet: '#595e66',
    line: '#dedad1',
    accent: '#27498f',
    'quiet-ground': '#f0eee9',
    good: '#145a36',
    'good-ground': '#e3f3e9',
    bad: '#96201d',
    'bad-ground': '#fce9e7',
    open: '#6d4300',
    'open-ground': '#fdf0d8',
    bar: '#3d7a5a',
    'bar-all': '#e4e1da',
  },
  dark: {
    ground: '#141619',
    card: '#1c1f23',
    ink: '#ececea',
    quiet: '#a8adb5',
    line: '#363b42',
    accent: '#a5bdfb',
    'quiet-ground': '#292d33',
    good: '#8fdcae',
    'good-ground': '#143523',
    bad: '#ffaca6',
    'bad-ground': '#401b1b',
    open: '#f4cb76',
    'open-ground': '#3a2b0c',
    bar: '#6fbf93',
    'bar-all': '#363b42',
  },
} as const;

function properties(palette: Readonly<Record<string, string>>): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}

/** The whole stylesheet. It names no address: nothing is fetched for it. */
export const styles = `
:root{color-scheme:light dark;${properties(palettes.light)}}
@media (prefers-color-scheme:dark){:root{${properties(palettes.dark)}}}
${layoutStyles}
${roundsStyles}
@media print{
:root{color-scheme:light;${properties({ ...palettes.light, ground: '#ffffff' })};font-size:60%}
@page{size:A4 landscape;margin:12mm}
body{font-size:1rem}
header{padding-top:0}
main,footer{max-width:none;padding:0}
.scroll{overflow:visible}
.candidate,.prompt-card,.figure,tr{break-inside:avoid}
h1,h2,h3,h4{break-after:avoid}
details.generation{break-before:page}
details.generation::details-content{content-visibility:visible;block-size:auto}
table.rounds{table-layout:fixed}
table.rounds td,table.rounds th{min-width:0}
tr.images{break-inside:auto}
tfoot{display:table-row-group}
.candidate img{max-height:55mm}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
