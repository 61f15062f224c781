import type { model as english } from '../en/model.ts'
import type { In } from '../say.ts'
import { listed, spaced } from './parts.ts'

const titled = (what: string, name: string) => (name === '' ? what : spaced`${what}（${name}）`)

export const model: In<typeof english> = {
  'expected.layers': '层的列表',
  'expected.branches': '分支的列表',
  'expected.shape': '[features] 或 [channels, height, width]',
  'layer.at': ({ type, path }) => spaced`${path} 的 ${type}`,
  'model.whole': '模型',
  'model.tooDeep': ({ most }) => spaced`层的嵌套超过 ${most} 层容器`,
  'model.noParameters': ({ where }) => spaced`${where} 中没有任何参数，无可训练`,
  'model.minimum': ({ where, found, maximum }) => spaced`${where} 是 ${found}，不应大于最大值 ${maximum}`,
  'model.range': ({ where, minimum, maximum }) => spaced`${where} 从 ${minimum} 到 ${maximum}，上下界之差不应超过单精度的最大数 3.4e+38`,
  'model.nesterov': ({ where, found }) => spaced`${where} 要求动量大于 0，实际为 ${found}`,
  'model.augmentation': ({ where, shape }) => spaced`${where} 用于移动图像，但输入的形状是 ${shape}，应为 [channels, height, width]`,
  'model.shift': ({ where, shift, size }) => spaced`${where} 是 ${shift}，而图像为 ${size}，应小于图像的边长`,
  'model.oneValue': ({ where, batchSize }) => spaced`${batchSize} 为 1 时，${where} 的每个通道只有一个值，${batchSize} 至少应为 2`,
  'model.oneValueLast': ({ where, count, data, batchSize, size }) =>
    spaced`${batchSize} 为 ${size} 时，${data} 的 ${count} 个样本的最后一批会使 ${where} 的每个通道只有一个值，请选择不会剩下单个样本的 ${batchSize}`,
  'model.probabilities': ({ loss, last, expected }) => spaced`${loss} 需要概率，但输出来自 ${last}，应为 ${expected}`,
  'shape.features': ({ where, found }) => spaced`${where} 的输入应为 [features]，实际为 ${found}；在它之前加一个 flatten 层即可展平`,
  'shape.images': ({ where, found }) => spaced`${where} 的输入应为 [channels, height, width]，实际为 ${found}`,
  'shape.groupsInput': ({ where, groups, channels }) => spaced`${where} 有 ${groups} 组，应能整除输入的 ${channels} 个通道`,
  'shape.groupsFilters': ({ where, groups, filters }) => spaced`${where} 有 ${groups} 组，应能整除它的 ${filters} 个卷积核`,
  'shape.kernel': ({ where, kernel, extent, padded }) =>
    extent > kernel
      ? spaced`${where} 的卷积核边长为 ${kernel}（膨胀后 ${extent}），而填充后的输入为 ${padded}，放不下`
      : spaced`${where} 的卷积核边长为 ${kernel}，而填充后的输入为 ${padded}，放不下`,
  'shape.padding': ({ where, padding, size }) => spaced`${where} 的填充为 ${padding}，不应超过窗口边长 ${size} 的一半`,
  'shape.windows': ({ where, size, padded }) => spaced`${where} 的窗口边长为 ${size}，而填充后的输入为 ${padded}，放不下`,
  'shape.sum': ({ where, layers, shortcut }) => spaced`${where} 相加的两个形状不同：主支路给出 ${layers}，捷径给出 ${shortcut}`,
  'shape.noBranches': ({ where }) => spaced`${where} 没有分支，至少应有一个`,
  'shape.join': ({ where, first, odd, branch, rest }) =>
    spaced`${where} 拼接的形状除第一维外并不一致：branches.0 为 ${first}，branches.${branch} 为 ${odd}，应为 [任意${rest}]`,
  'fit.modelInput': '模型的输入',
  'fit.input': ({ where, shape, data, sample }) => spaced`${where} 是 ${shape}，而 ${data} 的一个样本是 ${sample}`,
  'fit.classes': ({ count }) => spaced`${count} 个类别`,
  'fit.targets': ({ count }) => spaced`${count} 个目标值`,
  'fit.lossOfNumbers': ({ where, loss, data, wanted, expected }) =>
    spaced`${where} ${loss} 需要数值目标，而 ${data} 的目标是 ${wanted}，应为 ${expected}`,
  'fit.lossOfClasses': ({ where, loss, data, wanted }) =>
    spaced`${where} ${loss} 需要类别，而 ${data} 的目标是 ${wanted}（数值），请换用其他损失`,
  'fit.output': ({ where, shape, data, wanted }) => spaced`模型在 ${where} 的输出是 ${shape}，而 ${data} 有 ${wanted}`,
  'fit.training': ({ data }) => spaced`${data} 的训练集`,
  'fit.test': ({ data }) => spaced`${data} 的测试集`,
  'fit.feature': ({ index, name }) => titled(`特征 ${index}`, name),
  'fit.target': ({ index, name }) => titled(`目标值 ${index}`, name),
  'fit.notFinite': ({ number, sample, part, found }) => spaced`${part}中样本 ${sample} 的${number}是 ${found}，应为有限的数`,
  'fit.noProbability': ({ number, sample, part, found, loss }) =>
    spaced`${part}中样本 ${sample} 的${number}是 ${found}，但 ${loss} 的目标值应在 0 到 1 之间`,
  'fit.label': ({ sample, part, found, most }) => spaced`${part}中样本 ${sample} 的标签是 ${found}，应在 0 到 ${most} 之间`,
  'fit.noSamples': ({ part }) => spaced`${part}没有样本，至少应有一个`,
  'fit.values': ({ part, found, expected, count }) => spaced`${part}有 ${found} 个值，而 ${count} 个样本应有 ${expected} 个`,
  'fit.targetCount': ({ part, found, expected, count }) => spaced`${part}有 ${found} 个目标值，而 ${count} 个样本应有 ${expected} 个`,
  'fit.means': ({ data, found, widths }) => spaced`${data} 的标准化有 ${found} 个均值，均值与标准差的个数应相同，为 ${widths.join(' 或 ')}`,
  'fit.deviations': ({ data, found, widths }) =>
    spaced`${data} 的标准化有 ${found} 个标准差，均值与标准差的个数应相同，为 ${widths.join(' 或 ')}`,
  'fit.scalingNotFinite': ({ data }) => spaced`${data} 的标准化中有非有限的数`,
  'fit.noDeviation': ({ data }) => spaced`${data} 的标准化中有标准差为 0，应为正数`,
  'tensors.short': ({ length, least }) => spaced`文件只有 ${length} 字节，safetensors 文件至少应有 ${least} 字节`,
  'tensors.cut': ({ length, header }) =>
    spaced`文件有 ${length} 字节，而开头声明的头部长度为 ${header}，应为完整的 safetensors 文件；它可能被截断，或不是这种格式`,
  'tensors.notJson': '头部不是 JSON，应为 safetensors 文件的头部',
  'tensors.noObject': '头部不是 JSON 对象，应为 safetensors 文件的头部',
  'tensors.metadata': ({ key }) => spaced`safetensors 头部的 ${key} 不是由文本组成的对象`,
  'tensors.undescribed': ({ where }) => spaced`张量 ${where} 没有描述，应有 dtype、shape 和 data_offsets`,
  'tensors.dtype': ({ where, found, choices }) => spaced`张量 ${where} 的 dtype 是 ${found}，应为 ${listed(choices)} 之一`,
  'tensors.sizes': ({ where, found }) => spaced`张量 ${where} 的 shape 是 ${found}，应为各维大小的列表`,
  'tensors.offsets': ({ where, found }) => spaced`张量 ${where} 的 data_offsets 是 ${found}，应为起点和终点`,
  'tensors.outside': ({ where, begin, end, length }) => spaced`张量 ${where} 位于第 ${begin} 到 ${end} 字节，超出了 ${length} 字节的数据`,
  'tensors.length': ({ where, found, shape, dtype, expected }) =>
    spaced`张量 ${where} 有 ${found} 字节，而 ${dtype} 的形状 ${shape} 需要 ${expected} 字节`,
  'tensors.overlap': ({ where, before, at }) => spaced`张量 ${before} 与 ${where} 在数据的第 ${at} 字节处重叠`,
  'tensors.hole': ({ begin, end }) => spaced`数据的第 ${begin} 到 ${end} 字节不属于任何张量`,
  'tensors.int32': ({ where, found }) => spaced`张量 ${where} 中的 ${found} 超出了 int32 的范围`,
  'tensors.missing': ({ where, shape }) => spaced`缺少张量 ${where}，其形状应为 ${shape}`,
  'tensors.shape': ({ where, found, shape }) => spaced`张量 ${where} 的形状是 ${found}，应为 ${shape}`,
}
