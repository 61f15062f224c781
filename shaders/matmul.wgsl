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
#include matmulOperands
#include matmulStore

@compute @workgroup_size($(WX), $(WY))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = (group.x * $(WX)u + local.x) * $(TN)u;
  let row = (group.y * $(WY)u + local.y) * $(TM)u;
  let lane = local.x % $(SHARE)u;
  let a_base = group.z * $(M * K / WIDTH_A)u;
  let b_base = group.z * $(K * N / WIDTH_B)u;
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
#if QUAD
    let a$(G)_$(V)_0 = own$(G)_$(V);
    let a$(G)_$(V)_1 = quadSwapX(own$(G)_$(V));
    let a$(G)_$(V)_2 = quadSwapY(own$(G)_$(V));
    let a$(G)_$(V)_3 = quadSwapDiagonal(own$(G)_$(V));
#else
#each P SHARE
#if SHARE > 1
    let a$(G)_$(V)_$(P) = subgroupBroadcast(own$(G)_$(V), $(P)u);
#else
    let a$(G)_$(V)_$(P) = own$(G)_$(V);
#endif
#end
#endif
#end
#end
#each I TM
#each Q KU
#if WIDTH_A == 4
    let x$(I)_$(Q) = a$(I / (SHARE * ROWS_A))_$(Q / STEP_A)_$(I / ROWS_A % SHARE)[$(TRANSPOSE_A * (I % 4) + !TRANSPOSE_A * (Q % 4))];
#else
    let x$(I)_$(Q) = a$(I / SHARE)_$(Q)_$(I % SHARE);
#endif
#end
#end
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
#each J TN
#each Q KU
#if WIDTH_B == 4 && TRANSPOSE_B
    let y$(J)_$(Q) = b$(J)_$(Q / 4)[$(Q % 4)];
#else
#if WIDTH_B == 4
    let y$(J)_$(Q) = b$(J / 4)_$(Q)[$(J % 4)];
#else
    let y$(J)_$(Q) = b$(J)_$(Q);
#endif
#endif
#end
#end
#each I TM
#each J TN
    s$(I)_$(J) = s$(I)_$(J)
#each Q KU
      + x$(I)_$(Q) * y$(J)_$(Q)
#end
    ;
#end
#end
  }
#each I TM
#if QUAD
  let row$(I) = row + $(I / (4 * ROWS_A) * 4 * ROWS_A + I % ROWS_A)u + $(ROWS_A)u * (lane ^ $(I / ROWS_A % 4)u);
#else
  let row$(I) = row + $(I)u;
#endif
#if TN % 4
#each J TN
  store(group.z, row$(I), column + $(J)u, s$(I)_$(J));
#end
#else
#each J TN / 4
  store4(group.z, row$(I), column + $(4 * J)u, vec4f(s$(I)_$(4 * J), s$(I)_$(4 * J + 1), s$(I)_$(4 * J + 2), s$(I)_$(4 * J + 3)));
#end
#endif
#end
#if FINISH
  for (var i = 0u; i < $(TM)u; i++) {
#if QUAD
    let own = row + i / $(4 * ROWS_A)u * $(4 * ROWS_A)u + i % $(ROWS_A)u + $(ROWS_A)u * (lane ^ (i / $(ROWS_A)u % 4u));
#else
    let own = row + i;
#endif
    for (var j = 0u; j < $(TN)u; j += $(WIDTH_C)u) {
      finish(group.z, own, column + j);
    }
  }
#endif
}
