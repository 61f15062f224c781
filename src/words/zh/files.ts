import type { files as english } from '../en/files.ts'
import type { In } from '../say.ts'
import { listed, spaced } from './parts.ts'

const whole = new Intl.NumberFormat('zh-CN')

const rows = (count: number): string => `${whole.format(count)} 行`
const samples = (count: number): string => `${whole.format(count)} 个样本`
const inputs = (count: number): string => `${whole.format(count)} 个输入`
const predicted = (classes: number | null): string => (classes === null ? '一个数' : `${whole.format(classes)} 个类别`)
/** `16、8 和 3` */
const numbers = (sizes: readonly number[]): string =>
  sizes.length > 1 ? `${listed(sizes.slice(0, -1).map(String))} 和 ${sizes.at(-1)}` : String(sizes[0] ?? '')

export const files: In<typeof english> = {
  'files.data': '数据',
  'files.preset.article': '输入 10 个数，输出一个数：文章中的 10-5-1 网络',
  'files.preset.mnist': '70,000 张 28 × 28 像素的手写数字',
  'files.preset.xor': '分布在对角象限中的两类',
  'files.preset.circle': '圆环与其中的圆盘',
  'files.preset.gaussians': '两团点云',
  'files.preset.spiral': '相互缠绕的两条螺旋臂',
  'files.preset.moons': '相互嵌套的两个半圆',
  'files.preset.iris': '三种鸢尾花，按花瓣和花萼区分',
  'files.preset.weather': '西雅图逐日天气',
  'files.preset.penguins': '三种企鹅，按喙、鳍肢和体重区分',
  'files.preset.depth-comparison': '同一个深层网络的四个版本并排对比：原始、ReLU、批归一化、残差连接',
  'files.preset.network': ({ network, data }) => spaced`${data} 上的 ${network}`,
  'files.preset.ownCopy': ({ network, data }) => spaced`你自己的 ${data} 上的 ${network}`,
  'files.tile.depth-comparison': '对比',
  'files.slow': '此浏览器没有可用于训练的 GPU，因此论文中的网络大约需要一分钟才能完成第一步。',

  'files.facts.samples': '样本',
  'files.facts.in': '输入',
  'files.facts.out': '输出',
  'files.facts.counts': ({ train, test }) => `训练 ${whole.format(train)} · 测试 ${whole.format(test)}`,
  'files.facts.pixels': ({ width, height }) => `${width} × ${height} 像素`,
  'files.facts.numbers': ({ count }) => `${whole.format(count)} 个数`,
  'files.facts.classes': ({ count }) => `${whole.format(count)} 个类别`,
  'files.about': '关于这份数据',
  'files.fixes': '对文章代码的修正',

  'files.own': '你自己的数据：',
  'files.own.how': '把 CSV、JSON、IDX、CIFAR-10、图像的 ZIP 或文件夹，或者模型拖到这里',
  'files.own.input': '你自己的数据文件或模型文件',
  'files.own.folder': '或选择一个图像文件夹，每个类别一个子文件夹',
  'files.own.folderInput': '图像文件夹',
  'files.drop': '拖入 CSV、JSON、IDX、CIFAR-10、图像的文件夹或 ZIP，或者模型',

  'files.train': '用这份数据训练',
  'files.cancel': '取消',
  'files.done': '将进行的处理',
  'files.start.dense': ({ units, loss }) => spaced`初始网络：单元数为 ${numbers(units)} 的全连接层，损失函数为 ${loss}；运行中均可修改。`,
  'files.start.convolutions': ({ filters, units, loss }) =>
    spaced`初始网络：卷积核数为 ${numbers(filters)} 的卷积层，后接单元数为 ${numbers(units)} 的全连接层，损失函数为 ${loss}；运行中均可修改。`,
  'files.split.kept': '留作测试：',
  'files.split.own': ({ name }) => spaced`在 ${name} 上测试`,
  'files.split.rows': '留作测试的行所占百分比',
  'files.split.samples': '留作测试的样本所占百分比',

  'files.table': ({ rows: count, columns, missing }) =>
    `${rows(count)}，${whole.format(columns)} 列，${missing === 0 ? '没有缺失值' : `${whole.format(missing)} 个缺失值`}。`,
  'files.table.note': ({ inputs: count, classes, train, test }) =>
    `${inputs(count)} → ${predicted(classes)}。用 ${rows(train)}训练，${rows(test)}测试。`,
  'files.table.noteOwn': ({ inputs: count, classes, train }) =>
    `${inputs(count)} → ${predicted(classes)}。用 ${rows(train)}训练，用另一个文件测试。`,
  'files.columns': '列',
  'files.columns.use': '使用',
  'files.columns.column': '列名',
  'files.columns.kind': '类型',
  'files.columns.missing': '缺失',
  'files.columns.scaling': '缩放',
  'files.columns.examples': '前几个值',
  'files.columns.becomes': '变为',
  'files.column.use': ({ name }) => spaced`使用列 ${name}`,
  'files.column.numeric': '数值',
  'files.column.category': '类别',
  'files.column.date': '日期',
  'files.column.year': '年份',
  'files.column.target': '目标',
  'files.column.inputs': ({ count }) => inputs(count),
  'files.target': '要预测的列',
  'files.task': '预测的是',
  'files.task.kind': '预测类型',
  'files.task.regression': '一个数（回归）',
  'files.task.classes': '若干类别之一（分类）',

  'files.samples.classes': ({ count, size, classes }) => `${samples(count)}，每个 ${size}，共 ${whole.format(classes)} 个类别。`,
  'files.samples.targets': ({ count, size, least, greatest }) => `${samples(count)}，每个 ${size}，目标值从 ${least} 到 ${greatest}。`,
  'files.size.pixels': ({ size, values }) => `${size} 像素（${values}）`,
  'files.size.values': ({ size, values }) => `${size} 个值（${values}）`,
  'files.size.grey': ({ width, height }) => `${width} × ${height} 像素的灰度图`,
  'files.size.colour': ({ width, height }) => `${width} × ${height} 像素的彩色图`,
  'files.size.channels': ({ width, height, channels }) => `${width} × ${height} 像素、${channels} 个通道`,
  'files.samples.note': ({ inputs: count, classes, train, test }) =>
    `${inputs(count)} → ${predicted(classes)}。用 ${samples(train)}训练，${test === 0 ? '不测试' : `${samples(test)}测试`}。`,
  'files.samples.shown': '各类别的样本',
  'files.samples.first': '前几个样本及其目标值',
  'files.samples.one': ({ row, label }) => `样本 ${row}，标签 ${label}`,
  'files.classes': '类别',
  'files.scaling': '缩放',
  'files.scaling.label': '值的缩放方式',
  'files.scaling.standardise': '均值 0、标准差 1',
  'files.scaling.unit': '从 0–255 到 0–1',
  'files.scaling.none': '不缩放：与文件中一致',
  'files.scaling.divided': '每个值除以 255。',
  'files.scaling.kept': '值保持不变。',
  'files.scaling.formula': ({ x }) => `(${x} − 均值) / 标准差`,
  'files.scaling.all': ({ formula }) => `每个值 x 变为 ${formula}，均值和标准差取自训练部分。`,
  'files.scaling.channels': ({ formulas }) => `各通道的值 x 变为 ${formulas.join('、')}，均值和标准差取自训练部分的相应通道。`,
  'files.images.size': '尺寸',
  'files.images.size.label': '图像尺寸',
  'files.images.size.all': ({ size }) => `${size}，所有图像都是`,
  'files.images.size.most': ({ size }) => `${size}，多数图像如此`,
  'files.images.colours': '颜色',
  'files.images.colours.label': '图像颜色',
  'files.images.rgb': '红、绿、蓝',
  'files.images.grey': '灰度',
  'files.images.greyAll': '灰度，所有图像都是',

  'files.cifar10':
    '此预设在你自己的 CIFAR-10 二进制版本（cifar-10-binary.tar.gz，解压后）上训练。把它的六个文件或所在文件夹拖到这里，或者选择它们。只有本页面会读取这些文件。',
  'files.cifar10.files': '选择文件',
  'files.cifar10.folder': '选择所在文件夹',
  'files.cifar10.there': ({ there, wanted }) => `已有 ${there} / ${wanted} 个文件。六个文件齐全后立即开始训练。`,

  'files.unreadable': ({ path, why }) => spaced`无法读取 ${path}：${why}。`,
  'files.tooLarge': ({ path, size, most }) => spaced`${path} 有 ${size} 字节，最多应为 ${most} 字节。`,
  'files.progress.found': ({ count }) => `目前找到 ${whole.format(count)} 个文件。`,
  'files.progress.read': ({ done, total }) => `已读取 ${whole.format(done)} / ${whole.format(total)} 个文件。`,
  'files.progress.decoded': ({ name, done, total }) => `${name}：已解码 ${whole.format(done)} / ${whole.format(total)} 张图像。`,
  'files.mixed': ({ names }) => spaced`发现 ${names.join('、')}，应为数据，或者模型及其参数；两者请先后载入。`,
  'files.object': ({ name, keys, more }) =>
    `${name}：发现一个对象，${keys.length === 0 ? '没有键' : `键为 ${keys.join('、')}${more ? '、…' : ''}`}；应为数据（记录的数组）或模型（含 "format"、"input"、"layers"、"loss" 和 "optimizer" 的对象）。`,
  'files.model': ({ name }) => spaced`正在训练 ${name} 的网络；撤销可恢复之前的网络。`,
  'files.parameters.begin': ({ name, into }) => spaced`${name} 的参数已载入 ${into}：训练将从这些参数开始。`,
  'files.parameters': ({ name, into }) => spaced`${name} 的参数已载入 ${into}。`,
  'files.parameters.momentum': ({ name, into }) => spaced`${name} 的参数已载入 ${into}。动量从零开始。`,
  'files.parameters.squares': ({ name, into }) => spaced`${name} 的参数已载入 ${into}。梯度平方的均值从零开始。`,
  'files.parameters.into': '网络',
  'files.parameters.intoSome': ({ some, all }) => `${all} 个网络中的 ${some} 个`,
}
