import { packParams, type Kernel } from '../gpu/kernel.ts'
import { elementwise } from './elements.ts'

/** c = a + b over `count` numbers. Bindings: read a, read b, write c. */
export function add(count: number): Kernel {
  return kernel(count, false)
}

/** c += a over `count` numbers. Bindings: read a, write c. */
export function accumulate(count: number): Kernel {
  return kernel(count, true)
}

function kernel(count: number, inPlace: boolean): Kernel {
  const { elements, defines, workgroups } = elementwise(count)
  return {
    label: `${inPlace ? 'accumulate' : 'add'} ${count}`,
    shader: 'add',
    defines: { ...defines, ACCUMULATE: inPlace },
    params: packParams(elements),
    access: inPlace ? ['read', 'write'] : ['read', 'read', 'write'],
    workgroups,
  }
}
