import { createHash } from 'node:crypto';
import { cycleRounds, imagesOf } from '../generation/arms.ts';
import { formatCost, plural } from '../output/format.ts';
import { version } from '../version.ts';
import type { ReportContent, ReportItem } from './content.ts';
import { generationPart } from './generation.ts';
import { Html, html } from './html.ts';
import { badge, heading, list } from './parts.ts';
import { type PictureSet, pictureHtml } from './picture.ts';
import { mib, type Pictures } from './pictures.ts';
import { styles } from './styles.ts';
import { anchorOf, summaryPart } from './summary.ts';
import { wantedPictures } from './wanted.ts';
import { outcomeWords, subjectWords } from './words.ts';

/**
 * What the page may load: its own style, known by its digest, and images that are part of it. Scripts, requests, forms and
 * frames are nothing that it has, so nothing that a record says can bring them in.
 */
export const policy = [
  "default-src 'none'",
  'img-src data:',
  `style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A report, piece by piece: the images of one generation are fetched when its turn has come, and dropped after it. */
export async function* reportPage(
  content: ReportContent,
  pictures: Pictures,
  onItem: (number: number) => void = () => {},
): AsyncGenerator<string, void, undefined> {
  const [only] = content.items;
  const isSingle = content.items.length === 1 && only !== undefined;
  yield* headPart(content).chunks();
  if (!isSingle) yield* html`${summaryPart(content.items)}<section><h2>Each generation</h2>\n`.chunks();
  for (const [index, item] of content.items.entries()) {
    onItem(index + 1);
    const set = await pictures.load(wantedPictures(item.generation, content.images, !isSingle));
    yield* (isSingle ? generationPart(item.generation, set, 2) : foldedPart(item, set, content)).chunks();
  }
  if (!isSingle) yield '</section>\n';
  yield* footPart(content, pictures).chunks();
}

function headPart({ title, items, notes }: ReportContent): Html {
  const [only] = items;
  const isSingle = items.length === 1 && only !== undefined;
  const words = isSingle ? subjectWords(only.generation) : title;
  const label = isSingle
    ? [only.generation.name, only.label].filter(Boolean).join(' · ')
    : plural(items.length, 'generation');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="atelier ${version}">
<title>${words} – Atelier report</title>
${styleElement}
</head>
<body>
<main>
<header>
<p class="label">Atelier report · <span class="said">${label}</span></p>
${heading(1, html`<span class="said">${words}</span>`)}
${list(notes, 'warnings')}</header>
`;
}

/** The style stands as it is, since its digest is what the policy allows. It is ours, and nothing is put into it. */
const styleElement = Html.of(['<style>', styles, '</style>']);

/** One of several: its head tells how it ended, the rest is folded away. */
function foldedPart(
  { generation, label }: ReportItem,
  pictures: PictureSet,
  { images }: ReportContent,
): Html {
  const subject = subjectWords(generation);
  const thumbnails = generation.results.flatMap(({ image }) =>
    image === undefined ? [] : pictureHtml(image.name, `Result: ${subject}`, pictures, image),
  );
  const rounds = cycleRounds(generation);
  const notes = [
    label,
    plural(rounds.length, 'round'),
    plural(imagesOf(rounds), 'image'),
    formatCost(generation.cost),
  ];
  return html`<details class="generation">
<summary>${images !== 'none' && thumbnails.length > 0 && html`<div class="thumbnails">${thumbnails}</div>`}
<div class="generation-head"><h3><span class="said">${subject}</span></h3>
<p>${badge(outcomeWords(generation))} <span class="note said">${notes.filter(Boolean).join(' · ')}</span></p></div></summary>
<div class="generation-body" id="${anchorOf(generation)}">
${generationPart(generation, images === 'results' ? shownAbove(pictures) : pictures, 4)}</div>
</details>
`;
}

/** Where only results are embedded, they stand at the head of their generation and not a second time among the rounds. */
function shownAbove(pictures: PictureSet): PictureSet {
  return new Map(
    [...pictures].map(([name, picture]) => [
      name,
      picture.kind === 'embedded' ? { kind: 'left-out', why: 'shown above' } : picture,
    ]),
  );
}

function footPart({ images, time }: ReportContent, { tally }: Pictures): Html {
  const { embedded, leftOut, bytes } = tally;
  const modes = {
    none: 'No images were asked for.',
    results: 'Only results were asked for.',
    all: 'All images were asked for.',
  };
  return html`</main>
<footer>
<p class="note">Made by atelier ${version} on ${time.toISOString().slice(0, 16).replace('T', ' ')} UTC. ${modes[images]} ${plural(embedded, 'image is', 'images are')} embedded (${mib(bytes)})${leftOut > 0 ? `, ${leftOut} left out; each says why` : ''}. This file needs no network.</p>
</footer>
</body>
</html>
`;
}
