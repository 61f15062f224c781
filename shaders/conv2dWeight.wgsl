#if SHARE > 1
enable subgroups;
#endif
// ∂L/∂weight of a convolution as an implicit matrix product, channels last: C [SPLITS, GROUPS, M filters, KH, KW, N / taps channels] = dyᵀ · patches of x, each
// split over its own rows of dy. Registers as in matmul.wgsl; a turn takes KU positions of a row of dy.
struct Sizes {
  m: u32, // filters of a group
  n: u32, // taps and channels of a filter
  kept: u32,
  channels: u32, // of a group
  across: u32, // positions of dy in a row
  down: u32, // rows of them
  width: u32, // of x
  height: u32,
  lines: u32, // rows of dy in a split
  allLines: u32, // and of the batch
}
#if SIZED
const sizes = Sizes(SIZES);
#else
@group(0) @binding(0) var<uniform> sizes: Sizes;
#endif
#include matmulOperands
#include matmulStore

@compute @workgroup_size($(WX), $(WY))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = (group.x * $(WX)u + local.x) * $(TN)u;
  let row = (group.y * $(WY)u + local.y) * $(TM)u;
  let lane = local.x % $(SHARE)u;
  let batch = group.z;
  // Once, as in conv2d.wgsl
  let m = sizes.m;
  let channels = sizes.channels;
  let width = i32(sizes.width);
  let height = i32(sizes.height);
  let across = sizes.across;
  let down = sizes.down;
  let split = batch / $(FILTER_GROUPS)u;
  let own_group = batch % $(FILTER_GROUPS)u;
  // The tap and the channel of each column, or of each four.
#each J TN / WIDTH_B
  let tap$(J) = (column + $(J * WIDTH_B)u) / channels;
  let channel$(J) = own_group * channels + (column + $(J * WIDTH_B)u) % channels;
  let offset$(J) = i32(tap$(J) / $(KW)u * $(DILATION)u) - $(PADDING);
  let right$(J) = i32(tap$(J) % $(KW)u * $(DILATION)u) - $(PADDING);
#end
#each I TM
#each J TN
  var s$(I)_$(J) = 0f;
#end
#end
  let first = split * sizes.lines;
  let end = min(first + sizes.lines, sizes.allLines);
  var line = first;
  var image = i32(first / down);
  var y = first % down;
  var x = 0u;
  // One loop, as FLAT in conv2d.wgsl
  while (line < end) {
#each J TN / WIDTH_B
    let v$(J) = i32(y * $(STRIDE)u) + offset$(J);
    let inside$(J) = (v$(J) >= 0) & (v$(J) < height);
    let base$(J) = (image * height + v$(J)) * width;
#end
    {
#each G TM / (SHARE * ROWS_A)
#each V KU
      let own$(G)_$(V) = OfA(a[((line * across + x + $(V)u) * m * $(FILTER_GROUPS)u + own_group * m + row) / $(WIDTH_A)u + $(G * SHARE)u + lane]);
#end
#end
#include matmulLanes
#each J TN / WIDTH_B
#each V KU
      let u$(J)_$(V) = i32((x + $(V)u) * $(STRIDE)u) + right$(J);
#if WIDTH_B == 4
      let b$(J)_$(V) = select(vec4f(), OfB(b[(u32(base$(J) + u$(J)_$(V)) * channels * $(FILTER_GROUPS)u + channel$(J)) / 4u]), inside$(J) & (u$(J)_$(V) >= 0) & (u$(J)_$(V) < width));
#else
      let b$(J)_$(V) = select(0f, OfB(b[u32(base$(J) + u$(J)_$(V)) * channels * $(FILTER_GROUPS)u + channel$(J)]), inside$(J) & (u$(J)_$(V) >= 0) & (u$(J)_$(V) < width));
#endif
#end
#end
#include matmulProducts
    }
    x += $(KU)u;
    let last_x = x == across;
    x = select(x, 0u, last_x);
    line = select(line, line + 1u, last_x);
    y = select(y, y + 1u, last_x);
    let last_y = y == down;
    y = select(y, 0u, last_y);
    image = select(image, image + 1, last_y);
  }
#include matmulResult
}
