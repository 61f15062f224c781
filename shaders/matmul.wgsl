#if HALF
enable f16;
#endif
#if SHARE > 1
enable subgroups;
#endif
// C[b] = epilogue(op(A[b]) · op(B[b])), C [M, N] row-major; op transposes where TRANSPOSE_A, TRANSPOSE_B are set. All sizes are constants of the module.
// A thread owns TM rows and TN columns in scalar registers and takes KU values of k a turn, in one expression an element: software adapters pay for every
// variable a turn, and spill vec4 accumulators. Rows and columns past an edge read whatever a clamped load gives, and are never stored.
// SHARE lanes beside each other own the same rows: each loads its part of A and hands it on, by swaps within a QUAD (what lane t gets p-th is then of lane
// t ^ p) or by broadcasts (SHARE = the subgroup's size).
#include matmulSizes
#include matmulOperands
#include matmulStore

@compute @workgroup_size($(WX), $(WY))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = (group.x * $(WX)u + local.x) * $(TN)u;
  let row = (group.y * $(WY)u + local.y) * $(TM)u;
  let lane = local.x % $(SHARE)u;
  let batch = group.z;
  let a_base = batch * $(M * K / WIDTH_A)u;
  let b_base = batch * $(K * N / WIDTH_B)u;
#each I TM
#each J TN
  var s$(I)_$(J) = 0f;
#end
#end
  for (var k = 0u; k < $(K)u; k += $(KU)u) {
    // x: row I at k + Q. A load gives ROWS_A rows at one k, or one row at STEP_A values of k.
#each G TM / (SHARE * ROWS_A)
#each V KU / STEP_A
#if TRANSPOSE_A
    let own$(G)_$(V) = OfA(a[a_base + ((k + $(V)u) * $(M)u + row) / $(WIDTH_A)u + $(G * SHARE)u + lane]);
#else
    let own$(G)_$(V) = OfA(a[a_base + ((row + $(G * SHARE)u + lane) * $(K)u + k) / $(WIDTH_A)u + $(V)u]);
#endif
#end
#end
#include matmulLanes
    // y: column J at k + Q
#if TRANSPOSE_B
#each J TN
#each V KU / WIDTH_B
    let b$(J)_$(V) = OfB(b[b_base + ((column + $(J)u) * $(K)u + k) / $(WIDTH_B)u + $(V)u]);
#end
#end
#else
#each V KU
#each J TN / WIDTH_B
    let b$(J)_$(V) = OfB(b[b_base + ((k + $(V)u) * $(N)u + column) / $(WIDTH_B)u + $(J)u]);
#end
#end
#endif
#include matmulProducts
  }
#include matmulResult
}
