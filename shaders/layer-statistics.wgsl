// Folds the chunks of each tensor, in a fixed order, into its result. One workgroup a tensor.
#include layer
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> extents: array<vec4f>;
@group(0) @binding(3) var<storage, read> squares: array<f32>;
@group(0) @binding(4) var<storage, read_write> results: array<LayerResult>;

struct Fold {
  minimum: f32,
  maximum: f32,
  squares: f32,
  zeros: u32,
  nonFinite: u32,
}

const largest = 3.4028234663852886e38;
var<workgroup> folds: array<Fold, threads>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let tensor = tensors[group.x];
  var fold = Fold(largest, -largest, 0.0, 0u, 0u);
  for (var chunk = local; chunk < tensor.chunks; chunk += threads) {
    let extent = extents[tensor.firstChunk + chunk];
    fold.minimum = min(fold.minimum, extent.x);
    fold.maximum = max(fold.maximum, extent.y);
    fold.zeros += u32(extent.z);
    fold.nonFinite += u32(extent.w);
    fold.squares += squares[tensor.firstChunk + chunk];
  }
  folds[local] = fold;
  workgroupBarrier();
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    if (local < half) {
      let a = folds[local];
      let b = folds[local + half];
      folds[local] = Fold(min(a.minimum, b.minimum), max(a.maximum, b.maximum), a.squares + b.squares, a.zeros + b.zeros, a.nonFinite + b.nonFinite);
    }
    workgroupBarrier();
  }
  if (local == 0u) {
    let all = folds[0];
    let finite = tensor.count - all.nonFinite;
    let some = finite > 0u;
    results[tensor.result].minimum = select(0.0, all.minimum, some);
    results[tensor.result].maximum = select(0.0, all.maximum, some);
    results[tensor.result].scale = select(0.0, max(abs(all.minimum), abs(all.maximum)), some);
    results[tensor.result].squares = all.squares;
    results[tensor.result].zeros = all.zeros;
    results[tensor.result].nonFinite = all.nonFinite;
    results[tensor.result].finite = finite;
  }
}
