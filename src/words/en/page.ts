/** The page as a whole. */
export const page = {
  'page.language': 'Language',
  'page.close': 'Close',
}
