#if SHARE > 1
enable subgroups;
#endif
// Convolution as an implicit matrix product, channels last: C [M positions, GROUPS, N] = epilogue(patches · weights), the weights [out, KH, KW, in / GROUPS].
// Forward, A is x and N filters of a group take KC channels; where INPUT is set, A is dy, and N channels of a group take KC filters: ∂L/∂x.
// Of a stride the INPUT pass makes CLASSES: positions of C whose distance to the first is the same beside multiples of the stride have the same taps, and a
// workgroup takes positions of one class, whose taps are STEP apart.
// A thread owns TM positions and TN columns in scalar registers as in matmul.wgsl. A turn takes UC channels at UJ taps of a row of the kernel. FLAT makes one
// loop of all turns, which each find their tap: a software adapter pays for every register at each loop's edge.
#include matmulOperands
#include matmulStore

// Without && and its branches, of which a software adapter compiles a dozen in a loop for minutes. What a position of C at (y, x) meets in A
// [batch, AH, AW, AC] at row i of the kernel, in positions, and of that row at column j, in numbers.
struct Place { inside: bool, at: u32 }
fn lineOf(image: u32, y: i32, i: u32) -> Place {
#if INPUT
  let down = y - i32(i * $(DILATION)u);
  let v = down / $(STRIDE);
  let inside = (down >= 0) & (v < $(AH));
#else
  let v = y + i32(i * $(DILATION)u);
  let inside = (v >= 0) & (v < $(AH));
#endif
  return Place(inside, (image * $(AH)u + u32(v)) * $(AW)u);
}
fn tapOf(line: Place, x: i32, j: u32) -> Place {
#if INPUT
  let right = x - i32(j * $(DILATION)u);
  let u = right / $(STRIDE);
  let inside = line.inside & (right >= 0) & (u < $(AW));
#else
  let u = x + i32(j * $(DILATION)u);
  let inside = line.inside & (u >= 0) & (u < $(AW));
#endif
  return Place(inside, select(0u, (line.at + u32(u)) * $(AC)u, inside));
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
  let y = row / $(RW)u % $(RH)u * $(STRIDE)u + gap.y;
  let x = row % $(RW)u * $(STRIDE)u + gap.x;
  return select($(M)u, (row / $(RH * RW)u * $(CH)u + y) * $(CW)u + x, (row < $(ROWS)u) & (y < $(CH)u) & (x < $(CW)u));
}
#endif

@compute @workgroup_size($(WX), $(WY))
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = (group.x * $(WX)u + local.x) * $(TN)u;
  let row = (group.y * $(WY)u + local.y) * $(TM)u;
  let lane = local.x % $(SHARE)u;
  let batch = group.z / $(CLASSES)u; // of channels
#if CLASSES > 1
  let gap = vec2u(group.z % $(STRIDE)u, group.z / $(STRIDE)u % $(STRIDE)u);
#endif
#each G TM / SHARE
  let position$(G) = row + $(G * SHARE)u + lane;
  let image$(G) = position$(G) / $(RH * RW)u;
#if CLASSES > 1
  let y$(G) = i32(position$(G) / $(RW)u % $(RH)u * $(STRIDE)u + gap.y) + $(PADDING);
  let x$(G) = i32(position$(G) % $(RW)u * $(STRIDE)u + gap.x) + $(PADDING);
#else
#if INPUT
  let y$(G) = i32(position$(G) / $(CW)u % $(CH)u) + $(PADDING);
  let x$(G) = i32(position$(G) % $(CW)u) + $(PADDING);
#else
  let y$(G) = i32(position$(G) / $(CW)u % $(CH)u * $(STRIDE)u) - $(PADDING);
  let x$(G) = i32(position$(G) % $(CW)u * $(STRIDE)u) - $(PADDING);
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
  for (var turn = 0u; turn < taps.x * taps.y * $(KC / UC)u; turn++) {
    let i = begin.y + turn / $(KC / UC)u / taps.x * $(STEP)u;
    let j = begin.x + turn / $(KC / UC)u % taps.x * $(STEP)u;
    let c = turn % $(KC / UC)u * $(UC)u;
#else
#if FLAT
  for (var turn = 0u; turn < $(KH * KW / UJ * KC / UC)u; turn++) {
    let i = turn / $(KW / UJ * KC / UC)u;
    let j = turn / $(KC / UC)u % $(KW / UJ)u * $(UJ)u;
    let c = turn % $(KC / UC)u * $(UC)u;
#else
  for (var i = 0u; i < $(KH)u; i++) {
  for (var j = 0u; j < $(KW)u; j += $(UJ)u) {
#endif
#endif
#each G TM / SHARE
    let line$(G) = lineOf(image$(G), y$(G), i);
#each T UJ
    let tap$(G)_$(T) = tapOf(line$(G), x$(G), j + $(T)u);
#end
#end
#if FLAT
    {
#else
    for (var c = 0u; c < $(KC)u; c += $(UC)u) {
#endif
#each G TM / SHARE
#each V UJ * UC / STEP_A
#if WIDTH_A == 4
      let own$(G)_$(V) = select(vec4f(), OfA(a[(tap$(G)_0.at + batch * $(KC)u + c) / 4u + $(V)u]), tap$(G)_0.inside);
#else
      let own$(G)_$(V) = select(0f, OfA(a[tap$(G)_$(V / UC).at + batch * $(KC)u + c + $(V % UC)u]), tap$(G)_$(V / UC).inside);
#endif
#end
#end
#include matmulLanes
#if INPUT
#each V KU
      let w$(V) = ((batch * $(KC)u + c + $(V % UC)u) * $(KH * KW)u + i * $(KW)u + j + $(V / UC)u) * $(N)u + column;
#each J TN / WIDTH_B
      let b$(J)_$(V) = OfB(b[w$(V) / $(WIDTH_B)u + $(J)u]);
#end
#end
#else
#each J TN
      let w$(J) = ((batch * $(N)u + column + $(J)u) * $(KH * KW)u + i * $(KW)u + j) * $(KC)u + c;
#each V KU / WIDTH_B
      let b$(J)_$(V) = OfB(b[w$(J) / $(WIDTH_B)u + $(V)u]);
#end
#end
#endif
#include matmulProducts
    }
  }
#if FLAT
#else
  }
#endif
#include matmulResult
}
