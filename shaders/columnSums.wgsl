// The sums of the columns of several matrices [ROWS, columns], each into its own [columns], in the order of the rows: one dispatch for all
// of them. Each matrix has whole workgroups of its own: the first up to end0, the next up to end1, …
#each S SOURCES
@group(0) @binding($(1 + 2 * S)) var<storage, read> source$(S): array<f32>;
@group(0) @binding($(2 + 2 * S)) var<storage, read_write> result$(S): array<f32>;
#end
#each S SOURCES
fn sum$(S)(column: u32) {
  if (column >= COLUMNS$(S)) {
    return;
  }
  var sum = 0f;
  for (var row = 0u; row < ROWS; row += 1u) {
    sum += source$(S)[row * COLUMNS$(S) + column];
  }
  result$(S)[column] = sum;
}
#end

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  var first = 0u;
#each S SOURCES
  if (group.x >= first && group.x < first + GROUPS$(S)) {
    sum$(S)((group.x - first) * WORKGROUP + thread);
  }
  first += GROUPS$(S);
#end
}
