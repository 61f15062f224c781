import { zip } from '../files/images.ts'
import { damaged, damagedText, pets, testFaultyImages, testFolder } from './pets.ts'

testFolder(['browser'])

testFaultyImages([
  ['an image that does not decode', { 'pets.zip': zip(damaged) }, ['--model', 'model.json', '--data', 'pets.zip'], damagedText('pets.zip')],
  [
    'a batch cut off',
    { 'data_batch_1.bin': new Uint8Array(5000) },
    ['--preset', 'vgg-cifar10', '--data', 'data_batch_1.bin'],
    'data_batch_1.bin: found 5000 bytes, expected a multiple of 3073',
  ],
  [
    'a table for CIFAR-10',
    { 'a.csv': new TextEncoder().encode('a,b\n1,2\n') },
    ['--preset', 'vgg-cifar10', '--data', 'a.csv'],
    'Found a.csv, expected CIFAR-10: its binary version',
  ],
  [
    'one class',
    { 'pets.zip': zip({ 'cats/1.png': pets['cats/1.png']! }) },
    ['--model', 'model.json', '--data', 'pets.zip'],
    'pets.zip: found one class, cats, expected',
  ],
])
