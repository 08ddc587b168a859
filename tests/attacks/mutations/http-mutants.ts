import type { MutantGroup } from './mutant.ts';

const receiverApp = 'services/receiver/app.test.ts';

export const httpMutants: readonly MutantGroup[] = [
  {
    file: 'shared/http/json-body.ts',
    tests: [receiverApp, 'shared/http/json-body.test.ts'],
    mutants: [
      [
        'a body that is let go by for ever',
        'const timer = setTimeout(done, longestDiscardMs);',
        'const timer = undefined;',
      ],
      [
        'an answer in front of the body, for a reset to take away',
        'void discardBody(request).then(() => next(tooLarge()));',
        'next(tooLarge());',
      ],
      [
        'a body that is announced too large, read to its end',
        "if (Number(request.headers['content-length']) > bodyLimit) {",
        'if (false) {',
      ],
      [
        'any type with JSON in it',
        '/^application\\/json[ \\t]*(;[ \\t]*charset="?utf-8"?[ \\t]*)?$/i',
        '/json/i',
      ],
      ['any type', 'if (!/^application', 'if (false && !/^application'],
      ['any character set', '[ \\t]*(;[ \\t]*charset="?utf-8"?[ \\t]*)?$/i', '/i'],
      ['compressed bodies', "if (encoding.toLowerCase() !== 'identity') {", 'if (!encoding) {'],
      ['bodies of ten times the size', 'bodyLimit = 64 * 1024', 'bodyLimit = 640 * 1024'],
      ['one byte too many', 'bodyLimit = 64 * 1024', 'bodyLimit = 64 * 1024 + 1'],
      ['one byte too few', 'bodyLimit = 64 * 1024', 'bodyLimit = 64 * 1024 - 1'],
      ['nesting without limit', 'if (nesting(text) > deepestNesting)', 'if (nesting(text) < 0)'],
      ['nesting of one more', 'deepestNesting = 16', 'deepestNesting = 17'],
      ['nesting behind an escaped quote', '(?:[^"\\\\]|\\\\.)*"?', '[^"]*"?'],
      ['brackets in texts count', '"(?:[^"\\\\]|\\\\.)*"?|', ''],
      ['bytes that are not UTF-8', 'fatal: true', 'fatal: false'],
      ['a byte order mark', 'ignoreBOM: true', 'ignoreBOM: false'],
      ['__proto__', "if (key === '__proto__') throw", "if (key === 'prototype') throw"],
      ['__proto__ in plain letters', '/__proto__|\\\\u/.test', '/\\\\u/.test'],
      ['__proto__ in other letters', '/__proto__|\\\\u/.test', '/__proto__/.test'],
      [
        'the body in the answer',
        "malformed('The body is not valid JSON.')",
        'malformed(String(error))',
      ],
    ],
  },
  {
    file: 'shared/message.ts',
    tests: [receiverApp],
    mutants: [
      [
        'a client that sets calledBy',
        "'idempotencyKey', 'calledBy', 'traceparent'",
        "'idempotencyKey', 'traceparent'",
      ],
      ["Google's attributes", '!/^goog/i.test(name)', 'true'],
      ['unknown members', 'strictObject({', 'object({'],
      [
        'texts without limit',
        '(text) => text.length <= longestText || [...text].length <= longestText',
        '() => true',
      ],
      [
        'half characters',
        'const wellFormed = (text: string) => text.isWellFormed();',
        'const wellFormed = (_text: string) => true;',
      ],
      ['a header in the idempotency key', '{1,255}$/', '{1,255}/'],
    ],
  },
  {
    file: 'services/receiver/app.ts',
    tests: [receiverApp],
    mutants: [
      ['messages from anybody', 'authenticate,\n      jsonBody,', 'jsonBody,'],
      [
        'bodies of strangers are read',
        'authenticate,\n      jsonBody,',
        'jsonBody,\n      authenticate,',
      ],
      [
        'identity for anybody',
        "'/identity')\n    .get(\n      authenticate,",
        "'/identity')\n    .get(",
      ],
    ],
  },
  {
    file: 'shared/http/error-handler.ts',
    tests: ['shared/http/error-handler.test.ts', receiverApp],
    mutants: [
      [
        'inner errors for all to read',
        "'Something went wrong here. The log has the details.'",
        'String(error)',
      ],
      ['tokens in the log', 'found.push(withoutTokens(', 'found.push(('],
    ],
  },
  {
    file: 'shared/http/request-context.ts',
    tests: ['shared/http/request-context.test.ts'],
    mutants: [
      ['tokens of a path in the message', 'withoutTokens(request.path)} $', 'request.path} $'],
      [
        'tokens of a path in the log',
        'requestUrl: withoutTokens(request.path)',
        'requestUrl: request.path',
      ],
      [
        'queries in the log',
        'requestUrl: withoutTokens(request.path)',
        'requestUrl: withoutTokens(request.url)',
      ],
      [
        'tokens of a user agent in the log',
        "withoutTokens(request.headers['user-agent'] ?? '')",
        "request.headers['user-agent']",
      ],
      ['whatever follows a trace', '(?:;o=([01]))?$/i', '(?:;o=([01]))?/i'],
    ],
  },
  {
    file: 'shared/http/request-deadline.ts',
    tests: ['shared/http/request-deadline.test.ts'],
    mutants: [
      [
        'as long as the client likes',
        'Math.min(milliseconds, Number(asked ?? milliseconds))',
        'Number(asked ?? milliseconds)',
      ],
      ['times that are no number', '/^\\d{1,7}$/', '/^-?\\d{1,7}/'],
    ],
  },
  {
    file: 'shared/http/base-app.ts',
    tests: [receiverApp],
    mutants: [
      ['what runs here', "app.disable('x-powered-by');", ''],
      ['no headers against guessing', 'response.setHeader(name, value);', ''],
    ],
  },
  {
    file: 'shared/http/security-headers.ts',
    tests: [receiverApp],
    mutants: [
      ['types that browsers guess', "'X-Content-Type-Options': 'nosniff',", ''],
      ['answers in caches', "'Cache-Control': 'no-store',", ''],
      [
        'answers in frames',
        "'Content-Security-Policy': \"default-src 'none'; frame-ancestors 'none'\",",
        '',
      ],
      ['answers to other sites', "'Cross-Origin-Resource-Policy': 'same-origin',", ''],
      ['paths to other sites', "'Referrer-Policy': 'no-referrer',", ''],
    ],
  },
  {
    file: 'shared/http/serve.ts',
    tests: ['shared/http/serve.test.ts'],
    only: /^(?:answers|gives slow clients|takes the absolute form)/,
    mutants: [
      ['headers without limit', 'maxHeaderSize: 16 * 1024', 'maxHeaderSize: 160 * 1024'],
      ['slow headers', 'headers: 10_000', 'headers: 15_000'],
      ['slow requests', 'request: 15_000', 'request: 0'],
      [
        'two lengths of one body',
        'requireHostHeader: false,',
        'requireHostHeader: false,\n      insecureHTTPParser: true,',
      ],
      [
        'requests without host',
        "if (headers.host === undefined && httpVersion === '1.1') return undefined;",
        '',
      ],
      [
        'targets that are no URL',
        'return absolute ? absolute.pathname + absolute.search : undefined;',
        'return absolute ? absolute.pathname + absolute.search : url;',
      ],
      ['expectations', "server.on('checkExpectation'", "server.on('checkContinue'"],
    ],
  },
];
