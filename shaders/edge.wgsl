// A matrix whose numbers are drawn as edges: element e is (row e / columns, column e % columns) of PyTorch's [out, in / groups].
struct EdgeBlock {
  offset: u32,          // of its gradients in their buffer; offset and strides in elements
  columns: u32,
  rowStride: u32,
  columnStride: u32,
  count: u32,
  shown: u32,           // at most so many edges are drawn
  firstCandidate: u32,
  firstBin: u32,
  fromNode: u32,        // first node (neuron, channel) of the columns that it joins
  toNode: u32,
  groupRows: u32,       // rows of group g join the nodes g · columns … of what comes in
  pad: u32,
}

// Where the strongest `shown` edges of a block begin: those whose rank lies above the cut.
struct EdgeCut {
  rank: u32,            // its leading bits, one digit more after each pass
  remaining: u32,       // edges still to be chosen below those bits
}

// Gradients are read four at a time where every block lies together, from a multiple of four on.
#if STRIDED
alias Gradients = u32;
const edgesAtOnce = 1u;
fn placeOf(block: EdgeBlock, edge: u32) -> u32 {
  return block.offset + (edge / block.columns) * block.rowStride + (edge % block.columns) * block.columnStride;
}
#else
alias Gradients = vec4u;
const edgesAtOnce = 4u;
fn placeOf(block: EdgeBlock, edge: u32) -> u32 {
  return (block.offset + edge) / 4u;
}
#endif

// Orders edges by magnitude, as 21 leading bits of |g| (all of the exponent, 13 of the mantissa), and among equals by a
// spread of their index. NaN and infinities come out strongest, zeros weakest. Integers only: the same on every adapter.
fn rankOf(gradientBits: u32, edge: u32) -> u32 {
  let magnitude = gradientBits & 0x7fffffffu;
  return ((magnitude >> 10u) << 11u) | ((edge * 2654435769u) >> 21u);
}
