/** A name of a layer within others, `Residual 1 · Dense 2 weight`: where there is little room the last part stays to be read (`.long-name`). */
export function nameParts(name: string): { around: string; own: string } {
  const around = /^.* · /.exec(name)?.[0] ?? ''
  return { around, own: name.slice(around.length) }
}
