// The end of a tile: its sums are stored, in product `batch` of C; where CLASSES is set, in the row that `placed` says.
#each I TM
#if QUAD
  let row$(I) = row + $(I / (4 * ROWS_A) * 4 * ROWS_A + I % ROWS_A)u + $(ROWS_A)u * (lane ^ $(I / ROWS_A % 4)u);
#else
  let row$(I) = row + $(I)u;
#endif
#if CLASSES > 1
  let place$(I) = placed(row$(I), gap);
#else
  let place$(I) = row$(I);
#endif
#if TN % 4
#each J TN
  store(batch, place$(I), column + $(J)u, s$(I)_$(J));
#end
#else
#each J TN / 4
  store4(batch, place$(I), column + $(4 * J)u, vec4f(s$(I)_$(4 * J), s$(I)_$(4 * J + 1), s$(I)_$(4 * J + 2), s$(I)_$(4 * J + 3)));
#end
#endif
#end
#if FINISH
  for (var i = 0u; i < $(TM)u; i++) {
#if QUAD
    let own = row + i / $(4 * ROWS_A)u * $(4 * ROWS_A)u + i % $(ROWS_A)u + $(ROWS_A)u * (lane ^ (i / $(ROWS_A)u % 4u));
#else
    let own = row + i;
#endif
#if CLASSES > 1
    let place = placed(own, gap);
#else
    let place = own;
#endif
    for (var j = 0u; j < $(TN)u; j += $(WIDTH_C)u) {
      finish(batch, place, column + j);
    }
  }
#endif
