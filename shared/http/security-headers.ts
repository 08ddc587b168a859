/**
 * Sent with every answer, also those that no route gives: nothing may be kept, guessed at, framed,
 * or read by a page of another site. https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
 *
 * No `Strict-Transport-Security`: plain HTTP is what arrives here, over which it must not be sent
 * (RFC 6797 section 7.2), and browsers know all of `.app` for HTTPS only.
 */
export const securityHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;
