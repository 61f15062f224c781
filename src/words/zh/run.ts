import type { run as english } from '../en/run.ts'
import type { In } from '../say.ts'
import { listed, spaced } from './parts.ts'

export const run: In<typeof english> = {
  'limits.parameters': ({ where, shape, bytes, all, limit }) =>
    spaced`${where}（${shape}）占 ${bytes}，全部参数连同优化器状态占 ${all}，而该适配器的单个缓冲区最多 ${limit}`,
  'limits.input': '输入',
  'limits.activations': ({ where, shape, bytes, limit }) =>
    spaced`${where} 对一个批次产生 ${shape} 个数，共 ${bytes}，而该适配器的单个缓冲区最多 ${limit}`,
  'limits.batch': ({ where, size, layer, shape, bytes, limit, fitting }) => {
    const way = fitting > 0 ? spaced`${where} 为 ${fitting} 时可以放下` : '即使批大小为 1 也放不下'
    return spaced`${where} 是 ${size}，但 ${layer} 对一个批次产生 ${shape} 个数，共 ${bytes}，而该适配器的单个缓冲区最多 ${limit}：${way}`
  },
  'limits.memory': ({ where, size, bytes, half, halfBytes }) => {
    const less = half > 0 ? spaced`；${where} 为 ${half} 时需要 ${halfBytes}` : ''
    return spaced`${where} 是 ${size}，其激活值同时需要 ${bytes}，超出了该适配器剩余的显存${less}`
  },
  'small.accumulates': '它的每一步累积多个批次',
  'small.augments': '它的图像会随机移动',
  'small.operation': ({ operation, path }) => spaced`位于 ${path} 的 ${operation} 需要单独的内核`,
  'small.parameters': ({ count, most }) => spaced`它有 ${count} 个参数，而一个工作组最多 ${most} 个`,
  'small.work': ({ samples }) => spaced`每步 ${samples} 个样本，超出了一个工作组的工作量`,
  'small.data': '它的数据不在同一个缓冲区里',
  'small.ordinary': '指定了普通执行计划',
  'small.noVariant': '它的内核在该适配器上没有一个变体结果正确',
  'run.notSmall': ({ why }) => spaced`该网络不能在一个工作组内训练：${why}`,
  'run.running': '该训练器正在运行，请先暂停',
  'run.noTrainer': '没有给出训练器，至少应有一个',
  'run.noLayer': ({ where, layers }) => spaced`没有层 ${where}，现有 ${listed(layers)}`,
  'run.notKept': ({ where, kept }) => spaced`在这种规模的网络中 ${where} 与其他层共用内存；保留的有 ${listed(kept)}`,
  'run.noParameter': ({ where, parameters }) => spaced`没有名为 ${where} 的参数，现有 ${listed(parameters)}`,
  'run.parameterSize': ({ where, found, expected }) => spaced`参数 ${where}：给出了 ${found} 个数，应为 ${expected} 个`,
  'run.predict': ({ found, features }) => spaced`给出了 ${found} 个数，不是网络的 ${features} 个输入的整数倍`,
  'run.noTrainPart': '数据没有训练集',
  'run.noTestPart': '数据没有测试集',
  'run.noHalf': ({ adapter }) => spaced`mixed 需要着色器支持 f16 的适配器，而 ${adapter} 不支持`,
  'run.smallHalf': 'mixed 只用于普通执行计划：小网络的计划把所有数以单精度放在寄存器里',
  'run.batchSize': ({ where, found, most }) => spaced`${where} 是 ${found}，最多应为 ${most}，即训练样本的个数`,
  'expected.orEndless': ({ expected }) => spaced`${expected}，或留空表示不限`,
  'expected.orAuto': ({ expected }) => spaced`${expected}，或自动`,
  'set.needsNew': ({ where, now, next }) => spaced`${where} 是 ${now}，改为 ${next} 需要新的训练器`,
  'set.momentum': ({ had, momentum }) => spaced`优化器创建时${had ? '带有' : '没有'}动量，改为动量 ${momentum} 需要新的训练器`,
  'sweep.nothing': '没有给出任何变化，每个网络应有一个',
  'sweep.length': 'steps 与 epochs 都没有给出，应给出其一',
  'sweep.losses': ({ steps, networks, most }) => spaced`${networks} 个网络各 ${steps} 步的损失超出了一次调用能返回的 ${most} 个`,
  'sweep.plateau': 'plateau 调度依赖评估，而 sweep 不做评估：请换用其他调度',
  'sweep.noVariant': '小网络的内核在该适配器上没有一个变体结果正确',
  'sweep.fixed': ({ where, choices }) => spaced`${where} 不能变化，可变的只有 ${listed(choices)}`,
  'state.format': ({ where, found, expected }) => spaced`${where} 是 ${found}，应为 ${expected}，即保存的训练`,
  'state.missing': ({ where }) => spaced`缺少 ${where}，应为保存的训练中的内容`,
  'state.notJson': ({ where }) => spaced`${where} 不是 JSON，应为保存的训练中的内容`,
  'state.network': '它属于另一个网络，输入与各层应与给出的模型相同',
  'state.data': ({ where, saved, data, found }) => spaced`训练它的数据的 ${where} 为 ${saved}，而 ${data} 的为 ${found}`,
  'state.setting': ({ where, saved, asked }) => spaced`保存时 ${where} 为 ${saved}，不能以 ${asked} 继续`,
  'state.parameters': '它带有自己的参数，不应另外给出',
  'restore.none': '应为该训练器自己取得的快照',
  'restore.other': ({ step }) => spaced`第 ${step} 步的这个快照属于另一个训练器`,
  'restore.destroyed': ({ step }) => spaced`第 ${step} 步的这个快照已被销毁`,
  'inspect.percentiles': ({ low, high }) => spaced`low 是 ${low}，high 是 ${high}，应满足 0 ≤ low ≤ high ≤ 1`,
  'inspect.nodes': ({ where, shape, from, to, isImages }) =>
    spaced`${where} 的张量形状是 ${shape}，而它两端各有 ${from} 与 ${to} 个${isImages ? '通道' : '神经元'}`,
  'inspect.buffers': ({ where, first }) => spaced`${where} 的张量与 ${first} 的不在同一个缓冲区，同类张量应在同一个缓冲区里`,
  'view.rows': ({ where, shape, strides, width }) => spaced`${where} 的值形状为 ${shape}、步幅为 ${strides}，每行应是 ${width} 个相邻的数`,
}
