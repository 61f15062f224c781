/** The list of findings, in the drawer. */
export const findingsList = {
  'findingsList.title': 'What is wrong',
  'findingsList.since': ({ step }: { step: string }) => `Watched since step ${step}`,
  'findingsList.none':
    'Nothing found. Gradients, updates and outputs of every layer, the losses, the data and the model are being watched; see the thresholds.',
  'findingsList.thresholds': 'Thresholds',
  'findingsList.reset': 'All as published',
  'findingsList.input': 'Input',
  'findingsList.neurons': ({ count }: { count: number }) => (count === 1 ? '1 neuron' : `${count} neurons`),
  'findingsList.critical': 'critical',
  'findingsList.warning': 'warning',
  'findingsList.note': 'note',
  'findingsList.show': 'Show',
  'findingsList.cures': 'What may cure it',
  'findingsList.try': 'Try beside',
  'findingsList.try.named': ({ name }: { name: string }) => `Try beside the run: ${name}`,
  'findingsList.use': 'Use',
  'findingsList.use.named': ({ name }: { name: string }) => `Use: ${name}`,
}
