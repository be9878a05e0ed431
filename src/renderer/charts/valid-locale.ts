/**
 * uPlot formats numbers in `navigator.language` as soon as it is loaded. Chromium started without a locale (LANG=C) reports
 * `en-US@posix`, which is no language tag and makes that throw, and the screen with it. Import this before uPlot.
 */
function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}

if (!isLanguageTag(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-US' })
