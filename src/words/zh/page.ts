import type { page as english } from '../en/page.ts'
import type { In } from '../say.ts'

export const page: In<typeof english> = {
  'page.language': '语言',
  'page.close': '关闭',
}
