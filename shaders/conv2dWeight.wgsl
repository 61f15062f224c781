#if SHARE > 1
enable subgroups;
#endif
// ∂L/∂weight of a convolution as an implicit matrix product, channels last: C [SPLITS, GROUPS, M filters, KH, KW, N / taps channels] = dyᵀ · patches of x, each
// split over its own rows of dy. Registers as in matmul.wgsl; a turn takes KU positions of a row of dy.
#include matmulOperands
#include matmulStore

@compute @workgroup_size($(WX), $(WY))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = (group.x * $(WX)u + local.x) * $(TN)u;
  let row = (group.y * $(WY)u + local.y) * $(TM)u;
  let lane = local.x % $(SHARE)u;
  let batch = group.z;
  let split = batch / $(FILTER_GROUPS)u;
  let own_group = batch % $(FILTER_GROUPS)u;
  // The tap and the channel of each column, or of each four.
#each J TN / WIDTH_B
  let tap$(J) = (column + $(J * WIDTH_B)u) / $(CHANNELS)u;
  let channel$(J) = own_group * $(CHANNELS)u + (column + $(J * WIDTH_B)u) % $(CHANNELS)u;
  let down$(J) = i32(tap$(J) / $(KW)u * $(DILATION)u) - $(PADDING);
  let right$(J) = i32(tap$(J) % $(KW)u * $(DILATION)u) - $(PADDING);
#end
#each I TM
#each J TN
  var s$(I)_$(J) = 0f;
#end
#end
  let first = split * $(LINES)u;
  let end = min(first + $(LINES)u, $(BATCH_LINES)u);
  // One loop, as FLAT in conv2d.wgsl
  for (var turn = first * $(DYW / KU)u; turn < end * $(DYW / KU)u; turn++) {
    let line = turn / $(DYW / KU)u;
    let x = turn % $(DYW / KU)u * $(KU)u;
#each J TN / WIDTH_B
    let v$(J) = i32(line % $(DYH)u * $(STRIDE)u) + down$(J);
    let inside$(J) = (v$(J) >= 0) & (v$(J) < $(XH));
    let base$(J) = (line / $(DYH)u * $(XH)u + u32(v$(J))) * $(XW)u;
#end
    {
#each G TM / (SHARE * ROWS_A)
#each V KU
      let own$(G)_$(V) = OfA(a[((line * $(DYW)u + x + $(V)u) * $(FILTERS)u + own_group * $(M)u + row) / $(WIDTH_A)u + $(G * SHARE)u + lane]);
#end
#end
#include matmulLanes
#each J TN / WIDTH_B
#each V KU
      let u$(J)_$(V) = i32((x + $(V)u) * $(STRIDE)u) + right$(J);
#if WIDTH_B == 4
      let b$(J)_$(V) = select(vec4f(), OfB(b[((base$(J) + u32(u$(J)_$(V))) * $(FILTER_GROUPS * CHANNELS)u + channel$(J)) / 4u]), inside$(J) & (u$(J)_$(V) >= 0) & (u$(J)_$(V) < $(XW)));
#else
      let b$(J)_$(V) = select(0f, OfB(b[(base$(J) + u32(u$(J)_$(V))) * $(FILTER_GROUPS * CHANNELS)u + channel$(J)]), inside$(J) & (u$(J)_$(V) >= 0) & (u$(J)_$(V) < $(XW)));
#endif
#end
#end
#include matmulProducts
    }
  }
#include matmulResult
}
