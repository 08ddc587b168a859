/**
 * Fills in `$NAME` and `${NAME}`; `$$` is a dollar sign. What is not known stays.
 * https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values
 */
export function substitute(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced, plain) => {
    if (whole === '$$') return '$';
    const name = braced ?? plain;
    return Object.hasOwn(values, name) ? (values[name] ?? whole) : whole;
  });
}
