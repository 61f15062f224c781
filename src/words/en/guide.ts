/** Guided examples of the questions. */
export const guide = {
  'guide.button': 'Guided example',
  'guide.title': 'Loads a network that raises this question, and shows how to answer it',
  'guide.step': ({ at, of }: { at: number; of: number }) => `${at} of ${of}`,
  'guide.end': 'End the example',
  'guide.rate.test': 'This network trains at a rate of 0.00001, and its loss hardly falls. Test many rates, each over several seeds.',
  'guide.rate.use': 'The band is the loss that each rate reaches; in the shaded part every seed learns. Use the suggested rate.',
  'guide.rate.watch': 'The loss falls now. Undo brings the old rate back.',
  'guide.optimizer.race':
    'This network trains by plain gradient descent. Compare it with six other optimizers, each at its own tested rate.',
  'guide.optimizer.read': 'The sentence names the fastest, the table what each costs. Use the one that suits you: it goes on where it is.',
  'guide.optimizer.undo': 'It is the run now. Undo brings the others back where they were.',
  'guide.health.wait':
    'Twenty layers of sigmoids: the first ones get almost no gradient. The page measures every layer and says so in a moment.',
  'guide.health.cure': 'The finding says what was measured against which threshold. Try its first cure beside the run.',
  'guide.health.compare': 'Both train on the same batches. The lines show how far the gradient reaches in each.',
}
