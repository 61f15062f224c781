/** The drawer of questions. */
export const answers = {
  'answers.questions': 'Questions',
  'answers.tab': 'Answers',
  'answers.close': 'Close',
  'answers.size': 'Height of the drawer',
  'answers.loading': 'Loading …',
  'answers.found': ({ count }: { count: number }) => (count === 1 ? '1 finding' : `${count} findings`),
  'answers.rate.title': 'Learning rate',
  'answers.rate.question': 'Which learning rate?',
  'answers.optimizer.title': 'Optimizer',
  'answers.optimizer.question': 'Which optimizer?',
  'answers.health.title': 'Health',
  'answers.health.question': 'Why does it not learn?',
}
