/** The browser's name and version out of its user agent: the last product that is not a nickname of another. */
export function browserName(userAgent: string): string {
  for (const [pattern, name] of [
    [/Edg\/([\d.]+)/, 'Edge'],
    [/(?:Headless)?Chrome\/([\d.]+)/, 'Chrome'],
    [/Firefox\/([\d.]+)/, 'Firefox'],
    [/Version\/([\d.]+).*Safari/, 'Safari'],
  ] as const) {
    const version = pattern.exec(userAgent)?.[1]
    if (version) return `${name} ${version}`
  }
  return userAgent
}
