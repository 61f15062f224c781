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

function kernel(count: number, accumulate: boolean): Kernel {
  const { elements, defines, workgroups } = elementwise(count)
  return {
    label: `${accumulate ? 'accumulate' : 'add'} ${count}`,
    shader: 'add',
    defines: { ...defines, ACCUMULATE: accumulate },
    params: packParams(elements),
    access: accumulate ? ['read', 'write'] : ['read', 'read', 'write'],
    workgroups,
  }
}
