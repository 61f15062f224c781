import type { page as english } from '../en/page.ts'
import type { In } from '../say.ts'

export const page: In<typeof english> = {
  'page.title': 'gradscope：看见每一个梯度',
  'page.language': '语言',
  'page.languageIs': ({ name }) => `语言：${name}`,
  'page.helpAndLanguage': '帮助与语言',
  'page.build': '配置训练',
  'page.picture': '网络图',
  'page.canvas':
    '3D 网络图：神经元按激活值着色，连线按梯度着色。拖动旋转，滚轮缩放，点击连线或神经元查看数值。键盘操作：方向键在网络中移动，Enter 打开，Esc 离开。',
  'page.charts': '图表',
  'page.panels': '面板',
  'page.transport': '播放控制',
  'page.data': '数据',
  'page.network': '网络',
  'page.training': '训练',
  'page.loading': '正在加载 gradscope…',
  'page.notLoaded': '页面加载失败，请检查网络连接后重新加载',
  'page.help': '帮助',
  'page.helpKey': '帮助（?）',
  'page.outOfMemory': ({ error }) => `GPU 显存不足：${error}`,
  'page.gpuError': ({ error }) => `GPU 报告错误：${error}`,
  'page.noPreset': ({ asked, presets }) => `没有名为 ${JSON.stringify(asked)} 的预设，已改用 mnist。可用的预设：${presets.join('、')}。`,
  'page.sentences': ({ sentences }) => sentences.join(''),
  'page.close': '关闭',
  'page.dismiss': '关闭通知',
  'page.partNotLoaded': '页面的一部分加载失败，请检查网络连接后重试。',
}
