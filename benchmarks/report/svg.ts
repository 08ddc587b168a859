/** Colours that are told apart without seeing colours well: https://jfly.uni-koeln.de/color/ */
export const colours = ['#0072b2', '#e69f00', '#cc79a7', '#009e73', '#56b4e9', '#d55e00'] as const;

export function colour(index: number): string {
  return colours[index % colours.length] ?? colours[0];
}

/** A picture on white, so that it can be read on any page. */
export function svg(
  width: number,
  height: number,
  title: string,
  parts: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(12, 22, title, { 'font-size': 14, 'font-weight': 'bold' }),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

type Attributes = Record<string, string | number>;

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return `<text ${written({ x, y, fill: '#222', ...attributes })}>${escaped(content)}</text>`;
}

export function rect(attributes: Attributes): string {
  return `<rect ${written(attributes)}/>`;
}

export function line(attributes: Attributes): string {
  return `<line ${written({ stroke: '#ccc', ...attributes })}/>`;
}

/** A name with its colour, for each series, from `x` on to the right. */
export function legend(x: number, y: number, names: readonly string[]): string[] {
  let at = x;
  return names.flatMap((name, index) => {
    const left = at;
    at += 28 + name.length * 7;
    return [
      rect({ x: left, y: y - 9, width: 10, height: 10, fill: colour(index) }),
      text(left + 14, y, name),
    ];
  });
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      const rounded = typeof value === 'number' ? Math.round(value * 10) / 10 : value;
      return `${name}="${escaped(String(rounded))}"`;
    })
    .join(' ');
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
