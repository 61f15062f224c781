/** Layers, their settings and parameters. The catalogue's own titles are English; other languages have names for some types. */
export const layers = {
  'layers.title': ({ title }: { type: string; title: string }) => title,
  'layers.short': ({ short }: { type: string; short: string }) => short,

  // A layer's settings in one line.
  'layers.switch': ({ setting, isOn }: { setting: string; isOn: boolean }) => (isOn ? setting : `no ${setting}`),
  'layers.groups': ({ count }: { count: number }) => `${count} groups`,
  'layers.setting': ({ setting, value }: { setting: string; value: number }) => `${setting} ${value}`,
  'layers.identity': 'identity',
  'layers.list': ({ layers: all }: { layers: readonly string[] }) => all.join(', '),
  'layers.withShortcut': ({ layers: main, shortcut }: { layers: string; shortcut: string }) => `${main}; shortcut ${shortcut}`,
  'layers.pool': ({ title, size }: { title: string; size: number }) => `${title.toLowerCase()} ${size}×${size}`,

  // Parameters: `Dense 2 weight`, `Norm 1 bias β`.
  'layers.parameter': ({ layer, parameter, letter }: { layer: string; parameter: string; letter: string }) =>
    [layer, { running_mean: 'mean', running_var: 'variance' }[parameter] ?? parameter, letter].filter(Boolean).join(' '),

  // The picture's columns.
  'layers.input': ({ size }: { size: string }) => `input ${size}`,
  'layers.pictured': ({ label }: { type: string; title: string; label: string; settings: object }) => label,
  'layers.changed': ({ label, width }: { label: string; width: number }) => `${label} ${width}`,
  'layers.sum': ({ width }: { width: number }) => `sum ${width}`,
  'layers.join': ({ width }: { width: number }) => `join ${width}`,
  'layers.plusShortcut': '+ shortcut',
  'layers.maps': ({ count, height, width }: { count: number; height: number; width: number }) => `${count} of ${height} × ${width}`,
  'layers.units': ({ count }: { count: number }) => String(count),
  'layers.tilesShown': ({ count }: { count: number }) => `${count} shown`,

  // Its groups.
  'layers.container': ({ type }: { type: string }) => type,
  'layers.layers': 'layers',
  'layers.run': ({ count, of }: { count: number; of: string }) => `${count} × ${of}`,
  'layers.open': ({ group }: { group: string }) => `Open ${group}`,
  'layers.collapse': ({ group }: { group: string }) => `Collapse ${group}`,
}
