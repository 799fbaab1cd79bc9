/** What a clause can be about, apart from the subject itself. */
export type Topic = 'framing' | 'arrangement' | 'lighting' | 'background' | 'finish';

/** Words by which a clause shows what it is about. */
const TOPICS: Readonly<Record<Topic, RegExp>> = {
  framing:
    /\b(cent(er|re)d|cent(er|re) of|framing|framed|close[- ]?up|closeup|wide shot|long shot|full[- ]length|head ?shot|portrait|top[- ]down|overhead|bird'?s[- ]eye|eye[- ]level|low angle|high angle|side view|front view|product shot|packshot|fills?( \w+)* the frame|margins?|composition|left third|right third|from above|from below|panorama)\b/i,
  arrangement:
    /\b(side by side|in a row|in a line|in a circle|stacked|scattered|evenly spaced|apart|space between|gaps? between|arranged|pile of|neatly)\b/i,
  lighting:
    /\b(lights?|lit|lighting|backlit|daylight|sunlight|sunlit|sunset|sunrise|golden hour|moonlight|candlelight|shadows?|shadowless|bright|dim|high[- ]key|low[- ]key|softbox)\b/i,
  background: /\b(backgrounds?|backdrop|ground|isolated|cut[- ]?out|against (a|an|the)|seamless)\b/i,
  finish:
    /\b(sharp|focus|crisp|detailed|high[- ]resolution|photo(graph|realistic|graphic)?|illustration|watercolou?r|render(ing)?|oil painting|line art|sketch|flat style|shaded|matte|glossy|bokeh|depth of field|grain)\b/i,
};

/** What a text is about; several topics, or none. */
export function topicsOf(text: string): Topic[] {
  return (Object.keys(TOPICS) as Topic[]).filter((topic) => TOPICS[topic].test(text));
}
