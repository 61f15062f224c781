#if HALF
enable f16;
#endif
// C[b] = epilogue(op(A[b]) · op(B[b])) as in matmul.wgsl, by tiles of BM rows, BN columns and BK values of k in workgroup memory: the classic shape of a GPU.
// TX × TY threads each own TM rows and TN columns. A tile keeps the layout of its operand, in vec4 along what lies together, and is nested so that a thread
// reads it at one place of its own plus constants: no address is computed and no index clamped where most of the time goes. One vec4 more a thread's part
// keeps neighbours off the same banks.
// M, N and K are multiples of what is read together. Rows and columns past an edge are read clamped and never stored; past K, where BK does not divide it,
// zeros stand. Where AHEAD is set, the next turn's values come from memory while this turn's are multiplied.
#include matmulSizes
#include matmulOperands
#include matmulStore

#if TRANSPOSE_A
// [k][rows / 4 of a thread][thread's y], four rows
var<workgroup> tile_a: array<array<vec4f, $(TY)>, $(BK * TM / 4)>;
#else
// [thread's y][row of a thread][k / 4], four values of k
var<workgroup> tile_a: array<array<vec4f, $(TM * BK / 4 + 1)>, $(TY)>;
#endif
#if TRANSPOSE_B
// [thread's x][column of a thread][k / 4], four values of k
var<workgroup> tile_b: array<array<vec4f, $(TN * BK / 4 + 1)>, $(TX)>;
#else
// [k][columns / 4 of a thread][thread's x], four columns
var<workgroup> tile_b: array<array<vec4f, $(TX)>, $(BK * TN / 4)>;
#endif

// The vec4 `at`, in the order of the operand, of the tile that begins at a row of A or a column of B and at k.
fn partOfA(batch: u32, row: u32, k: u32, at: u32) -> vec4f {
#if TRANSPOSE_A
  let own = k + at / $(BM / 4)u;
  let value = OfA(a[(batch * $(K)u + own) * $(M / 4)u + row / 4u + at % $(BM / 4)u]);
#else
  let own = k + at % $(BK / 4)u * 4u;
  let value = OfA(a[(batch * $(M)u + row + at / $(BK / 4)u) * $(K / 4)u + own / 4u]);
#endif
#if K % BK
  return select(vec4f(), value, own < $(K)u);
#else
  return value;
#endif
}

fn partOfB(batch: u32, column: u32, k: u32, at: u32) -> vec4f {
#if TRANSPOSE_B
  let own = k + at % $(BK / 4)u * 4u;
  let value = OfB(b[(batch * $(N)u + column + at / $(BK / 4)u) * $(K / 4)u + own / 4u]);
#else
  let own = k + at / $(BN / 4)u;
  let value = OfB(b[(batch * $(K)u + own) * $(N / 4)u + column / 4u + at % $(BN / 4)u]);
#endif
#if K % BK
  return select(vec4f(), value, own < $(K)u);
#else
  return value;
#endif
}

@compute @workgroup_size($(TX), $(TY))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first_row = group.y * $(BM)u;
  let first_column = group.x * $(BN)u;
#each I TM
#each J TN / 4
  var s$(I)_$(J) = vec4f();
#end
#end
#if AHEAD
#each L BM * BK / 4 / (TX * TY)
  var ahead_a$(L) = partOfA(group.z, first_row, 0u, thread + $(L * TX * TY)u);
#end
#each L BN * BK / 4 / (TX * TY)
  var ahead_b$(L) = partOfB(group.z, first_column, 0u, thread + $(L * TX * TY)u);
#end
#endif
  for (var k = 0u; k < $(K)u; k += $(BK)u) {
#each L BM * BK / 4 / (TX * TY)
    {
      let at = thread + $(L * TX * TY)u;
#if AHEAD
      let value = ahead_a$(L);
#else
      let value = partOfA(group.z, first_row, k, at);
#endif
#if TRANSPOSE_A
      tile_a[at / $(TY)u][at % $(TY)u] = value;
#else
      tile_a[at / $(TM * BK / 4)u][at % $(TM * BK / 4)u] = value;
#endif
    }
#end
#each L BN * BK / 4 / (TX * TY)
    {
      let at = thread + $(L * TX * TY)u;
#if AHEAD
      let value = ahead_b$(L);
#else
      let value = partOfB(group.z, first_column, k, at);
#endif
#if TRANSPOSE_B
      tile_b[at / $(TN * BK / 4)u][at % $(TN * BK / 4)u] = value;
#else
      tile_b[at / $(TX)u][at % $(TX)u] = value;
#endif
    }
#end
    workgroupBarrier();
#if AHEAD
    // Past the last tile they are read for nothing.
#each L BM * BK / 4 / (TX * TY)
    ahead_a$(L) = partOfA(group.z, first_row, k + $(BK)u, thread + $(L * TX * TY)u);
#end
#each L BN * BK / 4 / (TX * TY)
    ahead_b$(L) = partOfB(group.z, first_column, k + $(BK)u, thread + $(L * TX * TY)u);
#end
#endif
#each P BK / 4
    {
      // x: row I at the four values of k from 4 P; y: columns 4 J … 4 J + 3 at 4 P + Q
#if TRANSPOSE_A
#each Q 4
#each G TM / 4
      let a$(G)_$(Q) = tile_a[$((4 * P + Q) * TM / 4 + G)][local.y];
#end
#end
#else
#each I TM
      let x$(I) = tile_a[local.y][$(I * BK / 4 + P)];
#end
#endif
#if TRANSPOSE_B
#each J TN
      let b$(J) = tile_b[local.x][$(J * BK / 4 + P)];
#end
#endif
#each Q 4
#each J TN / 4
#if TRANSPOSE_B
      let y$(J)_$(Q) = vec4f(b$(4 * J)[$(Q)], b$(4 * J + 1)[$(Q)], b$(4 * J + 2)[$(Q)], b$(4 * J + 3)[$(Q)]);
#else
      let y$(J)_$(Q) = tile_b[$((4 * P + Q) * TN / 4 + J)][local.x];
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
#end
    workgroupBarrier();
  }
#each I TM
#if TRANSPOSE_A
  let row$(I) = first_row + (local.y + $(I / 4 * TY)u) * 4u + $(I % 4)u;
#else
  let row$(I) = first_row + local.y * $(TM)u + $(I)u;
#endif
#each J TN / 4
#if TRANSPOSE_B
  store4(group.z, row$(I), first_column + local.x * $(TN)u + $(4 * J)u, s$(I)_$(J));
#else
  store4(group.z, row$(I), first_column + (local.x + $(J * TX)u) * 4u, s$(I)_$(J));
#endif
#end
#end
}
