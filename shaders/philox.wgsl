// Stateless random numbers: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011). Key: (seed low, seed high).
// Counter: (element, step, stream, ordinal), as src/kernels/reference/philox.ts tells.
const initialStream = 2u;
const dropoutStream = 1u;
const shuffleStream = 3u;
const perturbationStream = 4u;
const augmentationStream = 5u;

// The high word of a 64-bit product, from 16-bit pieces.
fn multiplyHigh(a: u32, b: u32) -> u32 {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let middle = aHigh * bLow + ((aLow * bLow) >> 16u);
  return aHigh * bHigh + (middle >> 16u) + (((middle & 0xffffu) + aLow * bHigh) >> 16u);
}

fn philox(counter: vec4u, seed: vec2u) -> vec4u {
  var words = counter;
  var key = seed;
  for (var round = 0u; round < 10u; round++) {
    let first = multiplyHigh(0xd2511f53u, words.x);
    let second = multiplyHigh(0xcd9e8d57u, words.z);
    words = vec4u(second ^ words.y ^ key.x, 0xcd9e8d57u * words.z, first ^ words.w ^ key.y, 0xd2511f53u * words.x);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return words;
}

// In [0, 1), on 24 bits.
fn uniformOf(word: u32) -> f32 {
  return f32(word >> 8u) * 5.9604644775390625e-8;
}
