// Independent chains of multiply-adds with nothing to load: what the arithmetic units reach.
#if HALF
enable f16;
#endif
struct Params { turns: u32, factor: f32, summand: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<ELEMENT>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let factor = ELEMENT(SCALAR(params.factor));
  let summand = ELEMENT(SCALAR(params.summand));
  let first = SCALAR(id.x % 8u);
  DECLARED // var a0 = ELEMENT(first); …
  for (var turn = 0u; turn < params.turns; turn += 1u) {
    CHAINED // a0 = fma(fma(a0, factor, summand), …); …
  }
  result[id.x] = TOTAL;
}
