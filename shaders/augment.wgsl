#include philox
// Where the numbers of a training image come from when it is moved by up to AUGMENT_SHIFT pixels and mirrored at random: a window of its own
// size cut out of the image padded with raw zeros, then, with AUGMENT_FLIP, mirrored in half of all cases.
struct Motion {
  down: i32,
  right: i32,
  mirrored: bool,
}

// `position` is the sample's in the epoch's order.
fn motionOf(position: u32) -> Motion {
  let words = philox(vec4u(position, step.step, augmentationStream, 0u), vec2u(step.seedLow, step.seedHigh));
  let places = 2u * AUGMENT_SHIFT + 1u;
  let offset = vec2i(words.xy % vec2u(places)) - i32(AUGMENT_SHIFT);
  return Motion(offset.x, offset.y, AUGMENT_FLIP && (words.z & 1u) == 1u);
}

// The place within the sample that number i of the moved image is read from, or −1 in the padding.
fn placeBefore(i: u32, motion: Motion) -> i32 {
#if CHANNELS_LAST
  let channel = i % IMAGE_CHANNELS;
  let position = i / IMAGE_CHANNELS;
#else
  let channel = i / (IMAGE_HEIGHT * IMAGE_WIDTH);
  let position = i % (IMAGE_HEIGHT * IMAGE_WIDTH);
#endif
  let column = position % IMAGE_WIDTH;
  let y = i32(position / IMAGE_WIDTH) + motion.down;
  let x = i32(select(column, IMAGE_WIDTH - 1u - column, motion.mirrored)) + motion.right;
  if (y < 0 || x < 0 || y >= i32(IMAGE_HEIGHT) || x >= i32(IMAGE_WIDTH)) {
    return -1;
  }
#if CHANNELS_LAST
  return (y * i32(IMAGE_WIDTH) + x) * i32(IMAGE_CHANNELS) + i32(channel);
#else
  return (i32(channel) * i32(IMAGE_HEIGHT) + y) * i32(IMAGE_WIDTH) + x;
#endif
}
