/** What the page is, what the colours mean, and its keys. */
import { h } from '../ui/dom.ts'
import { openDialog } from '../ui/dialog.ts'

const keys: [string[], string][] = [
  [['Space'], 'play or pause'],
  [['.'], 'one step, slowly: forward, then backward'],
  [['R'], 'back to step 0, with the same seed'],
  [['Ctrl', 'Z'], 'undo an edit of network or training (with Shift: redo)'],
  [['['], 'fold or unfold the left rail'],
  [[']'], 'fold or unfold the right rail'],
  [['←', '→'], 'with the picture focused: along the network, from a neuron to a line and on'],
  [['↑', '↓'], 'with the picture focused: to the next neuron or line beside (where the network runs downwards, the arrows change places)'],
  [['Enter'], 'open what the arrows have found'],
  [['Esc'], 'leave it, and close its card'],
  [['?'], 'this help'],
]

export function openHelp(adapter: string): void {
  openDialog(
    'See every gradient',
    [
      h('p', {}, 'A real network trains here on your own GPU, and every gradient of every step is drawn as it flows.'),
      h(
        'p',
        { class: 'quiet' },
        'Build the run on the left: data, network, training. Each line of the picture is a weight; its colour and width say how large the gradient of the loss is there, from the 5th to the 99.5th percentile on a logarithmic scale. Dark lines learn slowly, bright ones fast. Grey is exactly zero, magenta is not a number. Neurons show their activation for one sample or, on a scale like that of the lines, its gradient: blue is negative, amber positive. Click a line or a neuron to read it.',
      ),
      h(
        'p',
        { class: 'quiet' },
        'A convolution shows its feature maps; a line between two maps is a filter, coloured by the norm of its gradient. Two strands run beside a block with a bypass: the curved one is the gradient that arrives through the bypass, the straight one what arrives through the layers. A name with ▸ opens, one with ◂ folds.',
      ),
      h(
        'p',
        { class: 'quiet' },
        'Gradients that fade from the output to the input vanish: try tanh or ReLU instead of sigmoid, a norm, fewer layers. Gradients that grow without end explode: lower the learning rate, or clip them.',
      ),
      h('h3', {}, 'Keys'),
      h(
        'dl',
        { class: 'keys' },
        ...keys.flatMap(([names, text]) => [h('dt', {}, ...names.map((name) => h('kbd', {}, name))), h('dd', { class: 'quiet' }, text)]),
      ),
      h('h3', {}, 'Your data stays here'),
      h('p', { class: 'quiet' }, 'Files that you drop are read by this page alone and sent nowhere.'),
      h(
        'p',
        { class: 'quiet', style: 'margin-top: 14px; font-size: var(--small)' },
        `GPU: ${adapter}. `,
        h('a', { href: 'bench/index.html', id: 'to-bench', style: 'color: var(--accent)' }, 'What it reaches: the bench'),
      ),
    ],
    [],
    true,
  )
}
