// @ts-check
// How far a run is: one line that is redrawn on a terminal, a line every few seconds elsewhere.

const secondsBetweenLines = 5
const barWidth = 24

/** @param {number} seconds */
export function shownTime(seconds) {
  if (!Number.isFinite(seconds)) return '–'
  const whole = Math.max(0, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  const clock = `${String(minutes % 60).padStart(minutes < 60 ? 1 : 2, '0')}:${String(whole % 60).padStart(2, '0')}`
  return minutes < 60 ? clock : `${Math.floor(minutes / 60)}:${clock}`
}

/** @param {number | null} value */
const shownLoss = (value) => (value === null ? 'not finite' : value >= 1e-3 && value < 1e4 ? value.toFixed(4) : value.toExponential(2))
/** @param {number} value */
const shownPercent = (value) => `${(100 * value).toFixed(1)} %`

/** @typedef {{ step: number, steps: number, loss: number | null, accuracy: number | null, stepsPerSecond: number }} Progress */

/** @param {Progress} progress */
export function progressText({ step, steps, loss, accuracy, stepsPerSecond }) {
  const speed = stepsPerSecond >= 10 ? String(Math.round(stepsPerSecond)) : stepsPerSecond.toFixed(1)
  return [
    `step ${step}/${steps}`,
    `loss ${shownLoss(loss)}`,
    ...(accuracy === null ? [] : [`accuracy ${shownPercent(accuracy)}`]),
    `${speed} steps/s`,
    `${shownTime((steps - step) / stepsPerSecond)} left`,
  ].join('  ')
}

/** @param {number} share */
function bar(share) {
  const part = Math.min(1, share)
  const filled = Math.round(part * barWidth)
  return `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}] ${String(Math.floor(100 * part)).padStart(3)} %`
}

export class ProgressBar {
  #drawn = false
  #last = -Infinity
  #begun = performance.now()
  #stream
  /** @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} stream */
  constructor(stream) {
    this.#stream = stream
  }

  /** @param {Progress} progress */
  progress(progress) {
    this.#draw(`${bar(progress.step / progress.steps)}  ${progressText(progress)}`)
  }

  /** @param {number} done 0 … 1 @param {string} what */
  preparing(done, what) {
    if (this.#stream.isTTY) this.#draw(`${what} ${Math.floor(100 * done)} %`)
  }

  /** @param {number} done 0 … 1 @param {string} what */
  measuring(done, what) {
    const left = done > 0.02 ? `  ${shownTime(((performance.now() - this.#begun) / 1000) * (1 / done - 1))} left` : ''
    this.#draw(`${bar(done)}  ${what}${left}`)
  }

  /** A line that stays. @param {string} text */
  line(text) {
    this.clear()
    this.#stream.write(`${text}\n`)
  }

  clear() {
    if (this.#drawn) this.#stream.write('\r\x1b[K')
    this.#drawn = false
  }

  /** @param {string} text */
  #draw(text) {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[K${text.slice(0, (this.#stream.columns ?? 80) - 1)}`)
      this.#drawn = true
      return
    }
    const now = performance.now() / 1000
    if (now - this.#last < secondsBetweenLines) return
    this.#last = now
    this.#stream.write(`${text}\n`)
  }
}

/** @param {{ step: number, epoch: number, loss: number | null, accuracy: number | null }} evaluation */
export function evaluationText({ step, epoch, loss, accuracy }) {
  const reached = accuracy === null ? '' : `  accuracy ${(100 * accuracy).toFixed(2)} %`
  return `epoch ${Number(epoch.toFixed(2))}  step ${step}  test loss ${shownLoss(loss)}${reached}`
}

/** @param {import('../../src/cli/host.ts').Reached} reached */
export function reachedText({ step, epoch, train, test }) {
  const part = (/** @type {string} */ name, /** @type {{ loss: number | null, accuracy: number | null }} */ { loss, accuracy }) =>
    `${name} loss ${shownLoss(loss)}${accuracy === null ? '' : `, accuracy ${(100 * accuracy).toFixed(2)} %`}`
  const epochs = Number(epoch.toFixed(2))
  const length = `${step} ${step === 1 ? 'step' : 'steps'} (${epochs} ${epochs === 1 ? 'epoch' : 'epochs'})`
  return `trained ${length}: ${[part('train', train), ...(test ? [part('test', test)] : [])].join('; ')}`
}
