// One number of the samples, decoded and, where SCALED, standardised by one mean and deviation or by the feature's own.
fn decoded(at: u32) -> f32 {
#if BYTES
  return f32((samples[at >> 2u] >> ((at & 3u) * 8u)) & 255u) / 255.0;
#else
  return samples[at];
#endif
}

fn standardised(value: f32, feature: u32, scalingWidth: u32) -> f32 {
#if SCALED
  let j = select(feature, 0u, scalingWidth == 1u);
  return (value - scaling[j]) * scaling[scalingWidth + j];
#else
  return value;
#endif
}

fn sampleValue(at: u32, feature: u32, scalingWidth: u32) -> f32 {
  return standardised(decoded(at), feature, scalingWidth);
}
