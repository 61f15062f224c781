#if HALF
enable f16;
#endif
// C[b] = epilogue(op(A[b]) · op(B[b])) as in matmul.wgsl, by tiles of BM rows, BN columns and BK values of k in workgroup memory: the classic shape of a GPU.
// TX × TY threads each own TM rows and TN columns, strided over the tile so that neighbours read and write side by side.
// A tile keeps the layout of its operand, in vec4 along what lies together: [row][k] or, transposed, [k][row]; PAD keeps its rows off the same banks.
// M, N and K are multiples of what is read together; K of BK. Rows and columns past an edge are read clamped and never stored.
#include matmulSizes
#include matmulOperands
#include matmulStore

#if TRANSPOSE_A
var<workgroup> tile_a: array<vec4f, $(BK * BM / 4)>;
#else
var<workgroup> tile_a: array<vec4f, $(BM * (BK / 4 + 1))>;
#endif
#if TRANSPOSE_B
var<workgroup> tile_b: array<vec4f, $(BN * (BK / 4 + 1))>;
#else
var<workgroup> tile_b: array<vec4f, $(BK * BN / 4)>;
#endif

@compute @workgroup_size($(TX), $(TY))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first_row = group.y * $(BM)u;
  let first_column = group.x * $(BN)u;
  let a_base = group.z * $(M * K / 4)u;
  let b_base = group.z * $(K * N / 4)u;
#each I TM
#each J TN / 4
  var s$(I)_$(J) = vec4f();
#end
#end
  for (var k = 0u; k < $(K)u; k += $(BK)u) {
#each L BM * BK / 4 / (TX * TY)
    {
      let at = thread + $(L * TX * TY)u;
#if TRANSPOSE_A
      let part = at % $(BM / 4)u;
      let line = at / $(BM / 4)u;
      tile_a[at] = OfA(a[a_base + (k + line) * $(M / 4)u + first_row / 4u + part]);
#else
      let part = at % $(BK / 4)u;
      let line = at / $(BK / 4)u;
      tile_a[line * $(BK / 4 + 1)u + part] = OfA(a[a_base + (first_row + line) * $(K / 4)u + k / 4u + part]);
#endif
    }
#end
#each L BN * BK / 4 / (TX * TY)
    {
      let at = thread + $(L * TX * TY)u;
#if TRANSPOSE_B
      let part = at % $(BK / 4)u;
      let line = at / $(BK / 4)u;
      tile_b[line * $(BK / 4 + 1)u + part] = OfB(b[b_base + (first_column + line) * $(K / 4)u + k / 4u + part]);
#else
      let part = at % $(BN / 4)u;
      let line = at / $(BN / 4)u;
      tile_b[at] = OfB(b[b_base + (k + line) * $(N / 4)u + first_column / 4u + part]);
#endif
    }
#end
    workgroupBarrier();
    for (var q = 0u; q < $(BK)u; q += 4u) {
      // x: row I at k + q … q + 3; y: columns 4 J … 4 J + 3 at k + q + Q
#if TRANSPOSE_A
#each Q 4
#each G TM / 4
      let a$(G)_$(Q) = tile_a[(q + $(Q)u) * $(BM / 4)u + local.y + $(G * TY)u];
#end
#end
#else
#each I TM
      let x$(I) = tile_a[(local.y + $(I * TY)u) * $(BK / 4 + 1)u + q / 4u];
#end
#endif
#if TRANSPOSE_B
#each J TN
      let b$(J) = tile_b[(local.x + $(J * TX)u) * $(BK / 4 + 1)u + q / 4u];
#end
#endif
#each Q 4
#each J TN / 4
#if TRANSPOSE_B
      let y$(J)_$(Q) = vec4f(b$(4 * J)[$(Q)], b$(4 * J + 1)[$(Q)], b$(4 * J + 2)[$(Q)], b$(4 * J + 3)[$(Q)]);
#else
      let y$(J)_$(Q) = tile_b[(q + $(Q)u) * $(BN / 4)u + local.x + $(J * TX)u];
#endif
#each I TM
#if TRANSPOSE_A
      s$(I)_$(J) = s$(I)_$(J) + a$(I / 4)_$(Q)[$(I % 4)] * y$(J)_$(Q);
#else
      s$(I)_$(J) = s$(I)_$(J) + x$(I)[$(Q)] * y$(J)_$(Q);
#endif
#end
#end
#end
    }
    workgroupBarrier();
  }
#each I TM
#if TRANSPOSE_A
  let row$(I) = first_row + (local.y + $(I / 4 * TY)u) * 4u + $(I % 4)u;
#else
  let row$(I) = first_row + local.y + $(I * TY)u;
#endif
#each J TN / 4
#if TRANSPOSE_B
#each E 4
  store(group.z, row$(I), first_column + local.x + $((4 * J + E) * TX)u, s$(I)_$(J)[$(E)]);
#end
#else
  store4(group.z, row$(I), first_column + (local.x + $(J * TX)u) * 4u, s$(I)_$(J));
#endif
#end
#end
}
