/** The response headers that fence the page in, the same from both front doors (spec/engineering.md §2.2). */

/** `socketOrigin` is the page's own WebSocket origin, for browsers whose 'self' does not cover it. */
export function contentSecurityPolicy(socketOrigin: string | null): string {
  return [
    `default-src 'self'`,
    `script-src 'self' 'wasm-unsafe-eval'`,
    `style-src 'self'`,
    `img-src 'self' blob: data:`,
    `media-src 'self' blob:`,
    `font-src 'self'`,
    `worker-src 'self' blob:`,
    `connect-src 'self'${socketOrigin === null ? '' : ` ${socketOrigin}`}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

export function securityHeaders(contentPolicy: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    // Together they isolate the page, which also gives it a clock of 5 µs instead of 100.
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  }
}
