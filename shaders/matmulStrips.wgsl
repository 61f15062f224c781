#if HALF
enable f16;
#endif
// C[b] = epilogue(op(A[b]) · op(B[b])) as in matmul.wgsl, for a small C and a long k: STRIPS threads share a tile of TM rows and TN columns, each with
// a strip of KC values of k, and add their sums in the strips' order after one barrier.
#include matmulSizes
#include matmulOperands
#include matmulStore

var<workgroup> sums: array<f32, $(WX * WY * TM * TN * STRIPS)>; // [tile, element, strip]

@compute @workgroup_size($(WX), $(WY), $(STRIPS))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = (group.x * $(WX)u + local.x) * $(TN)u;
  let row = (group.y * $(WY)u + local.y) * $(TM)u;
  let a_base = group.z * $(M * K)u;
  let b_base = group.z * $(K * N)u;
#each I TM
#each J TN
  var s$(I)_$(J) = 0f;
#end
#end
  let end = min((local.z + 1u) * $(KC)u, $(K)u);
  for (var k = local.z * $(KC)u; k < end; k += 1u) {
#each I TM
#if TRANSPOSE_A
    let x$(I) = OfA(a[a_base + k * $(M)u + row + $(I)u]);
#else
    let x$(I) = OfA(a[a_base + (row + $(I)u) * $(K)u + k]);
#endif
#end
#each J TN
#if TRANSPOSE_B
    let y$(J) = OfB(b[b_base + (column + $(J)u) * $(K)u + k]);
#else
    let y$(J) = OfB(b[b_base + k * $(N)u + column + $(J)u]);
#endif
#end
#each I TM
#each J TN
    s$(I)_$(J) = s$(I)_$(J) + x$(I) * y$(J);
#end
#end
  }
  let tile = (local.y * $(WX)u + local.x) * $(TM * TN)u;
#each I TM
#each J TN
  sums[(tile + $(I * TN + J)u) * $(STRIPS)u + local.z] = s$(I)_$(J);
#end
#end
  workgroupBarrier();
  for (var element = local.z; element < $(TM * TN)u; element += $(STRIPS)u) {
    var sum = 0f;
    for (var strip = 0u; strip < $(STRIPS)u; strip += 1u) {
      sum += sums[(tile + element) * $(STRIPS)u + strip];
    }
    store(group.z, row + element / $(TN)u, column + element % $(TN)u, sum);
  }
}
