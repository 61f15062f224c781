/** The page as a whole. */
export const page = {
  'page.title': 'gradscope: see every gradient',
  'page.language': 'Language',
  'page.languageIs': ({ name }: { name: string }) => `Language: ${name}`,
  'page.helpAndLanguage': 'Help and language',
  'page.build': 'Build the run',
  'page.picture': 'The picture',
  'page.canvas':
    'The network in 3D: neurons coloured by activation, edges by gradient. Drag to turn, scroll to zoom, click an edge or a neuron to read it. By keys: arrows walk through it, Enter opens, Escape leaves.',
  'page.charts': 'Charts',
  'page.panels': 'Panels',
  'page.transport': 'Transport',
  'page.data': 'Data',
  'page.network': 'Network',
  'page.training': 'Training',
  'page.loading': 'Loading gradscope …',
  'page.notLoaded': 'The page could not be loaded; check the connection and load it again …',
  'page.help': 'Help',
  'page.helpKey': 'Help (?)',
  'page.outOfMemory': ({ error }: { error: string }) => `The GPU has no memory left: ${error}`,
  'page.gpuError': ({ error }: { error: string }) => `The GPU reported an error: ${error}`,
  'page.noPreset': ({ asked, presets }: { asked: string; presets: readonly string[] }) =>
    `There is no preset ${JSON.stringify(asked)}, so this is mnist. The presets are ${presets.join(', ')}.`,
  'page.sentences': ({ sentences }: { sentences: readonly string[] }) => sentences.join(' '),
  'page.close': 'Close',
  'page.dismiss': 'Dismiss',
  'page.partNotLoaded': 'A part of the page could not be loaded; check the connection and try again.',
}
