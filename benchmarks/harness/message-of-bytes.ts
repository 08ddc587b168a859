/** The longest text that the services take, and the longest value of an attribute. */
const most = { text: 10_000, value: 1_000 };

/**
 * A message whose JSON has exactly this many bytes: text first, and beyond the longest text, attributes.
 *
 * @throws {RangeError} if there is no such message.
 */
export function messageOfBytes(bytes: number): string {
  const attributes: Record<string, string> = {};
  const message = () => JSON.stringify({ text: 'x'.repeat(most.text), attributes });
  const small = JSON.stringify({ text: '' }).length;
  if (bytes > small && bytes <= small + most.text) {
    return JSON.stringify({ text: 'x'.repeat(bytes - small) });
  }
  for (let index = 0; message().length < bytes && bytes > most.text; index += 1) {
    const name = `attribute${String(index).padStart(2, '0')}`;
    attributes[name] = '';
    attributes[name] = 'x'.repeat(Math.max(0, Math.min(most.value, bytes - message().length)));
  }
  if (message().length !== bytes) throw new RangeError(`no message has ${bytes} bytes`);
  return message();
}
