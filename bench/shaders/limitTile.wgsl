// The multiply-adds of a matrix product's tile with nothing to load: a thread's ROWS × COLUMNS sums take DEPTH products a turn, each of operands of its
// own, which one multiply-add gives. What of the adapter's peak is left when all of that has to be held in registers.
struct Params { turns: u32, factor: f32, summand: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;

@compute @workgroup_size($(WORKGROUP))
fn main(@builtin(global_invocation_id) id: vec3u) {
  let summand = params.summand;
  var t = 1.0 + f32(id.x % 8u);
#each I ROWS
#each J COLUMNS
  var s$(I)_$(J) = 0f;
#end
#end
  for (var turn = 0u; turn < params.turns; turn += 1u) {
#each Q DEPTH
#each I ROWS
    let x$(I)_$(Q) = t * (1.0 + SPREAD * $(I * DEPTH + Q)) + summand;
#end
#each J COLUMNS
    let y$(J)_$(Q) = t * (1.0 - SPREAD * $(J * DEPTH + Q)) + summand;
#end
#end
#each I ROWS
#each J COLUMNS
    s$(I)_$(J) = s$(I)_$(J)
#each Q DEPTH
      + x$(I)_$(Q) * y$(J)_$(Q)
#end
    ;
#end
#end
    t = t * params.factor + summand;
  }
  result[id.x] = 0f
#each I ROWS
#each J COLUMNS
    + s$(I)_$(J)
#end
#end
  ;
}
