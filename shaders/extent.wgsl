// What a lane has seen: extremes of the finite elements as orderOf makes them, the high below the low where there are none, and counts.
struct LaneExtent {
  low: i32,
  high: i32,
  zeros: u32,
  nan: u32,
  infinite: u32,
}

fn noExtent() -> LaneExtent {
  return LaneExtent(0x7fffffff, -0x7fffffff, 0u, 0u, 0u);
}
