/** Bad input, told in one sentence: what, where, found, expected. */
export class InputError extends Error {
  override name = 'InputError'
}
