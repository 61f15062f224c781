/** Says how far something long is, above the transport, until it is done. */
import { notice } from '../ui/notices.ts'

/** Fewer are done before one would look. */
const toldFrom = 500

/** Whether to say how far it is: at every twentieth of many. */
export const isWorthTelling = (done: number, total: number): boolean => total >= toldFrom && done % Math.ceil(total / 20) === 0

/** Does `work`, begun at once; what it tells replaces what it told before, and goes when it ends. */
export async function withProgress<Result>(work: (tell: (text: string) => void) => Promise<Result>): Promise<Result> {
  let withdraw = () => {}
  try {
    return await work((text) => {
      withdraw()
      withdraw = notice(text, 'done')
    })
  } finally {
    withdraw()
  }
}
