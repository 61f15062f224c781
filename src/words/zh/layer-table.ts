import type { layerTable as english } from '../en/layer-table.ts'
import type { In } from '../say.ts'

export const layerTable: In<typeof english> = {
  'layerTable.title': '所有层',
  'layerTable.filter': '筛选层',
  'layerTable.kind': '层的类型',
  'layerTable.all': '所有类型',
  'layerTable.layer': '层',
  'layerTable.layer.about': '按名称排序；否则按网络中的顺序',
  'layerTable.layers': ({ count }) => `${count} 层`,
  'layerTable.none': '没有符合筛选条件的层。',
  'layerTable.nothing': '尚无测量值：训练开始后即可看到。',
  'layerTable.told': ({ step, batch, of, samples }) =>
    `第 ${step} 步，${batch < of ? `批次 ${of} 个样本中的前 ${batch} 个` : `${batch} 个样本`}；失活按 ${samples} 个样本判断`,
  'layerTable.healthy': ({ least, most }) => (least === null ? `正常：不超过 ${most}。` : `正常：${least} 至 ${most}。`),
  'layerTable.gradient': '梯度',
  'layerTable.gradient.about': '‖∂L/∂w‖：权重梯度的范数；单独的归一化层取其缩放 γ',
  'layerTable.share': '÷ 末层',
  'layerTable.share.about': '梯度范数与最后一个带权重的层之比：远小于 1 为梯度消失，远大于 1 为梯度爆炸。',
  'layerTable.weight': '权重',
  'layerTable.weight.about': '‖w‖：该步之后权重的范数',
  'layerTable.update': '更新',
  'layerTable.update.about': '‖Δw‖ / ‖w‖：一步更新占权重的比例。通常约为 0.001。',
  'layerTable.mean': '均值',
  'layerTable.mean.about': '该层输出的均值',
  'layerTable.spread': '离散度',
  'layerTable.spread.about': '该层输出的标准差',
  'layerTable.dead': '失活',
  'layerTable.dead.about': '对任何样本都没有输出或输出不变的神经元比例。',
  'layerTable.saturated': '饱和',
  'layerTable.saturated.about': '落在激活函数平坦端的输出比例：tanh 超过 ±0.97，sigmoid 低于 0.015 或高于 0.985。',
}
