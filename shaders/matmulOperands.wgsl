// A [M, K] (TRANSPOSE_A: [K, M]) and B [K, N] (TRANSPOSE_B: [N, K]), read WIDTH_A and WIDTH_B numbers at a time along the dimension that lies together; in
// half precision where HALF is set. What is read of them becomes single at once: OfA(a[i]), OfB(b[i]).
#if HALF
alias Number = f16;
#else
alias Number = f32;
#endif
#if WIDTH_A == 4
alias OfA = vec4f;
@group(0) @binding(1) var<storage, read> a: array<vec4<Number> EXTENT_A>;
#else
alias OfA = f32;
@group(0) @binding(1) var<storage, read> a: array<Number EXTENT_A>;
#endif
#if WIDTH_B == 4
alias OfB = vec4f;
@group(0) @binding(2) var<storage, read> b: array<vec4<Number> EXTENT_B>;
#else
alias OfB = f32;
@group(0) @binding(2) var<storage, read> b: array<Number EXTENT_B>;
#endif
