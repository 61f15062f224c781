// All sizes of a matrix product are constants of its module.
struct Sizes {
  m: u32,
  n: u32,
  kept: u32, // rows
}
const sizes = Sizes($(M)u, $(N)u, $(KEPT)u);
