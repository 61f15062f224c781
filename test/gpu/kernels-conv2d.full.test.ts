import { ofEachKind, ofEachSharing, testShapes } from './conv2d-shapes.ts'

testShapes(
  (shape) => !ofEachKind(shape),
  (shape) => !ofEachSharing(shape),
)
