#if SHARE > 1
enable subgroups;
#endif
// Convolution as an implicit matrix product, channels last: C [M positions, GROUPS, N] = epilogue(patches · weights), the weights [out, KH, KW, in / GROUPS].
// Forward, A is x and N filters of a group take KC channels; where INPUT is set, A is dy, and N channels of a group take KC filters: ∂L/∂x.
// Of a stride the INPUT pass makes CLASSES: positions of C whose distance to the first is the same beside multiples of the stride have the same taps, and a
// workgroup takes positions of one class, whose taps are STEP apart.
// Where FOLD is set, tiles of rows beyond so many are counted on in z.
// Where SIZED is set, sizes are constants of the module; else they come with the dispatch, and layers that differ in nothing else share a pipeline.
// A thread owns TM positions and TN columns in scalar registers as in matmul.wgsl. A turn takes UC channels at UJ taps of a row of the kernel. FLAT makes one
// loop of all turns, which each find their tap: a software adapter pays for every register at each loop's edge.
struct Sizes {
  m: u32, // positions of C
  n: u32, // columns of a group
  kept: u32, // rows
  channels: u32, // of A in a group, KC
  width: u32, // of A
  height: u32,
  toWidth: u32, // of C
  toHeight: u32,
  rows: u32, // positions of a class
  across: u32, // of them in a row
  down: u32, // rows of them
}
#if SIZED
const sizes = Sizes(SIZES);
#else
@group(0) @binding(0) var<uniform> sizes: Sizes;
#endif
#include matmulOperands
#include matmulStore

// Without && and its branches, of which a software adapter compiles a dozen in a loop for minutes. Row v, or column, of A below `size` that a position of C
// meets at row i of the kernel, or column; -1 where it meets the padding.
fn met(place: i32, tap: u32, size: i32) -> i32 {
#if INPUT
  let gap = place - i32(tap * $(DILATION)u);
  let at = gap / $(STRIDE);
  return select(-1, at, (gap >= 0) & (at < size));
#else
  let at = place + i32(tap * $(DILATION)u);
  return select(-1, at, at < size);
#endif
}

#if CLASSES > 1
// The first tap of a class along one direction; `size` where it has none.
fn firstTap(gap: u32, size: u32) -> u32 {
  for (var tap = 0u; tap < min($(STEP)u, size); tap++) {
    if ((gap + $(PADDING + STRIDE * (KH + KW) * DILATION)u - tap * $(DILATION)u) % $(STRIDE)u == 0u) { return tap; }
  }
  return size;
}

// The row of C of a class's row; M where there is none.
fn placed(row: u32, gap: vec2u) -> u32 {
  let y = row / sizes.across % sizes.down * $(STRIDE)u + gap.y;
  let x = row % sizes.across * $(STRIDE)u + gap.x;
  let at = (row / (sizes.across * sizes.down) * sizes.toHeight + y) * sizes.toWidth + x;
  return select(sizes.m, at, (row < sizes.rows) & (y < sizes.toHeight) & (x < sizes.toWidth));
}
#endif

@compute @workgroup_size($(WX), $(WY))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = (group.x * $(WX)u + local.x) * $(TN)u;
#if FOLD
  let tile = group.y + group.z / $(GROUPS * CLASSES)u * $(FOLD)u;
  let part = group.z % $(GROUPS * CLASSES)u;
#else
  let tile = group.y;
  let part = group.z;
#endif
  let row = (tile * $(WY)u + local.y) * $(TM)u;
  let lane = local.x % $(SHARE)u;
  let batch = part / $(CLASSES)u; // of channels
  // Once: a software adapter loads a uniform wherever it is named.
  let width = i32(sizes.width);
  let height = i32(sizes.height);
  let channels = sizes.channels;
  let n = sizes.n;
#if CLASSES > 1
  let gap = vec2u(part % $(STRIDE)u, part / $(STRIDE)u % $(STRIDE)u);
#endif
#each G TM / SHARE
  let position$(G) = row + $(G * SHARE)u + lane;
  let line$(G) = position$(G) / sizes.across;
  let image$(G) = line$(G) / sizes.down;
  let first$(G) = i32(image$(G) * sizes.height);
  let down$(G) = line$(G) - image$(G) * sizes.down;
  let right$(G) = position$(G) - line$(G) * sizes.across;
#if CLASSES > 1
  let y$(G) = i32(down$(G) * $(STRIDE)u + gap.y) + $(PADDING);
  let x$(G) = i32(right$(G) * $(STRIDE)u + gap.x) + $(PADDING);
#else
#if INPUT
  let y$(G) = i32(down$(G)) + $(PADDING);
  let x$(G) = i32(right$(G)) + $(PADDING);
#else
  let y$(G) = i32(down$(G) * $(STRIDE)u) - $(PADDING);
  let x$(G) = i32(right$(G) * $(STRIDE)u) - $(PADDING);
#endif
#endif
#end
#each I TM
#each J TN
  var s$(I)_$(J) = 0f;
#end
#end
#if CLASSES > 1
  let begin = vec2u(firstTap(gap.x, $(KW)u), firstTap(gap.y, $(KH)u));
  let taps = (vec2u($(KW)u, $(KH)u) - begin + $(STEP - 1)u) / $(STEP)u;
#else
  const begin = vec2u();
  const taps = vec2u($(KW / UJ)u, $(KH)u);
#endif
#if FLAT
  var i = begin.y;
  var j = begin.x;
  var c = 0u;
  for (var left = taps.x * taps.y * (channels / $(UC)u); left > 0u; left--) {
#else
  for (var i = 0u; i < $(KH)u; i++) {
  for (var j = 0u; j < $(KW)u; j += $(UJ)u) {
#endif
#each G TM / SHARE
    let v$(G) = met(y$(G), i, height);
#each T UJ
    let u$(G)_$(T) = met(x$(G), j + $(T)u, width);
    let inside$(G)_$(T) = (v$(G) >= 0) & (u$(G)_$(T) >= 0);
    let at$(G)_$(T) = u32((first$(G) + v$(G)) * width + u$(G)_$(T)) * (channels * $(GROUPS)u) + batch * channels;
#end
#end
#if FLAT
    {
#else
    for (var c = 0u; c < channels; c += $(UC)u) {
#endif
#each G TM / SHARE
#each V UJ * UC / STEP_A
#if WIDTH_A == 4
      let own$(G)_$(V) = select(vec4f(), OfA(a[(at$(G)_0 + c) / 4u + $(V)u]), inside$(G)_0);
#else
      let own$(G)_$(V) = select(0f, OfA(a[at$(G)_$(V / UC) + c + $(V % UC)u]), inside$(G)_$(V / UC));
#endif
#end
#end
#include matmulLanes
#if INPUT
      let w = ((batch * channels + c) * $(KH * KW)u + i * $(KW)u + j) * n + column;
#each V KU
      let w$(V) = w + $(V % UC * KH * KW + V / UC)u * n;
#each J TN / WIDTH_B
      let b$(J)_$(V) = OfB(b[w$(V) / $(WIDTH_B)u + $(J)u]);
#end
#end
#else
      let w = ((batch * n + column) * $(KH * KW)u + i * $(KW)u + j) * channels + c;
#each J TN
      let w$(J) = w + $(J * KH * KW)u * channels;
#each V KU / WIDTH_B
      let b$(J)_$(V) = OfB(b[w$(J) / $(WIDTH_B)u + $(V)u]);
#end
#end
#endif
#include matmulProducts
    }
#if FLAT
    // The next turn, counted up rather than divided
    c += $(UC)u;
    let last_channels = c == channels;
    c = select(c, 0u, last_channels);
    j = select(j, j + $(STRIDE_J)u, last_channels);
    let last_tap = j >= $(KW)u;
    j = select(j, begin.x, last_tap);
    i = select(i, i + $(STEP)u, last_tap);
  }
#else
  }
  }
#endif
#include matmulResult
}
