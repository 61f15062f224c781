/** Where thresholds come from. */
export const sources = {
  autoTrainer: 'AutoTrainer, Zhang et al., ICSE 2021',
  sageMaker: 'Amazon SageMaker Debugger, built-in rules',
  deepDiagnosis: 'DeepDiagnosis, Wardat et al., ICSE 2022',
  umlaut: 'UMLAUT, Schoop et al., CHI 2021',
  lecun: 'LeCun et al., Efficient BackProp, 1998',
  mcCandlish: 'after McCandlish et al., An empirical model of large-batch training, 2018',
  fastai: 'fastai, learning-rate finder',
  he: 'He et al., ICCV 2015',
  glorot: 'Glorot and Bengio, AISTATS 2010',
  ioffe: 'Ioffe and Szegedy, ICML 2015',
  own: 'gradscope',
} as const
