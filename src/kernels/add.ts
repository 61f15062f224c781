import { packParams, type Kernel } from '../gpu/kernel.ts'
import { elementwise } from './elements.ts'

/** What is done to a sum before it is stored. */
export interface SumEpilogue {
  /** Shader of the activation: `relu`, … */
  activation?: string
  /** Shader of the activation whose derivative, taken from what the activation kept, multiplies the sum. */
  derivative?: string
  /** The activation's slope or alpha. */
  parameter?: number
  /** Also stores the sum itself: its first numbers, a whole share of four where `count` is, all unless `kept` is given. */
  keep?: boolean
  kept?: number
}

/** c = epilogue(a + b) over `count` numbers. Bindings: read a, read b, write c; with `keep` write the sum; with a derivative read what it is taken from. */
export function add(count: number, epilogue: SumEpilogue = {}): Kernel {
  return kernel(count, epilogue, false)
}

/** c += a over `count` numbers. Bindings: read a, write c. */
export function accumulate(count: number): Kernel {
  return kernel(count, {}, true)
}

function kernel(count: number, epilogue: SumEpilogue, inPlace: boolean): Kernel {
  const { activation, derivative, parameter = 0, keep = false, kept = count } = epilogue
  const { elements, defines, workgroups } = elementwise(count)
  const sum = ['read', 'read', 'write', ...(keep ? ['write'] : []), ...(derivative ? ['read'] : [])] as ('read' | 'write')[]
  return {
    label: `${inPlace ? 'accumulate' : 'add'} ${count}${activation ? ` ${activation}` : ''}${derivative ? ` ${derivative}′` : ''}`,
    shader: 'add',
    defines: {
      ...defines,
      ACCUMULATE: inPlace,
      KEEP: Number(keep),
      DERIVATIVE: Number(derivative !== undefined),
      ACTIVATION: derivative ?? activation ?? 'identity',
    },
    params: packParams(elements, { f: parameter }, (kept * elements) / count),
    access: inPlace ? ['read', 'write'] : sum,
    workgroups,
  }
}
