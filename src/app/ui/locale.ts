/**
 * Imported first, for its effect: under a POSIX locale Chromium calls its language `en-US@posix`, which Intl refuses,
 * and uPlot hands `navigator.language` to Intl while it loads.
 */
try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
}
