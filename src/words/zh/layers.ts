import type { layers as english } from '../en/layers.ts'
import type { In } from '../say.ts'
import { listed, spaced } from './parts.ts'

type Names = Readonly<Record<string, string>>

/** Of every layer but the activations, which keep their own names, as engineers write them: ReLU, sigmoid. */
const titles: Names = {
  dense: '全连接',
  conv2d: '卷积',
  batchNorm: '批归一化',
  layerNorm: '层归一化',
  dropout: 'Dropout',
  maxPool2d: '最大池化',
  avgPool2d: '平均池化',
  globalAvgPool2d: '全局平均池化',
  flatten: '展平',
  residual: '残差块',
  concat: '拼接块',
}
const shorts: Names = { dense: '全连接', conv2d: '卷积', batchNorm: '归一化', layerNorm: '归一化', residual: '残差块', concat: '拼接块' }
const parameters: Names = { weight: '权重', bias: '偏置', running_mean: '均值', running_var: '方差' }

/** Not broken between lines. */
const space = '\u00a0'

export const layers: In<typeof english> = {
  'layers.title': ({ type, title }) => titles[type] ?? title,
  'layers.short': ({ type, short }) => shorts[type] ?? short,

  'layers.switch': ({ setting, isOn }) => (isOn ? setting : spaced`无 ${setting}`),
  'layers.groups': ({ count }) => `${count} 组`,
  'layers.setting': ({ setting, value }) => `${setting} ${value}`,
  'layers.identity': '恒等',
  'layers.list': ({ layers: all }) => listed(all),
  'layers.withShortcut': ({ layers: main, shortcut }) => `${main}；捷径：${shortcut}`,
  'layers.pool': ({ title, size }) => `${title} ${size}×${size}`,

  'layers.parameter': ({ layer, parameter, letter }) => [layer, parameters[parameter] ?? parameter, letter].filter(Boolean).join(' '),

  'layers.input': ({ size }) => `输入 ${size}`,
  'layers.pictured': ({ type, title, label, settings: own }) => {
    const { filters, kernel } = own as { filters?: number; kernel?: number }
    if (type === 'conv2d') return `${titles[type]} ${filters}${space}个${space}${kernel}${space}×${space}${kernel}`
    // Its main setting follows the type.
    return label.replace(type, titles[type] ?? title)
  },
  'layers.changed': ({ label, width }) => `${label} ${width}`,
  'layers.sum': ({ width }) => `求和 ${width}`,
  'layers.join': ({ width }) => `拼接 ${width}`,
  'layers.plusShortcut': '+ 捷径',
  'layers.maps': ({ count, height, width }) => `${count}${space}个${space}${height}${space}×${space}${width}`,
  'layers.units': ({ count }) => String(count),
  'layers.tilesShown': ({ count }) => `显示 ${count} 个`,

  'layers.container': ({ type }) => titles[type] ?? type,
  'layers.layers': '层',
  'layers.run': ({ count, of }) => (of === '层' ? `${count} 层` : `${count} × ${of}`),
  'layers.open': ({ group }) => spaced`展开 ${group}`,
  'layers.collapse': ({ group }) => spaced`折叠 ${group}`,
}
