import type { View } from './services.ts'
export async function createView(): Promise<View> {
  return { show() {}, render() {}, resize() {}, set() {}, onHover() {}, onSelect() {}, legend: async () => [{ lo: 1e-6, hi: 3e-3 }, { lo: 1e-5, hi: 2e-2 }, { lo: 1e-4, hi: 0.12 }], dispose() {} }
}
