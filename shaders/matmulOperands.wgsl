// A [M, K] (TRANSPOSE_A: [K, M]) and B [K, N] (TRANSPOSE_B: [N, K]), read WIDTH_A and WIDTH_B numbers at a time along the dimension that lies together.
#if WIDTH_A == 4
@group(0) @binding(1) var<storage, read> a: array<vec4f, $(BATCH * M * K / 4)>;
#else
@group(0) @binding(1) var<storage, read> a: array<f32, $(BATCH * M * K)>;
#endif
#if WIDTH_B == 4
@group(0) @binding(2) var<storage, read> b: array<vec4f, $(BATCH * N * K / 4)>;
#else
@group(0) @binding(2) var<storage, read> b: array<f32, $(BATCH * N * K)>;
#endif
